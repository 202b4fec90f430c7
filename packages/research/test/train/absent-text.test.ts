import { FEATURE_NAMES } from '@helios/shared/domain/features.ts';
import { expect, test } from 'vitest';
import { absentText } from '../../src/train/report/absent-text.ts';

test('a training says how many features its model knows, and of what data', () => {
  const candles = FEATURE_NAMES.filter((name) => /imbalance|^spread|^depth|^trade_flow|^return_now/.test(name));
  const known = FEATURE_NAMES.length - candles.length;
  expect(absentText(candles).join()).toContain(
    `The model knows ${known} of ${FEATURE_NAMES.length} features (candles only): no row has queue_imbalance, imbalance_5, imbalance_10 …`,
  );
  const books = candles.filter((name) => !/^trade_flow|^return_now/.test(name));
  expect(absentText(books).join()).toContain('features (no books)');
  expect(absentText(['sentiment']).join()).toContain(
    `knows ${FEATURE_NAMES.length - 1} of ${FEATURE_NAMES.length} features: no row has sentiment.`,
  );
  expect(absentText([])).toEqual([]);
});
