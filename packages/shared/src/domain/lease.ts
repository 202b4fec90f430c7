import { z } from 'zod';
import { EpochMs } from './primitives.ts';

/** An exclusive right that ends by itself unless its holder renews it. */
export const Lease = z.strictObject({
  holder: z.string().min(1),
  /** Greater than that of every earlier holder. */
  token: z.number().int().positive(),
  /** The server's time. */
  expires_ts: EpochMs,
});
export type Lease = z.infer<typeof Lease>;
