import { T0 } from '@helios/shared/testing/builders.ts';
import { describe, expect, test } from 'vitest';
import { loadTradingModel } from '../../src/model/load-trading-model.ts';
import type { TradingModel } from '../../src/model/trading-model.ts';
import { featuresOf, fileOf, lstmJson, MADE_NAMES, MADE_TREES, madeFolder, xgbJson } from './made-model.ts';

type Files = Parameters<typeof loadTradingModel>[0];

function loaded(files: Files): TradingModel {
  const load = loadTradingModel(files);
  if (load.kind !== 'LOADED') throw new Error(JSON.stringify(load));
  return load.model;
}

function refusal(files: Files): string {
  const load = loadTradingModel(files);
  return load.kind === 'REFUSED' ? `${load.code} ${load.message}` : load.kind;
}

const input = (queue_imbalance: number, spread_bp = 0.3, nowMs = T0) => ({
  ...{ symbol: 'BTCUSDT', nowMs, sequence: undefined },
  features: featuresOf({ queue_imbalance, spread_bp }),
});

const PLATT = { schema: 1, break_even: 0.6, probability: { kind: 'PLATT', a: -0.5, b: 0.25 } };
const withFile = (key: string, name: string, content: unknown): Files => {
  const file = fileOf(name, content);
  const [trees] = madeFolder();
  const files = {
    xgb_model: { name: 'xgb_model.json', sha256: trees?.sha256 ?? '' },
    [key]: { name, sha256: file.sha256 ?? '' },
  };
  return madeFolder({ files }, [file]);
};

describe('our model', () => {
  test('speaks with its probability', () => {
    const model = loaded(madeFolder());
    expect(model.name).toBe('made-1');
    expect(model.judge(input(0.4))).toMatchObject({ kind: 'SPEAKS', probability: expect.closeTo(0.8808, 4) });
    expect(model.judge(input(-0.4))).toMatchObject({ kind: 'SPEAKS', probability: expect.closeTo(0.1192, 4) });
  });

  test('is calibrated on its margin', () => {
    const model = loaded(withFile('calibration', 'calibration.json', PLATT));
    expect(model.breakEven).toBe(0.6);
    expect(model.judge(input(0.4))).toMatchObject({ probability: expect.closeTo(1 / (1 + Math.exp(-0.75)), 6) });
    const curve = { ...PLATT, probability: { kind: 'ISOTONIC', curve: { x: [-1, 1, 3], y: [0.2, 0.4, 0.8] } } };
    const isotonic = loaded(withFile('calibration', 'calibration.json', curve));
    expect(isotonic.judge(input(0.4))).toMatchObject({ probability: expect.closeTo(0.6, 6) });
    expect(isotonic.judge(input(-0.4))).toMatchObject({ probability: 0.2 });
  });

  test('abstains when it has expired, where it may not speak, and out of range', () => {
    const model = loaded(madeFolder({ speaks: { probability: ['ETHUSDT'], move: [], why: 'x' } }));
    expect(model.judge(input(0.4))).toMatchObject({ kind: 'ABSTAINS', reason: 'MAY_NOT_SPEAK' });
    const everywhere = loaded(madeFolder());
    expect(everywhere.judge(input(0.4, 0.3, T0 + 86_400_000))).toMatchObject({ reason: 'EXPIRED' });
    expect(everywhere.judge(input(7, 7))).toMatchObject({ reason: 'OUT_OF_RANGE' });
    expect(everywhere.outOfRange(input(7, 0.3).features)).toBe(1);
    expect(everywhere.judge(input(7, 0.3))).toMatchObject({ kind: 'SPEAKS' });
  });

  test('knows what its candidates earn, between the points of its curve', () => {
    const edge = { x: [0.2, 0.8], y: [-10, 20], low: [-30, 12] };
    const model = loaded(withFile('calibration', 'calibration.json', { ...PLATT, edge }));
    // The margin of 2 is a probability of 0.679.
    const share = (1 / (1 + Math.exp(-0.75)) - 0.2) / 0.6;
    expect(model.judge(input(0.4))).toMatchObject({
      edge: { meanBp: expect.closeTo(-10 + 30 * share, 4), lowerBp: expect.closeTo(-30 + 42 * share, 4) },
    });
    const bad = (change: object) =>
      refusal(withFile('calibration', 'calibration.json', { ...PLATT, edge: { ...edge, ...change } }));
    expect(bad({ x: [0.8, 0.2] })).toMatch(/^BAD_FILE calibration\.json: the probabilities of “edge” must ascend/);
    expect(bad({ low: [0, 12] })).toMatch(/^BAD_FILE .*low must not exceed y/);
    expect(bad({ low: [-30] })).toMatch(/^BAD_FILE .*x, y and low must have one length/);
  });

  test('expects a move by its own model', () => {
    const trees = fileOf('xgb_model.json', xgbJson(MADE_TREES, MADE_NAMES));
    const move = fileOf('move_model.json', xgbJson(MADE_TREES, MADE_NAMES, { objective: 'reg:squarederror' }));
    const calibration = fileOf('calibration.json', { ...PLATT, move: { x: [-2, 2], y: [10, 50] } });
    const of = ({ name, sha256 = '' }: typeof trees) => ({ name, sha256 });
    const files = { xgb_model: of(trees), move_model: of(move), calibration: of(calibration) };
    const speaks = { probability: [], move: 'ALL' as const, why: 'x' };
    const model = loaded(madeFolder({ files, speaks }, [move, calibration]));
    // The base score of 0.5 lies above the last point of the curve.
    expect(model.judge(input(0.4))).toEqual({ kind: 'ABSTAINS', reason: 'MAY_NOT_SPEAK', expectedMoveBp: 50 });
    expect(refusal(madeFolder({ files }, [move, fileOf('calibration.json', PLATT)]))).toMatch(/^HASH_DIFFERS/);
    const { calibration: _, ...without } = files;
    expect(refusal(madeFolder({ files: without }, [move]))).toMatch(/^FILE_MISSING .*curve “move”/);
  });

  test('reads its LSTM', () => {
    const names = [...MADE_NAMES, 'lstm'];
    const trees = fileOf(
      'xgb_model.json',
      xgbJson([{ column: 2, threshold: 0.5, left: { leaf: -1 }, right: { leaf: 1 } }], names),
    );
    const lstm = fileOf('lstm.json', lstmJson());
    const files = {
      xgb_model: { name: trees.name, sha256: trees.sha256 ?? '' },
      lstm: { name: lstm.name, sha256: lstm.sha256 ?? '' },
    };
    const folder = madeFolder({ files, feature_names: names }).map((file) => (file.name === trees.name ? trees : file));
    const model = loaded([...folder, lstm]);
    const sequence = Array.from({ length: 32 }, () => new Float64Array(5).fill(1));
    expect(model.judge({ ...input(0), sequence })).toMatchObject({ kind: 'SPEAKS', lstm: expect.any(Number) });
    expect(model.judge(input(0))).toMatchObject({ kind: 'SPEAKS', lstm: undefined });
    expect(refusal(folder)).toMatch(/^FILE_MISSING .*lstm\.json/);
  });
});

describe('a folder that is refused', () => {
  test.each<[string, Files, RegExp]>([
    ['another feature set', madeFolder({ feature_set: 'helios-0' }), /^OTHER_FEATURES .*“helios-0”.*npm run train/],
    [
      'an unknown feature',
      madeFolder({ feature_names: ['spread_bp', 'moon_phase'], inputs: [] }),
      /moon_phase|not those of the model/,
    ],
    ['another order', madeFolder({ feature_names: [...MADE_NAMES].reverse() }), /^OTHER_FEATURES .*in its order/],
    ['too few features', madeFolder({ feature_names: ['spread_bp'], inputs: [] }), /^OTHER_FEATURES/],
    [
      'a changed file',
      madeFolder().map((file) => (file.name === 'xgb_model.json' ? fileOf(file.name, '{}') : file)),
      /^HASH_DIFFERS/,
    ],
    ['a missing file', madeFolder().slice(1), /^FILE_MISSING .*xgb_model\.json/],
    ['a truncated manifest', [fileOf('manifest.json', '{"schema":1,')], /^BAD_FILE manifest\.json is no complete JSON/],
    ['another manifest', [fileOf('manifest.json', { schema: 2 })], /^BAD_MANIFEST manifest\.json: schema/],
    [
      'a huge file',
      [{ name: 'xgb_model.json', size: 2 ** 31, sha256: undefined, text: undefined }],
      /^FILE_TOO_LARGE .*2048 MB; at most 32 MB/,
    ],
    [
      'a damaged range',
      madeFolder({ inputs: [{ name: 'spread_bp', min: 1, max: 0, edges: [], shares: [1], missing: 0, psi_limit: 1 }] }),
      /^BAD_MANIFEST .*spread_bp/,
    ],
    [
      'a damaged calibration',
      withFile('calibration', 'calibration.json', { schema: 1 }),
      /^BAD_FILE calibration\.json/,
    ],
    [
      'a falling curve',
      withFile('calibration', 'calibration.json', {
        ...PLATT,
        probability: { kind: 'ISOTONIC', curve: { x: [0, 1], y: [0.5, 0.4] } },
      }),
      /^BAD_FILE .*ascend/,
    ],
    [
      'a constant calibration',
      withFile('calibration', 'calibration.json', { ...PLATT, probability: { kind: 'PLATT', a: 0, b: 1 } }),
      /^CONSTANT_OUTPUT/,
    ],
    ['an LSTM that nobody reads', withFile('lstm', 'lstm.json', lstmJson()), /^FILE_MISSING .*does not read/],
  ])('%s', (_, files, message) => expect(refusal(files)).toMatch(message));
});

describe('a user’s own model', () => {
  const own = (trees = MADE_TREES, names: readonly string[] = MADE_NAMES, options = {}) =>
    fileOf('xgb_model.json', xgbJson(trees, names, options));
  const scaler = (change: object = {}) =>
    fileOf('scaler.json', { mean_: [0, 10], scale_: [1, 5], feature_names_in_: MADE_NAMES, var_: [1, 25], ...change });

  test('works without a manifest, and never expires', () => {
    const model = loaded([own()]);
    expect(model.name).toMatch(/^own-[0-9a-f]{8}$/);
    expect(model.judge(input(0.4, 900, T0 + 1e12))).toMatchObject({
      kind: 'SPEAKS',
      probability: expect.closeTo(0.8808, 4),
    });
  });

  test('is scaled by its StandardScaler, by name or by order', () => {
    for (const each of [
      scaler(),
      scaler({ feature_names_in_: null }),
      scaler({ mean_: [10, 0], scale_: [5, 1], feature_names_in_: [...MADE_NAMES].reverse() }),
    ]) {
      const model = loaded([own(), each]);
      expect(model.judge(input(11))).toMatchObject({ probability: expect.closeTo(0.8808, 4) });
      expect(model.judge(input(9))).toMatchObject({ probability: expect.closeTo(0.1192, 4) });
    }
    expect(loaded([own(), scaler({ mean_: null })]).judge(input(0.1))).toMatchObject({
      probability: expect.closeTo(0.8808, 4),
    });
  });

  test.each<[string, Files, RegExp]>([
    ['unknown names', [own(MADE_TREES, ['rsi', 'macd'])], /^OTHER_FEATURES .*: rsi, macd\. docs\/model\.md/],
    [
      'no names',
      [own(MADE_TREES, MADE_NAMES, {}), scaler()].map((file) =>
        file.name === 'xgb_model.json'
          ? fileOf(file.name, (file.text ?? '').replace(/"feature_names":\[[^\]]*\]/, '"feature_names":[]'))
          : file,
      ),
      /^OTHER_FEATURES .*does not name its features/,
    ],
    ['a name twice', [own(MADE_TREES, ['spread_bp', 'spread_bp'])], /twice/],
    ['an LSTM without a manifest', [own(MADE_TREES, ['spread_bp', 'lstm'])], /^FILE_MISSING/],
    [
      'a regression',
      [own(MADE_TREES, MADE_NAMES, { objective: 'reg:squarederror' })],
      /^NOT_A_PROBABILITY .*binary:logistic/,
    ],
    ['a constant model', [own([{ leaf: 0.3 }])], /^CONSTANT_OUTPUT/],
    ['a scaler of other features', [own(), scaler({ feature_names_in_: ['a', 'b'] })], /^OTHER_FEATURES scaler\.json/],
    [
      'a short scaler',
      [own(), scaler({ mean_: [1], feature_names_in_: null })],
      /^OTHER_FEATURES scaler\.json: mean_ has 1/,
    ],
    ['a scale of 0', [own(), scaler({ scale_: [0, 1] })], /^BAD_FILE scaler\.json: scale_ of spread_bp is 0/],
    [
      'a negative scale',
      [own(), scaler({ scale_: [1, -5] })],
      /^BAD_FILE scaler\.json: scale_ of queue_imbalance is -5/,
    ],
    [
      'a scaler of another name',
      [own(), { ...scaler(), name: 'StandardScaler.json' }],
      /^FILE_MISSING StandardScaler\.json is not read.*Rename it to scaler\.json/,
    ],
    ['a scaler that is none', [own(), fileOf('scaler.json', '[]')], /^BAD_FILE scaler\.json/],
  ])('is refused with %s', (_, files, message) => expect(refusal(files)).toMatch(message));

  const binary = (name: string) => ({ name, size: 10, sha256: undefined, text: undefined });
  test('a pickle is refused with the Python that converts it', () => {
    expect(refusal([binary('model.pkl')])).toMatch(
      /^PICKLE model\.pkl[\s\S]*joblib\.load\("model\.pkl"\)[\s\S]*save_model\("xgb_model\.json"\)/,
    );
    expect(refusal([own(), binary('scaler.joblib')])).toMatch(
      /^PICKLE scaler\.joblib[\s\S]*json\.dump\(lists, open\("scaler\.json", "w"\)\)/,
    );
    expect(refusal([binary('model.ubj')])).toMatch(/^PICKLE model\.ubj[\s\S]*save_model/);
    expect(loadTradingModel([own(), scaler(), binary('scaler.pkl'), binary('old.pkl')]).kind).toBe('LOADED');
  });

  test('an empty folder has no model', () => {
    expect(loadTradingModel([])).toEqual({ kind: 'NONE' });
    expect(loadTradingModel([fileOf('card.json', {})])).toEqual({ kind: 'NONE' });
  });
});
