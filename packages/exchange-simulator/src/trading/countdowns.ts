import type { MatchingEngine } from './matching-engine.ts';
import type { Scheduled } from './timers.ts';

/** Cancels the orders of an account and a contract at its time. */
export interface Countdown {
  readonly accountId: string;
  readonly symbol: string;
  readonly dueTs: number;
}

/** Cancels an account's orders of a contract if it does not renew its countdown. Conditional orders stay. */
export class Countdowns implements Scheduled {
  readonly #engine: MatchingEngine;
  readonly #running = new Map<string, Countdown>();

  constructor(engine: MatchingEngine) {
    this.#engine = engine;
  }

  /** Starts or replaces a countdown. */
  start(countdown: Countdown): void {
    this.#running.set(`${countdown.accountId}|${countdown.symbol}`, countdown);
  }

  stop(accountId: string, symbol: string): void {
    this.#running.delete(`${accountId}|${symbol}`);
  }

  /** The countdowns that run, by account and contract. */
  running(): ReadonlyMap<string, Countdown> {
    return this.#running;
  }

  dueTs(): number | undefined {
    let first: number | undefined;
    for (const { dueTs } of this.#running.values()) first = Math.min(first ?? dueTs, dueTs);
    return first;
  }

  run(ts: number): void {
    for (const { accountId, symbol, dueTs } of [...this.#running.values()]) {
      if (dueTs > ts) continue;
      this.stop(accountId, symbol);
      this.#engine.cancel(...this.#engine.open.ofAccount(accountId, symbol));
    }
  }
}
