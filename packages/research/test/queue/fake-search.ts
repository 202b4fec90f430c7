import { createHash } from 'node:crypto';
import { timesFor } from '../../src/queue/queue-options.ts';

/** A worker that is silent for this long has lost its trial, ms. */
export const LOCK_MS = 1_000;

/** A beat may be late on a busy machine. */
export const TIMES = { ...timesFor(LOCK_MS), goneMs: 5_000, noWorkerMs: 300 };

/** A made-up search: no backtest, no file. */
export const NEEDS = { code: 'code-of-this-test', files: [] };

/** A made-up trial: it takes `ms`, and throws each time if `isPoison`. */
export interface FakeTrial {
  readonly id: string;
  readonly ms: number;
  readonly isPoison: boolean;
}

export function fakeTrials(count: number, ms: number, poison: readonly number[] = []): readonly FakeTrial[] {
  return Array.from({ length: count }, (_, index) => ({ id: `trial-${index}`, ms, isPoison: poison.includes(index) }));
}

/** What a fake trial gives, on every machine. */
export function fakeResultOf({ id }: Pick<FakeTrial, 'id'>): { readonly id: string; readonly value: string } {
  return { id, value: createHash('sha256').update(id).digest('hex') };
}
