import { expect, test } from 'vitest';
import { FEATURE_NAMES, FEATURE_SET, SEQUENCE } from './features.ts';
import { TrainingRow } from './training-row.ts';

const ROW = {
  ...{ id: 'en-1', symbol: 'BTCUSDT', side: 'LONG', ts: 1_000, end_ts: 2_000, feature_set: FEATURE_SET },
  features: FEATURE_NAMES.map((_, i) => (i % 2 === 0 ? null : i / 10)),
  sequence: Array.from({ length: SEQUENCE.rows }, () => SEQUENCE.columns.map(() => 0.5)),
  ...{ net_bp: -3, gross_bp: 5, cost_bp: 8, best_bp: 12, worst_bp: -4, exit_reason: 'TIME_EXIT' },
  ...{ reason: 'SPREAD', taken: false },
};

test('takes a row as it is, with and without klines', () => {
  expect(TrainingRow.parse(JSON.parse(JSON.stringify(ROW)))).toEqual(ROW);
  const { sequence, ...young } = ROW;
  expect(sequence).toHaveLength(SEQUENCE.rows);
  expect(TrainingRow.parse(young)).toEqual(young);
});

test.each([
  ['too few features', { ...ROW, features: ROW.features.slice(1) }],
  ['a feature that is no number', { ...ROW, features: ROW.features.with(0, 'x' as never) }],
  ['too few klines', { ...ROW, sequence: ROW.sequence.slice(1) }],
  ['a best move below 0', { ...ROW, best_bp: -1 }],
  ['an unknown end', { ...ROW, exit_reason: 'LUCK' }],
])('refuses %s', (_, row) => {
  expect(TrainingRow.safeParse(row).success).toBe(false);
});
