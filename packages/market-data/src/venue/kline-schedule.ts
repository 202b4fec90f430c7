import { KLINE_INTERVAL_MS, type KlineInterval } from '@helios/shared/domain/market-data.ts';
import { backoffMs } from '@helios/shared/runtime/backoff.ts';

/** Minimum time after the end of a kline before it is requested and accepted: the venue needs a moment to close it. */
export const CLOSE_GRACE_MS = 1_000;

const MINUTE_MS = 60_000;
/** Delay before a missing kline is requested again; it doubles each time. */
const FIRST_RETRY_MS = 2_000;
const MAX_MINUTE_RETRY_MS = 60_000;
const MAX_RETRY_MS = 300_000;

/** Content of an answer for one kline list. */
export interface KlineAnswer {
  /** Open time of the newest closed kline; undefined if there is none. */
  readonly newestOpenTs: number | undefined;
  /** True if the answer contained a new closed kline. */
  readonly hasNews: boolean;
  /** Close time of the open kline; undefined if the answer had none. */
  readonly openClosesTs: number | undefined;
  /** The venue's time, epoch ms. */
  readonly venueNow: number;
}

interface Entry {
  readonly dueTs: number;
  /** Consecutive answers without news. */
  readonly misses: number;
}

/**
 * Decides when to request each kline list, by the venue's clock: when a kline closes. A new kline of a longer interval is
 * requested once more a minute later, because the venue may still revise it. Missing klines are requested at growing intervals.
 * Pure except for its memory.
 */
export class KlineSchedule {
  readonly #entries = new Map<string, Entry>();

  /** True if a list is due now: nothing is known of it, or its time has come. */
  isDue(symbol: string, interval: KlineInterval, venueNow: number): boolean {
    const entry = this.#entries.get(`${symbol}:${interval}`);
    if (entry === undefined) return true;
    // If the clock was set back: no list is due later than the close of its next kline.
    return entry.dueTs <= venueNow || entry.dueTs > venueNow + KLINE_INTERVAL_MS[interval] + 2 * CLOSE_GRACE_MS;
  }

  /** Time at which the first list of a symbol is due, epoch ms of the venue; undefined if one list was never answered. */
  dueTs(symbol: string, intervals: readonly KlineInterval[]): number | undefined {
    const due = intervals.map((interval) => this.#entries.get(`${symbol}:${interval}`)?.dueTs);
    return due.reduce((first, ts) => (first === undefined || ts === undefined ? undefined : Math.min(first, ts)));
  }

  onAnswer(symbol: string, interval: KlineInterval, answer: KlineAnswer): void {
    const list = `${symbol}:${interval}`;
    const misses = answer.hasNews ? 0 : (this.#entries.get(list)?.misses ?? 0);
    const dueTs = nextCloseOf(interval, answer);
    this.#entries.set(
      list,
      dueTs === undefined
        ? { dueTs: answer.venueNow + retryMs(interval, misses), misses: misses + 1 }
        : { dueTs, misses: 0 },
    );
  }

  forget(symbol: string, interval: KlineInterval): void {
    this.#entries.delete(`${symbol}:${interval}`);
  }
}

/** Time of the next news for the list; undefined if something is already missing. */
function nextCloseOf(
  interval: KlineInterval,
  { newestOpenTs, hasNews, openClosesTs, venueNow }: KlineAnswer,
): number | undefined {
  const ms = KLINE_INTERVAL_MS[interval];
  if (newestOpenTs === undefined) {
    // A new listing: its first kline is still open.
    const isOpen = openClosesTs !== undefined && openClosesTs + CLOSE_GRACE_MS > venueNow;
    return isOpen ? openClosesTs + CLOSE_GRACE_MS : undefined;
  }
  const nextCloseTs = newestOpenTs + 2 * ms + CLOSE_GRACE_MS;
  if (nextCloseTs <= venueNow) return undefined;
  const nextMinuteTs = Math.floor(venueNow / MINUTE_MS) * MINUTE_MS + MINUTE_MS + CLOSE_GRACE_MS;
  return hasNews ? Math.min(nextCloseTs, nextMinuteTs) : nextCloseTs;
}

function retryMs(interval: KlineInterval, misses: number): number {
  const maxMs = interval === '1m' ? MAX_MINUTE_RETRY_MS : MAX_RETRY_MS;
  return backoffMs({ baseMs: FIRST_RETRY_MS, maxMs }, misses);
}
