import type { RedisAddress } from '@helios/shared/runtime/redis/connection.ts';

/** Times of a queue of trials, in milliseconds. Tests shorten them. */
export interface QueueTimes {
  /** A trial whose worker is silent for this long goes to another worker. */
  readonly lockMs: number;
  /** Time between two beats of a coordinator or worker. */
  readonly beatMs: number;
  /** A process without a beat for this long counts as gone. */
  readonly goneMs: number;
  /** A coordinator without a worker says so after this long. */
  readonly noWorkerMs: number;
}

export const USUAL_TIMES: QueueTimes = { lockMs: 30_000, beatMs: 2_000, goneMs: 15_000, noWorkerMs: 10_000 };

/** Times for another lock: everything else becomes faster with it. */
export function timesFor(lockMs: number): QueueTimes {
  const { beatMs, goneMs, noWorkerMs } = USUAL_TIMES;
  const share = Math.min(1, lockMs / USUAL_TIMES.lockMs);
  return { lockMs, beatMs: Math.max(100, beatMs * share), goneMs: Math.max(1_000, goneMs * share), noWorkerMs };
}

/** A data file, known by its content: its place differs from machine to machine. */
export interface NeededFile {
  readonly name: string;
  readonly bytes: number;
  /** SHA-256 of the content, hex. */
  readonly sha256: string;
}

/** What a worker must have to carry out the trials of a search. */
export interface SearchNeeds {
  /** Hash of the code, as in the ids of the trials. */
  readonly code: string;
  readonly files: readonly NeededFile[];
}

/** This process, as the others see it. */
export interface ProcessPlace {
  readonly address: RedisAddress;
  readonly times: QueueTimes;
  /** Unique among all processes. */
  readonly id: string;
  readonly host: string;
  readonly pid: number;
}
