import { T0 } from '@helios/shared/testing/builders.ts';
import { describe, expect, test } from 'vitest';
import { knowledgeOf } from '../../src/model/known-inputs.ts';
import { loadTradingModel } from '../../src/model/load-trading-model.ts';
import { ModelInUse } from '../../src/model/model-in-use.ts';
import { featuresOf, fileOf, madeFolder, xgbJson } from './made-model.ts';

const NAMES = ['spread_bp', 'return_60m', 'volatility_60m'];
const known = {
  min: -1,
  max: 1,
  edges: [-0.5, 0, 0.5],
  shares: [0.25, 0.25, 0.25, 0.25],
  missing: 0.01,
  psi_limit: 0.2,
};
/** As `npm run train` writes it where no row has the feature. */
const absent = { min: 0, max: 0, edges: [], shares: [1], missing: 1, psi_limit: 0.25 };

/** A model of candles: no row had a spread. Its trees would read one, and go the other way. */
function candleModel(): ModelInUse {
  const ofReturn = { column: 1, threshold: 0, left: { leaf: -2 }, right: { leaf: 2 } };
  const trees = [{ column: 0, threshold: 0, missingLeft: true, left: ofReturn, right: { leaf: -3 } }];
  const xgb = fileOf('xgb_model.json', xgbJson(trees, NAMES));
  const inputs = NAMES.map((name) => ({ name, ...(name === 'spread_bp' ? absent : known) }));
  const [, ...folder] = madeFolder({
    ...{ inputs, feature_names: NAMES, max_out_of_range: 0.1, drift: { decisions: 50, max_share: 0.2 } },
    files: { xgb_model: { name: xgb.name, sha256: xgb.sha256 ?? '' } },
    expires_ts: T0 + 365 * 86_400_000,
  });
  const load = loadTradingModel([xgb, ...folder]);
  if (load.kind !== 'LOADED') throw new Error(JSON.stringify(load));
  return new ModelInUse(load.model);
}

/** Features of the minute `n`, evenly spread over their bins. */
const minute = (n: number, more: Readonly<Record<string, number>> = {}) => ({
  ...{ symbol: 'BTCUSDT', nowMs: T0 + n * 60_000, sequence: undefined },
  features: featuresOf({ return_60m: ((n % 4) - 1.5) / 2, volatility_60m: (((n + 1) % 4) - 1.5) / 2, ...more }),
});

describe('a model of candles on a market with books', () => {
  test('speaks, and says what it says without the books', () => {
    const [onCandles, onBooks] = [candleModel(), candleModel()];
    for (let n = 0; n < 300; n += 1) {
      const verdict = onBooks.judge(minute(n, { spread_bp: 0.5 }));
      expect(verdict).toMatchObject({ kind: 'SPEAKS' });
      expect(verdict).toEqual(onCandles.judge(minute(n)));
    }
    expect(onBooks.state()).toMatchObject({ spoke: 300, outOfRange: 0, window: 50, isDrifted: false, drifted: [] });
  });

  test('still abstains where what it knows is strange or has drifted', () => {
    const model = candleModel();
    expect(model.judge(minute(0, { return_60m: 9 }))).toMatchObject({ kind: 'ABSTAINS', reason: 'OUT_OF_RANGE' });
    let last = model.judge(minute(1));
    for (let n = 2; n < 300; n += 1) last = model.judge(minute(n, { spread_bp: 0.5, return_60m: 0.9 }));
    expect(last).toMatchObject({ kind: 'ABSTAINS', reason: 'DRIFTED' });
    expect(model.state().drifted.map(({ name }) => name)).toEqual(['return_60m']);
  });

  test('says how much it knows', () => {
    expect(knowledgeOf(candleModel().model.manifest?.inputs ?? [])).toBe('knows 2 of 3 features (no books)');
    expect(knowledgeOf([])).toBeUndefined();
  });
});
