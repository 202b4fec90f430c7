import type { KlineInterval } from '@helios/shared/domain/market-data.ts';
import { klineClose, klineOpen, VENUE_INTERVALS, type VenueInterval } from './kline-times.ts';
import { flatKline, foldKlines, type KlineTrade, type KlineZero, type VenueKline, withTrade } from './venue-kline.ts';

const MINUTE_MS = 60_000;
/** Three days of 1m klines; older ones are dropped. */
const MINUTES_KEPT = 4_320;
/** Intervals for which a source may have a history, the longest first. */
const HISTORY_INTERVALS = ['4h', '1h', '15m', '5m'] as const satisfies readonly KlineInterval[];

/**
 * One symbol's klines of all the venue's intervals. 1m klines come from trades and history. Longer ones are folded from 1m klines, or
 * come from the longer history further back. As at the venue, the newest kline is still open, and a minute without trades is flat.
 */
export class KlineBook {
  readonly #zero: KlineZero;
  #minutes: VenueKline[] = [];
  readonly #history = new Map<VenueInterval, readonly VenueKline[]>();

  constructor(zero: KlineZero) {
    this.#zero = zero;
  }

  /** Takes closed klines from before the start, oldest first. Klines with trades already seen stay unchanged. */
  warm(interval: KlineInterval, klines: readonly VenueKline[]): void {
    const first = this.#minutes[0]?.openTs ?? Number.POSITIVE_INFINITY;
    const before = klines.filter(({ openTs }) => klineClose(interval, openTs) < first);
    if (interval === '1m') this.#minutes = [...before, ...this.#minutes].slice(-MINUTES_KEPT);
    else this.#history.set(interval, before);
  }

  /** True if there are klines from before the first trade. */
  get isWarm(): boolean {
    return this.#history.size > 0;
  }

  /** Opens the minute of `nowTs`, and every minute without trades before it. */
  advance(nowTs: number): void {
    const last = this.#minutes.at(-1);
    if (last === undefined) return;
    const openTs = klineOpen('1m', nowTs);
    const first = Math.max(last.openTs + MINUTE_MS, openTs - (MINUTES_KEPT - 1) * MINUTE_MS);
    for (let ts = first; ts <= openTs; ts += MINUTE_MS) this.#minutes.push(flatKline(ts, last.close, this.#zero));
    if (this.#minutes.length > MINUTES_KEPT + 60) this.#minutes = this.#minutes.slice(-MINUTES_KEPT);
  }

  /** Counts a trade at `ts`; a late trade counts into the newest minute. */
  trade(trade: KlineTrade, ts: number): void {
    this.advance(ts);
    const last = this.#minutes.pop();
    // A minute opens at its first trade's price, not at the previous close.
    const isFresh = last === undefined || last.trades === 0;
    const open = isFresh ? flatKline(last?.openTs ?? klineOpen('1m', ts), trade.price, this.#zero) : last;
    this.#minutes.push(withTrade(open, trade));
  }

  /** Klines of an interval, oldest first; the last is open. */
  klines(interval: VenueInterval): readonly VenueKline[] {
    if (interval === '1m') return this.#minutes;
    const base = HISTORY_INTERVALS.find((one) => divides(one, interval) && this.#history.has(one));
    if (base === undefined) return foldKlines(this.#minutes, interval);
    return base === interval ? this.#joined(base) : foldKlines(this.#joined(base), interval);
  }

  /** Klines from that of `ts` on, oldest first. The same as in `klines`, but folds only what it needs. */
  since(interval: VenueInterval, ts: number): readonly VenueKline[] {
    const openTs = klineOpen(interval, ts);
    const isFoldable = (this.#minutes[0]?.openTs ?? Number.POSITIVE_INFINITY) <= openTs;
    const historyEnds = Math.max(0, ...[...this.#history.values()].map((past) => past.at(-1)?.openTs ?? 0));
    if (!isFoldable || historyEnds >= openTs) return this.klines(interval).filter((kline) => kline.openTs >= openTs);
    const at = this.#minutes.findLastIndex((minute) => minute.openTs < openTs);
    return foldKlines(this.#minutes.slice(at + 1), interval);
  }

  /** The history, continued by klines folded from minutes. */
  #joined(interval: VenueInterval): readonly VenueKline[] {
    const past = this.#history.get(interval) ?? [];
    const last = past.at(-1);
    if (last === undefined) return foldKlines(this.#minutes, interval);
    const later = this.#minutes.filter(({ openTs }) => klineOpen(interval, openTs) > last.openTs);
    return [...past, ...foldKlines(later, interval)];
  }
}

/** True if klines of `short` fill a kline of `long`. Weeks and months begin at midnight UTC, as klines of every history interval do. */
function divides(short: VenueInterval, long: VenueInterval): boolean {
  const [a, b] = [VENUE_INTERVALS[short], VENUE_INTERVALS[long]];
  if (a === undefined) return false;
  return b === undefined || (b >= a && b % a === 0);
}
