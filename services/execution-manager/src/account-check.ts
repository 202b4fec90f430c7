import type { LiveVenue } from '@helios/binance/live/live-venue.ts';
import type { LiveTrading } from '@helios/core/live/live-trading.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import { judgeSelfTest, type SelfTest } from './self-test.ts';

const RUN_AGAIN_MS = 10 * 60_000;
const TRY_AGAIN_MS = 3_000;
/** A start waits this long for the first comparison with the venue before it judges. */
const FIRST_WAIT_MS = 10_000;

interface CheckOptions {
  readonly trading: Pick<LiveTrading, 'account' | 'status'>;
  readonly venue: Pick<LiveVenue, 'readModes' | 'clockOffsetMs'>;
  readonly isUserStreamOpen: () => boolean;
  readonly symbolsWithTerms: () => number;
  readonly now: () => number;
  readonly log: Logger;
}

/** Runs the self-test of the account: at the start, on Start, every ten minutes, and soon after it failed. */
export class AccountCheck {
  readonly #options: CheckOptions;
  #last: SelfTest | undefined;
  #dueTs = 0;
  readonly #startedTs: number;

  constructor(options: CheckOptions) {
    this.#options = options;
    this.#startedTs = options.now();
  }

  get result(): SelfTest | undefined {
    return this.#last;
  }

  /** Runs the test at the next look. */
  request(): void {
    this.#dueTs = 0;
  }

  /** Runs the test if it is due. */
  async look(): Promise<void> {
    const { trading, venue, isUserStreamOpen, symbolsWithTerms, now } = this.#options;
    if (now() < this.#dueTs || (this.#last === undefined && !this.#hasBegun())) return;
    this.#dueTs = now() + RUN_AGAIN_MS;
    const modes = await venue.readModes();
    const nowMs = now();
    const account = trading.account(nowMs);
    const test = judgeSelfTest({
      modes,
      availableBalance: account?.available_balance,
      otherAssets: account?.other_assets,
      clockOffsetMs: venue.clockOffsetMs,
      isUserStreamOpen: isUserStreamOpen(),
      isReconciled: trading.status(nowMs).reconciled_ts !== undefined,
      symbolsWithTerms: symbolsWithTerms(),
      nowMs,
    });
    if (!test.passed) this.#dueTs = Math.min(this.#dueTs, nowMs + TRY_AGAIN_MS);
    this.#report(test);
    this.#last = test;
  }

  /** True once the account is known, or after the time that this may take. */
  #hasBegun(): boolean {
    const { trading, symbolsWithTerms, now } = this.#options;
    if (now() - this.#startedTs > FIRST_WAIT_MS) return true;
    return trading.status(now()).reconciled_ts !== undefined && symbolsWithTerms() > 0;
  }

  #report(test: SelfTest): void {
    const { log } = this.#options;
    const failed = test.checks.filter(({ outcome }) => outcome === 'FAILED');
    if (test.passed && this.#last?.passed !== true) log.info({}, 'self-test of the account passed');
    if (!test.passed && this.#last?.passed !== false)
      log.warn({ failed }, 'self-test of the account failed, no entries');
  }
}
