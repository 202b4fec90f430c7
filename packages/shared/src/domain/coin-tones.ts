import { z } from 'zod';

/** The hourly tones of one UTC day, counted from 1970. */
const ToneDay = z.strictObject({
  day: z.number().int().nonnegative(),
  /** Sum of the tones, each −1..1. */
  sum: z.number().min(-24).max(24),
  hours: z.number().int().min(1).max(24),
});
export type ToneDay = z.infer<typeof ToneDay>;

/** Hourly tones of the last two weeks. */
export const CoinTones = z.strictObject({
  /** Oldest first. */
  days: z.array(ToneDay).max(14),
  /** Number of the UTC hour that counted last, counted from 1970. */
  hour: z.number().int().nonnegative(),
});
export type CoinTones = z.infer<typeof CoinTones>;
