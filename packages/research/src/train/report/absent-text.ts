import { FEATURE_NAMES } from '@helios/shared/domain/features.ts';

/** Share of features outside the range of training above which the model abstains. */
export const MAX_OUT_OF_RANGE = 0.1;

/** Says where a model will not speak, because its rows lacked features that other markets have; empty if it will. */
export function absentText(absent: readonly string[]): string[] {
  if (absent.length <= MAX_OUT_OF_RANGE * FEATURE_NAMES.length) return [];
  return [
    `The rows lack ${absent.length} of ${FEATURE_NAMES.length} features, among them ${absent.slice(0, 3).join(', ')}. On a market that has them the model abstains (OUT_OF_RANGE): candles have no books, a fleet has. To use a model there, train on rows of your fleet (--ledger).`,
  ];
}
