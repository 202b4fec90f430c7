import type { ModelManifest } from '@helios/shared/domain/model-manifest.ts';
import { defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { describe, expect, test } from 'vitest';
import { loadTradingModel } from '../../src/model/load-trading-model.ts';
import type { TradingModel } from '../../src/model/trading-model.ts';
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
  // Costs of a round trip: 8 bp of fees, 10 of spread, 1 of slippage.
  test('passes where the lower bound of the model covers the costs, and the signal says so', () => {
    const { signal } = played(enforce, modelOf(30));
    expect(gateOf('EDGE_VS_COST', signal)).toMatchObject({
      ...{ outcome: 'PASSED', value: expect.closeTo(20 / 18.995, 2), limit: 1 },
      note: expect.stringMatching(/^model made-1: 30 bp, at least 20 bp, cost 1[89]\.\d+ bp$/),
    });
    expect(signal?.reason).toMatch(/; expected model made-1: 30 bp, at least 20 bp, cost /);
  });

  test('refuses where the mean covers the costs, but the lower bound does not', () => {
    const { signal, refusal } = played(enforce, modelOf(28));
    expect(signal).toBeUndefined();
    expect(refusal).toMatchObject({
      refused_by: 'EDGE_VS_COST',
      reason: expect.stringMatching(
        /refused by EDGE_VS_COST: 0\.94\d+ × cost .*\(model made-1: 28 bp, at least 18 bp, /,
      ),
    });
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
