import type { Job } from 'bullmq';
import { z } from 'zod';
import { MAX_DEAD_WORKERS } from './search-queue.ts';

/** How a trial ended. A FAILED one threw each time, or its workers died. */
export type TrialAnswer = { readonly kind: 'DONE'; readonly result: unknown } | TrialFailure;

interface TrialFailure {
  readonly kind: 'FAILED';
  readonly reason: string;
}

/** What a job returns: proof that the worker has stored the result of this trial. */
export const Stored = z.strictObject({ stored: z.string() });
export type Stored = z.infer<typeof Stored>;

/** BullMQ fails a job with this reason when its workers died too often. */
const STALLED = /stalled more than/;

/** How a job ended; undefined while it waits or runs. */
export function jobEndOf({ id, finishedOn, failedReason, returnvalue }: Job): 'STORED' | TrialFailure | undefined {
  if (finishedOn === undefined) return undefined;
  // A trial that threw once and then ended well keeps the reason of the first time.
  const end = Stored.safeParse(returnvalue);
  if (end.success && end.data.stored === id) return 'STORED';
  return { kind: 'FAILED', reason: readable(failedReason ?? 'The worker sent no result of this trial.') };
}

function readable(reason: string): string {
  if (!STALLED.test(reason)) return reason;
  return `More than ${MAX_DEAD_WORKERS} workers died or lost Redis while it ran. Look at their last lines: too little memory?`;
}
