import { klines, type RestKline } from '@helios/binance/rest/endpoints/klines.ts';
import type { PublicRest } from '@helios/binance/rest/public-rest.ts';
import type { RestFailure } from '@helios/binance/rest/rest-answer.ts';
import { historyLength } from '@helios/shared/domain/kline-history.ts';
import { KLINE_INTERVAL_MS, type Kline, KlineInterval } from '@helios/shared/domain/market-data.ts';
import type { PublishQueue } from '../publish/publish-queue.ts';
import type { Ingestor } from '../publish/publisher.ts';
import { isRevised, sortKlines } from './closed-klines.ts';
import type { KlineFreshness } from './kline-freshness.ts';
import { CLOSE_GRACE_MS, KlineSchedule } from './kline-schedule.ts';
import type { ClockReading } from './venue-clock.ts';

/** Rows of a whole history: its closed klines and the open one. */
const rowsOf = (interval: KlineInterval): number => historyLength(interval) + 1;

/**
 * What readers know of a symbol. NOBODY: the symbol is new to all readers. LISTED: readers know the list in Redis. FORGOTTEN: the
 * session ended, and readers dropped their klines.
 */
export type ReaderState = 'NOBODY' | 'LISTED' | 'FORGOTTEN';

/** Unused rows. */
export interface OffGridRows {
  readonly symbol: string;
  readonly interval: KlineInterval;
  readonly rows: readonly RestKline[];
}

export interface KlineKeeperOptions {
  readonly rest: PublicRest;
  readonly publishQueue: Pick<PublishQueue<Ingestor>, 'publish' | 'replaceKlines' | 'correctKline'>;
  /** Open time of the newest kline in Redis; undefined if there is none. */
  readonly newestListed: (symbol: string, interval: KlineInterval) => Promise<number | undefined>;
  readonly clockReading: () => ClockReading;
  readonly freshness: KlineFreshness;
  readonly onOffGrid: (dropped: OffGridRows) => void;
}

/**
 * Keeps the lists of closed klines complete: history first, then each kline as it closes, gaps after an outage, and revisions by
 * the venue.
 */
export class KlineKeeper {
  readonly #options: KlineKeeperOptions;
  readonly #schedule = new KlineSchedule();
  /** The newest kline that we wrote. */
  readonly #newest = new Map<string, Kline>();

  constructor(options: KlineKeeperOptions) {
    this.#options = options;
  }

  /** Requests all due klines of a symbol. Resolves to the failure, if any. */
  async catchUp(symbol: string, readers: ReaderState): Promise<RestFailure | undefined> {
    for (const interval of KlineInterval.options) {
      const failure = await this.#catchUpInterval(symbol, interval, readers);
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  /** Next request time for the klines of the symbol, epoch ms of the venue; undefined before the first answer. */
  dueTs(symbol: string): number | undefined {
    return this.#schedule.dueTs(symbol, KlineInterval.options);
  }

  /** Drops a symbol that left the watchlist; if it returns, all its klines are requested. */
  forget(symbol: string): void {
    for (const interval of KlineInterval.options) {
      this.#newest.delete(`${symbol}:${interval}`);
      this.#schedule.forget(symbol, interval);
      this.#options.freshness.forget(symbol, interval);
    }
  }

  async #catchUpInterval(
    symbol: string,
    interval: KlineInterval,
    readers: ReaderState,
  ): Promise<RestFailure | undefined> {
    const { rest, clockReading, onOffGrid, freshness } = this.#options;
    if (readers !== 'FORGOTTEN' && !this.#schedule.isDue(symbol, interval, clockReading().venueNow)) return undefined;
    const newest = this.#newest.get(`${symbol}:${interval}`);
    const part = readers === 'FORGOTTEN' ? undefined : this.#partFrom(newest);
    const answer = await rest.ask(klines, { symbol, interval, ...(part ?? { limit: rowsOf(interval) }) });
    if (answer.kind === 'FAILURE') return answer;
    const { now, venueNow } = clockReading();
    // A kline that closed during the request may still have been open when the venue answered.
    const closedBy = answer.tsSent + (venueNow - now) - CLOSE_GRACE_MS;
    const { closed, openClosesTs, offGrid } = sortKlines(symbol, interval, answer.value, { closedBy, now });
    if (offGrid.length > 0) onOffGrid({ symbol, interval, rows: offGrid });
    if (part !== undefined) await this.#extend(closed, newest);
    else if (!(await this.#replace(symbol, interval, closed, readers))) return undefined;
    const newestOpenTs = this.#newest.get(`${symbol}:${interval}`)?.open_ts;
    const hasNews = newestOpenTs !== newest?.open_ts;
    this.#schedule.onAnswer(symbol, interval, { newestOpenTs, hasNews, openClosesTs, venueNow });
    freshness.onAnswer(symbol, interval, newestOpenTs, venueNow);
    return undefined;
  }

  /** The request that returns the newest known kline and all later ones; undefined if the whole list is needed. */
  #partFrom(newest: Kline | undefined): { readonly startTime: number; readonly limit: number } | undefined {
    if (newest === undefined) return undefined;
    const ms = KLINE_INTERVAL_MS[newest.interval];
    const begun = Math.floor((this.#options.clockReading().venueNow - newest.open_ts) / ms) + 1;
    return begun > rowsOf(newest.interval) ? undefined : { startTime: newest.open_ts, limit: Math.max(2, begun) };
  }

  /** Publishes new klines, and corrects the newest known one if the venue revised it. */
  async #extend(closed: readonly Kline[], newest: Kline | undefined): Promise<void> {
    const revised = newest && closed.find((kline) => isRevised(newest, kline));
    if (revised !== undefined && (await this.#options.publishQueue.correctKline(revised))) this.#remember(revised);
    const fresh = closed.filter((kline) => kline.open_ts > (newest?.open_ts ?? -1));
    const last = fresh.at(-1);
    if (last === undefined) return;
    await this.#options.publishQueue.publish(fresh);
    this.#remember(last);
  }

  /**
   * Replaces the whole list, then publishes the klines that readers cannot have read. False while Redis is away: the next round
   * tries again.
   */
  async #replace(
    symbol: string,
    interval: KlineInterval,
    closed: readonly Kline[],
    readers: ReaderState,
  ): Promise<boolean> {
    const last = closed.at(-1);
    if (last === undefined) return true;
    const { publishQueue, newestListed } = this.#options;
    const known = readers === 'LISTED' ? await newestListed(symbol, interval) : undefined;
    if (!(await publishQueue.replaceKlines(symbol, interval, closed))) return false;
    this.#remember(last);
    if (readers !== 'NOBODY') await publishQueue.publish(closed.filter((kline) => kline.open_ts > (known ?? -1)));
    return true;
  }

  #remember(kline: Kline): void {
    this.#newest.set(`${kline.symbol}:${kline.interval}`, kline);
  }
}
