import type { ModelManifest } from '@helios/shared/domain/model-manifest.ts';
import { defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { describe, expect, test } from 'vitest';
import { takerFill } from '../../src/execution/taker-fill.ts';
import { loadTradingModel } from '../../src/model/load-trading-model.ts';
import type { TradingModel } from '../../src/model/trading-model.ts';
import { roundTripCostBp, roundTripFeesBp } from '../../src/strategy/round-trip-cost.ts';
import { profileOf } from '../../src/trading/profile.ts';
import { anEngine, persist, refusalsOf, signalsOf } from '../strategy-harness.ts';
import { fileOf, madeFolder } from './made-model.ts';

/** A model whose candidates earn `meanBp` before costs at a probability of 0.88, and −5 at 0.12. */
function modelOf(meanBp: number, change: Partial<ModelManifest> = {}, withEdge = true): TradingModel {
  const edge = { x: [0.12, 0.8807970779778823], y: [-5, meanBp], low: [-20, meanBp - 10] };
  const probability = { kind: 'PLATT', a: -1, b: 0 };
  const calibration = fileOf('calibration.json', {
    ...{ schema: 1, probability, break_even: 0.6 },
    ...(withEdge && { edge }),
  });
  const folder = madeFolder({ max_out_of_range: 1, ...change });
  const manifest = JSON.parse(folder.find(({ name }) => name === 'manifest.json')?.text ?? '');
  manifest.files.calibration = { name: calibration.name, sha256: calibration.sha256 };
  const load = loadTradingModel([
    ...folder.filter(({ name }) => name !== 'manifest.json'),
    ...[calibration, fileOf('manifest.json', manifest)],
  ]);
  if (load.kind !== 'LOADED') throw new Error(JSON.stringify(load));
  return load.model;
}

/** Outputs of a book that turns LONG, with a queue imbalance of +0.9, which the made model likes. */
function played(changed: Parameters<typeof defaultSettings>[0], model: TradingModel | undefined) {
  const engine = anEngine(defaultSettings(changed), 'SIMULATION', model);
  const outputs = persist(engine.book, -0.9, T0 + 250);
  const [signal] = signalsOf(outputs);
  const refusal = refusalsOf(outputs).find(({ refused_by }) => refused_by !== 'CONFIRMATION');
  return { signal, refusal };
}

const gateOf = (code: string, record: { gates?: readonly { gate: string }[] | undefined } | undefined) =>
  record?.gates?.find(({ gate }) => gate === code);

describe('EDGE_VS_COST with a model', () => {
  const enforce = { signals: { edge_gate: 'enforce' as const }, simulation: { position_size: 0.01 } };
  // Fees of a round trip: 8 bp. Its spread of 10 bp and slippage of 1 are paid in the results that the model learned.
  test('passes where the lower bound of the model covers the fees, and the signal says so', () => {
    const { signal } = played(enforce, modelOf(18.5));
    expect(gateOf('EDGE_VS_COST', signal)).toMatchObject({
      ...{ outcome: 'PASSED', value: expect.closeTo(8.5 / 8, 6), limit: 1 },
      note: 'model made-1: 18.5 bp, at least 8.5 bp, after spread and slippage, fees 8 bp',
    });
    expect(signal?.reason).toMatch(/; expected model made-1: 18\.5 bp, at least 8\.5 bp, after spread /);
  });

  test('refuses where the mean covers the fees, but the lower bound does not', () => {
    const { signal, refusal } = played(enforce, modelOf(17));
    expect(signal).toBeUndefined();
    expect(refusal).toMatchObject({
      refused_by: 'EDGE_VS_COST',
      reason: expect.stringMatching(/refused by EDGE_VS_COST: 0\.875 × cost .*\(model made-1: 17 bp, at least 7 bp, /),
    });
  });

  test.each([
    [0.5, 'PASSED'],
    [-0.5, 'REFUSED'],
  ])('counts the spread once: an order that keeps %f bp after all costs is %s', (keepsBp, outcome) => {
    const params = defaultSettings(enforce);
    const { fees } = params;
    // Bought at an ask of 100.05, sold at a bid later, both with slippage: the result that a row of training holds as gross.
    const market = { bid: 99.95, ask: 100.05, levels: undefined };
    const bought = takerFill({ action: 'BUY', quantity: 0.01, decidedPrice: market.ask }, undefined, fees.slippage_bp);
    const feesBp = 2 * 10_000 * fees.taker_fee;
    const soldAt = bought.price * (1 + (feesBp + keepsBp) / 10_000);
    const grossBp = (10_000 * (soldAt - bought.price)) / bought.price;
    // The move of the mid behind it pays fees, spread and slippage: more than the gross result, by what the prices have paid.
    const mid = soldAt / (1 - fees.slippage_bp / 10_000) + 0.05;
    const moveBp = (10_000 * (mid - 100)) / 100;
    const allBp = roundTripCostBp(params, profileOf('SIMULATION', params), 'LONG', market);
    expect(moveBp - allBp).toBeCloseTo(keepsBp, 1);
    expect(grossBp - roundTripFeesBp(params, profileOf('SIMULATION', params))).toBeCloseTo(keepsBp, 6);
    const { signal, refusal } = played(enforce, modelOf(grossBp + 10));
    expect(gateOf('EDGE_VS_COST', signal ?? refusal)).toMatchObject({ outcome });
  });

  test.each<[string, TradingModel | undefined]>([
    ['no model', undefined],
    ['files without a measured edge', modelOf(30, {}, false)],
    ['a model that has expired', modelOf(30, { expires_ts: T0 })],
    ['a model that may not speak here', modelOf(30, { speaks: { probability: [], move: 'ALL', why: 'x' } })],
  ])('%s: the measured moves judge', (_, model) => {
    expect(gateOf('EDGE_VS_COST', played(enforce, model).signal)).toMatchObject({
      outcome: 'NOT_WARM',
      note: expect.stringMatching(/^fewer than 30 past moves of IMBALANCE; cost /),
    });
  });
});

describe('the reason MODEL', () => {
  const only = { reasons: { enabled: ['MODEL'] } };

  test('opens a position where the probability reaches the break-even, with its own horizon', () => {
    const { signal } = played(only, modelOf(30));
    expect(signal).toMatchObject({ entry_reason: 'MODEL', horizon_min: 30 });
    expect(signal?.reason).toContain('MODEL: made-1 expects a net gain with probability 0.88, bids outweigh asks');
    expect(gateOf('REASON', signal)).toMatchObject({ outcome: 'PASSED', value: expect.closeTo(0.8808, 3), limit: 0.6 });
  });

  test('is absent below the threshold', () => {
    const strict = { ...only, signals: { ml_confidence_threshold: 0.9 } };
    expect(gateOf('REASON', played(strict, modelOf(30)).refusal)).toMatchObject({ outcome: 'REFUSED', limit: 0.9 });
  });

  test.each<[TradingModel | undefined, string]>([
    [undefined, 'MODEL: model: none'],
    [modelOf(30, { expires_ts: T0 }), 'MODEL: MODEL_ABSTAINS EXPIRED: made-1: it has expired; train it again'],
  ])('a model that abstains is no reason', (model, note) => {
    const { signal, refusal } = played(only, model);
    expect(signal).toBeUndefined();
    expect(refusal).toMatchObject({ refused_by: 'REASON' });
    expect(gateOf('REASON', refusal)).toMatchObject({ note });
  });

  test('gives way to the next reason of the list where it abstains', () => {
    const both = { reasons: { enabled: ['MODEL', 'IMBALANCE'] } };
    expect(played(both, undefined).signal).toMatchObject({ entry_reason: 'IMBALANCE' });
    expect(played(both, modelOf(30)).signal).toMatchObject({ entry_reason: 'MODEL' });
  });
});
