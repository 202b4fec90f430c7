import { type Backoff, backoffMs } from '@helios/shared/runtime/backoff.ts';
import type { KlineKeeper } from './kline-keeper.ts';
import { CLOSE_GRACE_MS } from './kline-schedule.ts';
import type { PollJob } from './poll-loop.ts';
import type { ClockReading } from './venue-clock.ts';
import type { RegisteredSymbol } from './watchlist-registry.ts';

const MINUTE_MS = 60_000;
/** Delay after the grace period of a kline: the clock of the venue is known only to half a round trip. */
const KLINE_DELAY_MS = 500;
/** Interval between the requests of two symbols. */
const KLINE_STAGGER_MS = 30;
/** Delay after a round without an answer. */
const RETRY: Backoff = { baseMs: 2_000, maxMs: 60_000 };
/** Interval of requests for a symbol that the venue refuses. */
export const REFUSED_MS = 60_000;
/** Share of the budget that klines leave to books. */
const KEPT_FOR_BOOKS = 0.1;

export interface KlineJobsOptions<S extends RegisteredSymbol> {
  readonly klines: Pick<KlineKeeper, 'dueTs'>;
  readonly clockReading: () => ClockReading;
  readonly keepKlines: (symbol: S) => Promise<void>;
}

/** Jobs that request the klines of each symbol right after they close; books go first if the budget is short. */
export function klineJobs<S extends RegisteredSymbol>(
  symbols: readonly S[],
  { klines, clockReading, keepKlines }: KlineJobsOptions<S>,
): readonly PollJob[] {
  return symbols.map((symbol, i) => {
    const delayMs = KLINE_DELAY_MS + i * KLINE_STAGGER_MS;
    /** Consecutive rounds without an answer. */
    let failures = 0;

    function dueAfter(begunTs: number | undefined): number {
      const { now, venueNow } = clockReading();
      const ours = (venueTs: number): number => now + venueTs + delayMs - venueNow;
      if (begunTs === undefined) return ours(nextMinute(venueNow - CLOSE_GRACE_MS - delayMs) + CLOSE_GRACE_MS);
      if (symbol.isRefused) return begunTs + REFUSED_MS;
      const dueTs = klines.dueTs(symbol.symbol);
      failures = dueTs === undefined || dueTs <= venueNow ? failures + 1 : 0;
      if (failures > 0) return begunTs + backoffMs(RETRY, failures - 1);
      return ours(dueTs ?? venueNow);
    }

    return {
      name: `candles ${symbol.symbol}`,
      urgency: 2,
      weight: 2,
      keepFree: KEPT_FOR_BOOKS,
      dueAfter,
      run: () => keepKlines(symbol),
    };
  });
}

function nextMinute(ts: number): number {
  return Math.ceil((ts + 1) / MINUTE_MS) * MINUTE_MS;
}
