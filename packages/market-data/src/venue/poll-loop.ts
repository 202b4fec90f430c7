import type { RateGovernor } from '@helios/binance/rest/rate-governor.ts';

/** One repeated request. Rounds of one job never overlap. */
export interface PollJob {
  /** Unique, e.g. `book BTCUSDT`. */
  readonly name: string;
  /** Smaller runs first if the budget is too small for all due jobs. */
  readonly urgency: number;
  readonly weight: number;
  /** Share of the budget reserved for more urgent jobs, 0..1. */
  readonly keepFree: number;
  /** Next due time, epoch ms, from the start of the last round; first called with undefined. */
  readonly dueAfter: (begunTs: number | undefined) => number;
  /** Rejects only on a bug of ours. */
  readonly run: () => Promise<void>;
}

export interface PollLoopOptions {
  readonly governor: RateGovernor;
  /** Epoch ms. */
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
}

/** Maximum parallel requests. */
const AT_ONCE = 8;
/** Maximum sleep: jobs and budgets may change meanwhile. */
const MAX_WAIT_MS = 25;

/** A clock that goes back further than this was set. */
const SET_BACK_MS = 1_000;

interface Scheduled {
  job: PollJob;
  dueTs: number;
  isRunning: boolean;
}

/** Runs due jobs within the budget. */
export class PollLoop {
  readonly #options: PollLoopOptions;
  #scheduled = new Map<string, Scheduled>();
  #seenTs = Number.NEGATIVE_INFINITY;
  readonly #running = new Set<Promise<void>>();
  /** The current sleep, shared by all rounds within it. */
  #sleep: Promise<void> | undefined;

  constructor(options: PollLoopOptions) {
    this.#options = options;
  }

  /** Replaces the jobs; a job with a known name keeps its schedule. */
  setJobs(jobs: readonly PollJob[]): void {
    const before = this.#scheduled;
    this.#scheduled = new Map();
    for (const job of jobs) {
      const scheduled = before.get(job.name) ?? { job, dueTs: job.dueAfter(undefined), isRunning: false };
      scheduled.job = job;
      this.#scheduled.set(job.name, scheduled);
    }
  }

  /** Makes every job due, as at the start. */
  restart(): void {
    for (const scheduled of this.#scheduled.values()) scheduled.dueTs = scheduled.job.dueAfter(undefined);
  }

  /** Resolves once `isOver` returns true and running jobs have ended. */
  async run(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const next = this.#running.size < AT_ONCE ? this.#next() : undefined;
      if (next !== undefined) this.#start(next);
      else await Promise.race([this.#asleep(), ...this.#running]);
    }
    await Promise.all(this.#running);
  }

  /** The most urgent due job that the budget allows; among equals the one that has waited longest. */
  #next(): Scheduled | undefined {
    const { governor } = this.#options;
    const now = this.#options.now();
    // The clock of the machine was set back: without a restart, due jobs would wait for the old time to return.
    if (now < this.#seenTs - SET_BACK_MS) this.restart();
    this.#seenTs = now;
    let best: Scheduled | undefined;
    for (const candidate of this.#scheduled.values()) {
      if (candidate.isRunning || candidate.dueTs > now) continue;
      if (best !== undefined && !goesBefore(candidate, best)) continue;
      const { weight, keepFree } = candidate.job;
      if (governor.waitMs(weight, Math.floor(governor.budget * keepFree)) === 0) best = candidate;
    }
    return best;
  }

  #start(scheduled: Scheduled): void {
    const begunTs = this.#options.now();
    scheduled.isRunning = true;
    const round = scheduled.job.run().finally(() => {
      scheduled.isRunning = false;
      scheduled.dueTs = Math.max(scheduled.job.dueAfter(begunTs), this.#options.now());
      this.#running.delete(round);
    });
    this.#running.add(round);
  }

  #asleep(): Promise<void> {
    this.#sleep ??= this.#options.wait(this.#idleMs()).finally(() => {
      this.#sleep = undefined;
    });
    return this.#sleep;
  }

  #idleMs(): number {
    const now = this.#options.now();
    let idleMs = MAX_WAIT_MS;
    for (const { dueTs, isRunning } of this.#scheduled.values()) {
      if (!isRunning && dueTs > now) idleMs = Math.min(idleMs, dueTs - now);
    }
    return Math.max(1, idleMs);
  }
}

function goesBefore(one: Scheduled, other: Scheduled): boolean {
  if (one.job.urgency !== other.job.urgency) return one.job.urgency < other.job.urgency;
  return one.dueTs < other.dueTs;
}
