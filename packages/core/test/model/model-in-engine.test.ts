import { defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { expect, test } from 'vitest';
import { loadTradingModel } from '../../src/model/load-trading-model.ts';
import type { TradingModel } from '../../src/model/trading-model.ts';
import { anEngine, persist, refusalsOf, signalsOf } from '../strategy-harness.ts';
import { madeFolder } from './made-model.ts';

const settings = defaultSettings();

function made(change: Parameters<typeof madeFolder>[0] = {}): TradingModel {
  const load = loadTradingModel(madeFolder({ max_out_of_range: 1, ...change }));
  if (load.kind !== 'LOADED') throw new Error(JSON.stringify(load));
  return load.model;
}

/** Bids outweigh asks: LONG, with a queue imbalance of +0.9, which the made model likes. */
const long = (engine: ReturnType<typeof anEngine>) => signalsOf(persist(engine.book, -0.9, T0 + 250))[0];
const gateOf = (record: { gates?: readonly { gate: string }[] | undefined } | undefined) =>
  record?.gates?.find(({ gate }) => gate === 'ML_CONFIDENCE');

test('a decision carries the model’s probability and name', () => {
  const signal = long(anEngine(settings, 'SIMULATION', made()));
  expect(signal).toMatchObject({ model: 'made-1', confidence: expect.closeTo(0.880797, 5) });
  expect(gateOf(signal)).toEqual({
    ...{ gate: 'ML_CONFIDENCE', outcome: 'PASSED', note: 'model: made-1' },
    ...{ value: expect.closeTo(0.880797, 5), limit: 0.5 },
  });
});

test('a probability below the threshold refuses', () => {
  const strict = { ...settings, signals: { ...settings.signals, ml_confidence_threshold: 0.9 } };
  const { book } = anEngine(strict, 'SIMULATION', made());
  const outputs = persist(book, -0.9, T0 + 250);
  expect(signalsOf(outputs)).toEqual([]);
  const refusal = refusalsOf(outputs).find(({ refused_by }) => refused_by === 'ML_CONFIDENCE');
  expect(refusal).toMatchObject({ model: 'made-1', confidence: expect.closeTo(0.880797, 5) });
  expect(gateOf(refusal)).toMatchObject({ outcome: 'REFUSED', limit: 0.9 });
});

test.each<[string, Parameters<typeof madeFolder>[0]]>([
  ['EXPIRED', { expires_ts: T0 }],
  ['MAY_NOT_SPEAK', { speaks: { probability: ['ETHUSDT'], move: [], why: 'x' } }],
  [
    'OUT_OF_RANGE',
    {
      max_out_of_range: 0,
      inputs: [{ name: 'spread_bp', min: 1, max: 2, edges: [], shares: [1], missing: 0, psi_limit: 1 }],
    },
  ],
])('a model that abstains (%s) refuses nothing and says why', (reason, change) => {
  const signal = long(anEngine(settings, 'SIMULATION', made(change)));
  expect(signal).toMatchObject({ model: 'none' });
  expect(signal?.confidence).not.toBeCloseTo(0.880797, 3);
  expect(gateOf(signal)).toMatchObject({
    outcome: 'OFF',
    note: expect.stringMatching(`^MODEL_ABSTAINS ${reason}: made-1: `),
  });
});

test('without a model the decisions are the same as ever', () => {
  const signal = long(anEngine(settings));
  expect(signal).toMatchObject({ model: 'none' });
  expect(gateOf(signal)).toEqual({ gate: 'ML_CONFIDENCE', outcome: 'OFF', note: 'model: none' });
});

test('models change between two events', () => {
  const { engine, book } = anEngine(settings, 'SIMULATION', made());
  engine.useModel(made({ name: 'made-2' }));
  expect(signalsOf(persist(book, -0.9, T0 + 250))[0]).toMatchObject({ model: 'made-2' });
  expect(engine.modelState()).toMatchObject({ spoke: expect.any(Number) });
  engine.useModel(undefined);
  expect(engine.modelState()).toBeUndefined();
});

test('only triggers are judged', () => {
  const { engine, book } = anEngine(settings, 'SIMULATION', made());
  for (let ts = T0 + 250; ts < T0 + 60_000; ts += 250) book(0.1, ts);
  expect(engine.modelState()?.judged).toBe(0);
});

test('follow-ups of refused candidates are outcomes', () => {
  const strict = { ...settings, signals: { ...settings.signals, ml_confidence_threshold: 0.9 } };
  const { engine, book } = anEngine(strict, 'SIMULATION', made());
  persist(book, -0.9, T0 + 250);
  for (let ts = T0 + 4_000; ts < T0 + 3_600_000; ts += 5_000) book(0, ts, 100 - (ts - T0) / 1e6);
  expect(engine.modelState()?.outcomes.counted).toBeGreaterThan(0);
});
