import { z } from 'zod';
import { EpochMs, RunLabel } from './primitives.ts';

/**
 * Why the market is not recorded. DISK_FULL and UNWRITABLE: nothing is written. SLOW: the disk takes less than comes. SILENT: the
 * streams bring nothing.
 */
export const RecorderTrouble = z.strictObject({
  code: z.enum(['DISK_FULL', 'UNWRITABLE', 'SLOW', 'SILENT']),
  message: z.string(),
});
export type RecorderTrouble = z.infer<typeof RecorderTrouble>;

/** An ingestor's report on its recording of the market. */
export const RecordingStatus = z.strictObject({
  run: RunLabel,
  ts: EpochMs,
  /** Messages written, and left out, since the start. */
  lines: z.number().int(),
  dropped: z.number().int(),
  /** Absent while everything is recorded. */
  trouble: RecorderTrouble.optional(),
});
export type RecordingStatus = z.infer<typeof RecordingStatus>;
