import { T0 } from '@helios/shared/testing/builders.ts';
import { describe, expect, test } from 'vitest';
import { loadTradingModel } from '../../src/model/load-trading-model.ts';
import { ModelInUse } from '../../src/model/model-in-use.ts';
import { OutcomeWatch } from '../../src/model/outcome-watch.ts';
import { PopulationStability } from '../../src/model/population-stability.ts';
import { featuresOf, madeFolder } from './made-model.ts';

function inUse(change: Parameters<typeof madeFolder>[0] = {}): ModelInUse {
  const load = loadTradingModel(madeFolder(change));
  if (load.kind !== 'LOADED') throw new Error(JSON.stringify(load));
  return new ModelInUse(load.model);
}

/** Judges one decision a minute with these features. */
function judgeMany(model: ModelInUse, count: number, at: (index: number) => number, fromMs = T0) {
  let last = model.judge({ symbol: 'BTCUSDT', nowMs: fromMs, features: featuresOf({}), sequence: undefined });
  for (let index = 1; index <= count; index += 1) {
    const features = featuresOf({ queue_imbalance: at(index), spread_bp: at(index + 1) });
    last = model.judge({ symbol: 'BTCUSDT', nowMs: fromMs + index * 60_000, features, sequence: undefined });
  }
  return last;
}

/** −0.75, −0.25, 0.25, 0.75: one value in each bin. */
const even = (index: number) => ((index % 4) - 1.5) / 2;

describe('the stability index', () => {
  const input = {
    name: 'queue_imbalance',
    min: -1,
    max: 1,
    edges: [0],
    shares: [0.5, 0.5],
    missing: 0,
    psi_limit: 0.1,
  };

  test('is the sum of (now − then) × ln(now / then) over the bins', () => {
    const stability = new PopulationStability([input], 10);
    for (const value of [1, 1, 1, 1, 1, 1, 1, 1, -1, -1]) stability.add(featuresOf({ queue_imbalance: value }));
    expect(stability.indexes()[0]).toBeCloseTo(0.3 * Math.log(0.8 / 0.5) + -0.3 * Math.log(0.2 / 0.5), 10);
  });

  test('forgets what left the window, and counts missing values', () => {
    const stability = new PopulationStability([input], 4);
    for (const value of [Number.NaN, Number.NaN, 1, -1, 1, -1]) stability.add(featuresOf({ queue_imbalance: value }));
    expect(stability.indexes()[0]).toBeCloseTo(0, 10);
    for (let index = 0; index < 4; index += 1) stability.add(featuresOf({}));
    expect(stability.indexes()[0]).toBeGreaterThan(5);
  });
});

describe('drift', () => {
  test('the same distribution is no drift, another one silences the model, and its return ends that', () => {
    const model = inUse();
    expect(judgeMany(model, 200, even)).toMatchObject({ kind: 'SPEAKS' });
    expect(model.state()).toMatchObject({ isDrifted: false, drifted: [], window: 50, windowSize: 50 });
    const later = T0 + 300 * 60_000;
    expect(judgeMany(model, 60, () => 0.75, later)).toMatchObject({ kind: 'ABSTAINS', reason: 'DRIFTED' });
    expect(
      model
        .state()
        .drifted.map(({ name }) => name)
        .sort(),
    ).toEqual(['queue_imbalance', 'spread_bp']);
    expect(judgeMany(model, 100, even, T0 + 400 * 60_000)).toMatchObject({ kind: 'SPEAKS' });
  });

  test('decisions within a minute count once', () => {
    const model = inUse();
    const features = featuresOf({ queue_imbalance: 0.75, spread_bp: 0.75 });
    for (let ms = 0; ms < 59_999; ms += 100)
      model.judge({ symbol: 'A', nowMs: T0 + ms, features, sequence: undefined });
    expect(model.state()).toMatchObject({ judged: 600, spoke: 600, window: 1 });
  });

  test('takes decisions as far apart as the rows of training', () => {
    const drift = { decisions: 50, max_share: 0.5, apart_ms: 900_000 };
    const model = inUse({ drift });
    judgeMany(model, 150, even);
    expect(model.state()).toMatchObject({ judged: 151, window: 11 });
  });

  test('counts what it says and what it does not say', () => {
    const model = inUse({ expires_ts: T0 + 60_000 });
    judgeMany(model, 3, (index) => (index === 1 ? 5 : 0.2));
    expect(model.state()).toMatchObject({ judged: 4, spoke: 1, abstained: { EXPIRED: 3 }, outOfRange: 1 });
  });
});

describe('outcomes', () => {
  /** Non-overlapping outcomes of candidates that all had this probability. */
  function played(rate: number, probability: number, count: number): OutcomeWatch {
    const watch = new OutcomeWatch(0.4);
    for (let index = 0; index < count; index += 1) {
      const ts = T0 + index * 60_000;
      watch.predict(`${index}`, 'BTCUSDT', probability, ts);
      // A fixed pattern with that rate.
      watch.settle(`${index}`, Math.floor((index + 1) * rate) > Math.floor(index * rate), ts + 50_000);
    }
    return watch;
  }

  test('those that match raise no alarm', () => {
    expect(played(0.7, 0.7, 5_000).state()).toMatchObject({ counted: 5_000, isAlarm: false });
  });

  test('an edge that is gone is noticed within a day of half-hour candidates on one symbol', () => {
    expect(played(0.4, 0.7, 40).isAlarm).toBe(false);
    expect(played(0.4, 0.7, 48).isAlarm).toBe(true);
  });

  test('overlapping outcomes of one symbol count once, and unknown ones not at all', () => {
    const watch = new OutcomeWatch(0.4);
    for (const [index, symbol] of ['A', 'A', 'B'].entries()) watch.predict(`${index}`, symbol, 0.9, T0 + index);
    for (const id of ['0', '1', '2', 'x']) watch.settle(id, false, T0 + 60_000);
    expect(watch.state().counted).toBe(2);
  });

  test('an alarm silences the probability, and nothing watches without a base rate', () => {
    const model = inUse();
    for (let index = 0; index < 40; index += 1) {
      model.predict(`${index}`, 'BTCUSDT', 0.88, T0 + index * 60_000);
      model.settle(`${index}`, -5, T0 + index * 60_000 + 1_000);
    }
    expect(judgeMany(model, 1, () => 0.2)).toMatchObject({ kind: 'ABSTAINS', reason: 'OUTCOMES_DIFFER' });
    const unwatched = inUse({ drift: { decisions: 50, max_share: 0.5 } });
    for (let index = 0; index < 40; index += 1) {
      unwatched.predict(`${index}`, 'BTCUSDT', 0.88, T0 + index * 60_000);
      unwatched.settle(`${index}`, -5, T0 + index * 60_000 + 1_000);
    }
    expect(judgeMany(unwatched, 1, () => 0.2)).toMatchObject({ kind: 'SPEAKS' });
  });
});
