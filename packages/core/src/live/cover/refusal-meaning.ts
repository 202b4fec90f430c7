/**
 * What a refused stop means. PASSED: the price is already beyond the trigger. EXISTS: a stop with this id is open. TOO_FAR: the
 * venue's price band forbids the trigger price. NO_POSITION: the venue sees nothing to reduce. OTHER: anything else.
 */
type RefusalMeaning = 'PASSED' | 'EXISTS' | 'TOO_FAR' | 'NO_POSITION' | 'OTHER';

const MEANING: Readonly<Record<string, RefusalMeaning>> = {
  '-2021': 'PASSED',
  '-4116': 'EXISTS',
  '-4131': 'TOO_FAR',
  '-4016': 'TOO_FAR',
  '-4024': 'TOO_FAR',
  '-2022': 'NO_POSITION',
};

/** Meaning of the venue's error code for a stop that it did not place. */
export function refusalMeaning(code: string | undefined): RefusalMeaning {
  return MEANING[code ?? ''] ?? 'OTHER';
}
