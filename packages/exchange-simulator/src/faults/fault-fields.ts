import { z } from 'zod';

/**
 * The fault ends after `for_ms` ms; without it, it stays. A fault whose `label` stood in the list before goes on: its uses and
 * its time are not counted from the beginning.
 */
export const Lasting = {
  for_ms: z.number().int().positive().optional(),
  label: z.string().min(1).max(80).optional(),
};

export const SymbolName = z.string().min(1).max(40);

/** Whose orders, events or requests: by default those of every symbol and account. */
export const Whose = { symbol: SymbolName.optional(), account: z.string().min(1).max(80).optional() };

/** How often: at most `times`, and each time with the probability `rate`. `seed` (1) repeats the same choices. */
export const Often = {
  times: z.number().int().positive().optional(),
  rate: z.number().gt(0).max(1).optional(),
  seed: z.number().int().nonnegative().optional(),
  ...Lasting,
};
