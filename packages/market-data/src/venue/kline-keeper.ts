import { klines } from '@helios/binance/rest/endpoints/klines.ts';
import type { PublicRest } from '@helios/binance/rest/public-rest.ts';
import type { RestFailure } from '@helios/binance/rest/rest-answer.ts';
import { KLINE_INTERVAL_MS, type Kline, KlineInterval } from '@helios/shared/domain/market-data.ts';
import type { Outlet } from '../publish/outlet.ts';
import type { Ingestor } from '../publish/publisher.ts';
import { closedKlines } from './closed-klines.ts';
import type { Moment } from './venue-clock.ts';

/** As many as cost the least weight: one below the venue's next band, the open candle included. */
const MOST = 499;
/** A candle is asked for, and believed, this long after its end at the earliest: the venue needs a moment to close it. */
export const CLOSE_GRACE_MS = 1_000;

/**
 * Who knows which candles. NOBODY: the symbol is new to everybody. LISTED: readers know what stood in Redis. FORGOTTEN: the
 * session ended, and readers know none any more.
 */
export type Hearers = 'NOBODY' | 'LISTED' | 'FORGOTTEN';

export interface KlineKeeperOptions {
  readonly rest: PublicRest;
  readonly outlet: Pick<Outlet<Ingestor>, 'publish' | 'replaceKlines'>;
  /** When the newest candle opened that Redis has; undefined where it has none. */
  readonly newestListed: (symbol: string, interval: KlineInterval) => Promise<number | undefined>;
  readonly moment: () => Moment;
}

/** Keeps the lists of closed candles whole: history at first, then each candle as it closes, and whatever an outage left out. */
export class KlineKeeper {
  readonly #options: KlineKeeperOptions;
  /** When the newest candle opened that we wrote. */
  readonly #newest = new Map<string, number>();

  constructor(options: KlineKeeperOptions) {
    this.#options = options;
  }

  /** Asks for whatever is missing of a symbol. Resolves to what went wrong, if anything did. */
  async catchUp(symbol: string, hearers: Hearers): Promise<RestFailure | undefined> {
    for (const interval of KlineInterval.options) {
      const failure = await this.#catchUpInterval(symbol, interval, hearers);
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  /** Every candle that has closed is there. */
  isCurrent(symbol: string): boolean {
    return KlineInterval.options.every((interval) => this.#missing(symbol, interval) === 0);
  }

  /** The symbol left the watchlist; should it come back, its candles are asked for anew. */
  forget(symbol: string): void {
    for (const interval of KlineInterval.options) this.#newest.delete(`${symbol}:${interval}`);
  }

  async #catchUpInterval(symbol: string, interval: KlineInterval, hearers: Hearers): Promise<RestFailure | undefined> {
    const missing = this.#missing(symbol, interval);
    if (missing === 0 && hearers !== 'FORGOTTEN') return undefined;
    const newest = this.#newest.get(`${symbol}:${interval}`);
    const isPart = newest !== undefined && missing < MOST && hearers !== 'FORGOTTEN';
    const from = isPart ? { startTime: newest + KLINE_INTERVAL_MS[interval], limit: missing + 1 } : { limit: MOST };
    const answer = await this.#options.rest.ask(klines, { symbol, interval, ...from });
    if (answer.kind === 'FAILURE') return answer;
    const { now, venueNow } = this.#options.moment();
    // Whatever closed on the way may have been open still when the venue answered.
    const closedBy = answer.tsSent + (venueNow - now) - CLOSE_GRACE_MS;
    const closed = closedKlines(symbol, interval, answer.value, { closedBy, now });
    if (isPart) await this.#tell(symbol, interval, closed);
    else await this.#replace(symbol, interval, closed, hearers);
    return undefined;
  }

  /** Candles closed since the newest we have; infinitely many where we have none. */
  #missing(symbol: string, interval: KlineInterval): number {
    const newest = this.#newest.get(`${symbol}:${interval}`);
    if (newest === undefined) return Number.POSITIVE_INFINITY;
    const ms = KLINE_INTERVAL_MS[interval];
    const lastClosed = Math.floor((this.#options.moment().venueNow - CLOSE_GRACE_MS) / ms) * ms - ms;
    return Math.max(0, (lastClosed - newest) / ms);
  }

  async #tell(symbol: string, interval: KlineInterval, closed: readonly Kline[]): Promise<void> {
    const last = closed.at(-1);
    if (last === undefined) return;
    await this.#options.outlet.publish(closed);
    this.#newest.set(`${symbol}:${interval}`, last.open_ts);
  }

  /** The whole list anew; then readers hear of what they cannot have read. */
  async #replace(symbol: string, interval: KlineInterval, closed: readonly Kline[], hearers: Hearers): Promise<void> {
    const last = closed.at(-1);
    if (last === undefined) return;
    const known = hearers === 'LISTED' ? await this.#options.newestListed(symbol, interval) : undefined;
    // While Redis is away this is tried again with the next candle.
    if (!(await this.#options.outlet.replaceKlines(symbol, interval, closed))) return;
    this.#newest.set(`${symbol}:${interval}`, last.open_ts);
    if (hearers === 'NOBODY') return;
    await this.#options.outlet.publish(closed.filter((kline) => kline.open_ts > (known ?? -1)));
  }
}
