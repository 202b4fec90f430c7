import { KLINE_INTERVAL_MS, type KlineInterval } from '@helios/shared/domain/market-data.ts';
import { backoffMs } from '@helios/shared/runtime/backoff.ts';

/** A candle is asked for, and believed, this long after its end at the earliest: the venue needs a moment to close it. */
export const CLOSE_GRACE_MS = 1_000;

const MINUTE_MS = 60_000;
/** The wait before a missing candle is asked for again, doubled each time. */
const FIRST_RETRY_MS = 2_000;
const MAX_MINUTE_RETRY_MS = 60_000;
const MAX_RETRY_MS = 300_000;

/** What an answer said of one list of candles. */
export interface KlineAnswer {
  /** When the newest closed candle opened; undefined where there is none. */
  readonly newestOpenTs: number | undefined;
  /** There was a closed candle that was not known. */
  readonly hasNews: boolean;
  /** When the open candle closes; undefined where the answer had none. */
  readonly openClosesTs: number | undefined;
  /** The venue's time, epoch ms. */
  readonly venueNow: number;
}

interface Entry {
  readonly dueTs: number;
  /** Answers in a row that brought nothing. */
  readonly misses: number;
}

/**
 * When each list of candles is to be asked for, by the venue's clock: as a candle closes, and a new one of a longer interval once
 * more a minute later, because the venue may still revise it. What is missing is asked for ever more rarely. Pure but for its memory.
 */
export class KlineSchedule {
  readonly #entries = new Map<string, Entry>();

  /** True where a list is to be asked for now: nothing is known of it, or its time has come. */
  isDue(symbol: string, interval: KlineInterval, venueNow: number): boolean {
    const entry = this.#entries.get(`${symbol}:${interval}`);
    if (entry === undefined) return true;
    // A clock that was set back: no list is due later than its next candle closes.
    return entry.dueTs <= venueNow || entry.dueTs > venueNow + KLINE_INTERVAL_MS[interval] + 2 * CLOSE_GRACE_MS;
  }

  /** When the first list of a symbol is due, epoch ms of the venue; undefined where one was never answered. */
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

/** When the list will have something new; undefined where something is missing already. */
function nextCloseOf(
  interval: KlineInterval,
  { newestOpenTs, hasNews, openClosesTs, venueNow }: KlineAnswer,
): number | undefined {
  const ms = KLINE_INTERVAL_MS[interval];
  if (newestOpenTs === undefined) {
    // A new listing: its first candle is still open.
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
