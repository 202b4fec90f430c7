import type { RateGovernor } from '@helios/binance/rest/rate-governor.ts';

/** One thing that is asked for again and again. Rounds of one job never overlap. */
export interface PollJob {
  /** Unique, e.g. `book BTCUSDT`. */
  readonly name: string;
  /** Smaller goes first where the budget does not suffice for all that is due. */
  readonly urgency: number;
  readonly weight: number;
  /** Share of the budget that is left to more urgent jobs, 0..1. */
  readonly keepFree: number;
  /** When it is due again, epoch ms, given when the last round began; called with undefined at first. */
  readonly dueAfter: (begunTs: number | undefined) => number;
  /** Rejects on a fault of ours only. */
  readonly run: () => Promise<void>;
}

export interface PollLoopOptions {
  readonly governor: RateGovernor;
  /** Epoch ms. */
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
}

/** Requests under way at once. */
const AT_ONCE = 8;
/** The longest sleep: jobs and budgets may change meanwhile. */
const MAX_WAIT_MS = 25;

/** A clock that goes back by more was set. */
const SET_BACK_MS = 1_000;

interface Scheduled {
  job: PollJob;
  dueTs: number;
  isRunning: boolean;
}

/** Runs jobs when they are due, as far as the budget allows. */
export class PollLoop {
  readonly #options: PollLoopOptions;
  #scheduled = new Map<string, Scheduled>();
  #seenTs = Number.NEGATIVE_INFINITY;
  readonly #running = new Set<Promise<void>>();
  /** The sleep under way, shared by all rounds that fall into it. */
  #sleep: Promise<void> | undefined;

  constructor(options: PollLoopOptions) {
    this.#options = options;
  }

  /** Jobs from now on; one of a name that was there already keeps its time. */
  setJobs(jobs: readonly PollJob[]): void {
    const before = this.#scheduled;
    this.#scheduled = new Map();
    for (const job of jobs) {
      const scheduled = before.get(job.name) ?? { job, dueTs: job.dueAfter(undefined), isRunning: false };
      scheduled.job = job;
      this.#scheduled.set(job.name, scheduled);
    }
  }

  /** Everything is due anew, as at first. */
  restart(): void {
    for (const scheduled of this.#scheduled.values()) scheduled.dueTs = scheduled.job.dueAfter(undefined);
  }

  /** Resolves when `isOver` says so and what was under way has ended. */
  async run(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      const next = this.#running.size < AT_ONCE ? this.#next() : undefined;
      if (next !== undefined) this.#start(next);
      else await Promise.race([this.#asleep(), ...this.#running]);
    }
    await Promise.all(this.#running);
  }

  /** The most urgent job that is due and may go, the one that has waited longest first. */
  #next(): Scheduled | undefined {
    const { governor } = this.#options;
    const now = this.#options.now();
    // The machine's clock was set back: what is due by the old time would wait until it comes again.
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
