import { FEATURE_NAMES } from '@helios/shared/domain/features.ts';
import { expect, test } from 'vitest';
import { absentText } from '../../src/train/report/absent-text.ts';

test('a training says where its model will abstain, because its rows have no books', () => {
  const books = FEATURE_NAMES.filter((name) => /imbalance|^spread|^depth/.test(name));
  expect(absentText(books).join()).toMatch(
    new RegExp(`lack ${books.length} of ${FEATURE_NAMES.length} features, among them queue_imbalance, .*OUT_OF_RANGE`),
  );
  expect(absentText(['sentiment', 'sentiment_momentum'])).toEqual([]);
});
