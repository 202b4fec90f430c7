import { knowledgeText } from '@helios/core/model/known-inputs.ts';
import { FEATURE_NAMES } from '@helios/shared/domain/features.ts';

/** Share of the known features outside the range of training above which the model abstains. */
export const MAX_OUT_OF_RANGE = 0.1;

/** Says which features a model does not know, because no row had them; empty if it knows all. */
export function absentText(absent: readonly string[]): string[] {
  if (absent.length === 0) return [];
  const named = `${absent.slice(0, 3).join(', ')}${absent.length > 3 ? ' …' : ''}`;
  return [
    `The model ${knowledgeText(absent, FEATURE_NAMES.length)}: no row has ${named}. A market that has them hides them from the model, so it speaks there of what it learned.`,
  ];
}
