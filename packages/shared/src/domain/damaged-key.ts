import { z } from 'zod';
import { EpochMs } from './primitives.ts';

/** A key that was overwritten with another type, and where its content is now. */
export const DamagedKey = z.strictObject({
  key: z.string(),
  /** The name it was renamed to. */
  put_aside_as: z.string(),
  /** The Redis type that our entry has. */
  expected: z.string(),
  /** The process that found it. */
  found_by: z.string(),
  ts: EpochMs,
});
export type DamagedKey = z.infer<typeof DamagedKey>;
