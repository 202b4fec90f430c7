import type { Job } from 'bullmq';
import { z } from 'zod';
import { MAX_DEAD_WORKERS } from './search-queue.ts';

/** How a trial ended. A FAILED one threw each time, or its workers died. */
export type TrialAnswer =
  | { readonly kind: 'DONE'; readonly result: unknown }
  | { readonly kind: 'FAILED'; readonly reason: string };

/** What a worker returns: the result with the id of its trial. */
export const Answered = z.strictObject({ id: z.string(), result: z.unknown() });
export type Answered = z.infer<typeof Answered>;

/** BullMQ fails a job with this reason when its workers died too often. */
const STALLED = /stalled more than/;

/** The answer in a job; undefined while it waits or runs. */
export function answerOf({ id, finishedOn, failedReason, returnvalue }: Job): TrialAnswer | undefined {
  if (finishedOn === undefined) return undefined;
  // A trial that threw once and then ended well keeps the reason of the first time.
  const answered = Answered.safeParse(returnvalue);
  if (answered.success && answered.data.id === id) return { kind: 'DONE', result: answered.data.result };
  return { kind: 'FAILED', reason: readable(failedReason ?? 'The worker sent no result of this trial.') };
}

function readable(reason: string): string {
  if (!STALLED.test(reason)) return reason;
  return `More than ${MAX_DEAD_WORKERS} workers died or lost Redis while it ran. Look at their last lines: too little memory?`;
}
