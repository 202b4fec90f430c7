import { klines, type RestKline } from '@helios/binance/rest/endpoints/klines.ts';
import type { PublicRest } from '@helios/binance/rest/public-rest.ts';
import type { RestFailure } from '@helios/binance/rest/rest-answer.ts';
import { KLINE_INTERVAL_MS, type Kline, KlineInterval } from '@helios/shared/domain/market-data.ts';
import type { PublishQueue } from '../publish/publish-queue.ts';
import type { Ingestor } from '../publish/publisher.ts';
import { isRevised, sortKlines } from './closed-klines.ts';
import type { KlineFreshness } from './kline-freshness.ts';
import { CLOSE_GRACE_MS, KlineSchedule } from './kline-schedule.ts';
import type { ClockReading } from './venue-clock.ts';

/** As many as cost the least weight: one below the venue's next band, the open candle included. */
const MAX_ROWS = 499;

/**
 * Who knows which candles. NOBODY: the symbol is new to everybody. LISTED: readers know what stood in Redis. FORGOTTEN: the
 * session ended, and readers know none any more.
 */
export type Hearers = 'NOBODY' | 'LISTED' | 'FORGOTTEN';

/** Rows that were not used. */
export interface OffGridRows {
  readonly symbol: string;
  readonly interval: KlineInterval;
  readonly rows: readonly RestKline[];
}

export interface KlineKeeperOptions {
  readonly rest: PublicRest;
  readonly publishQueue: Pick<PublishQueue<Ingestor>, 'publish' | 'replaceKlines' | 'correctKline'>;
  /** When the newest candle opened that Redis has; undefined where it has none. */
  readonly newestListed: (symbol: string, interval: KlineInterval) => Promise<number | undefined>;
  readonly clockReading: () => ClockReading;
  readonly freshness: KlineFreshness;
  readonly onOffGrid: (dropped: OffGridRows) => void;
}

/** Keeps the lists of closed candles whole: history at first, then each candle as it closes, whatever an outage left out, and what the venue revised. */
export class KlineKeeper {
  readonly #options: KlineKeeperOptions;
  readonly #schedule = new KlineSchedule();
  /** The newest candle that we wrote. */
  readonly #newest = new Map<string, Kline>();

  constructor(options: KlineKeeperOptions) {
    this.#options = options;
  }

  /** Asks for whatever is due of a symbol. Resolves to what went wrong, if anything did. */
  async catchUp(symbol: string, hearers: Hearers): Promise<RestFailure | undefined> {
    for (const interval of KlineInterval.options) {
      const failure = await this.#catchUpInterval(symbol, interval, hearers);
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  /** When the symbol's candles are to be asked for next, epoch ms of the venue; undefined where that was never done. */
  dueTs(symbol: string): number | undefined {
    return this.#schedule.dueTs(symbol, KlineInterval.options);
  }

  /** The symbol left the watchlist; should it come back, all its candles are asked for. */
  forget(symbol: string): void {
    for (const interval of KlineInterval.options) {
      this.#newest.delete(`${symbol}:${interval}`);
      this.#schedule.forget(symbol, interval);
      this.#options.freshness.forget(symbol, interval);
    }
  }

  async #catchUpInterval(symbol: string, interval: KlineInterval, hearers: Hearers): Promise<RestFailure | undefined> {
    const { rest, clockReading, onOffGrid, freshness } = this.#options;
    if (hearers !== 'FORGOTTEN' && !this.#schedule.isDue(symbol, interval, clockReading().venueNow)) return undefined;
    const newest = this.#newest.get(`${symbol}:${interval}`);
    const part = hearers === 'FORGOTTEN' ? undefined : this.#partFrom(newest);
    const answer = await rest.ask(klines, { symbol, interval, ...(part ?? { limit: MAX_ROWS }) });
    if (answer.kind === 'FAILURE') return answer;
    const { now, venueNow } = clockReading();
    // Whatever closed on the way may have been open still when the venue answered.
    const closedBy = answer.tsSent + (venueNow - now) - CLOSE_GRACE_MS;
    const { closed, openClosesTs, offGrid } = sortKlines(symbol, interval, answer.value, { closedBy, now });
    if (offGrid.length > 0) onOffGrid({ symbol, interval, rows: offGrid });
    if (part !== undefined) await this.#extend(closed, newest);
    else if (!(await this.#replace(symbol, interval, closed, hearers))) return undefined;
    const newestOpenTs = this.#newest.get(`${symbol}:${interval}`)?.open_ts;
    const hasNews = newestOpenTs !== newest?.open_ts;
    this.#schedule.onAnswer(symbol, interval, { newestOpenTs, hasNews, openClosesTs, venueNow });
    freshness.onAnswer(symbol, interval, newestOpenTs, venueNow);
    return undefined;
  }

  /** What to ask for so that the newest candle comes once more, and all after it; undefined where the whole list is needed. */
  #partFrom(newest: Kline | undefined): { readonly startTime: number; readonly limit: number } | undefined {
    if (newest === undefined) return undefined;
    const ms = KLINE_INTERVAL_MS[newest.interval];
    const begun = Math.floor((this.#options.clockReading().venueNow - newest.open_ts) / ms) + 1;
    return begun > MAX_ROWS ? undefined : { startTime: newest.open_ts, limit: Math.max(2, begun) };
  }

  /** Publishes what is new; corrects the newest candle that was known where the venue has revised it. */
  async #extend(closed: readonly Kline[], newest: Kline | undefined): Promise<void> {
    const revised = newest && closed.find((kline) => isRevised(newest, kline));
    if (revised !== undefined && (await this.#options.publishQueue.correctKline(revised))) this.#remember(revised);
    const fresh = closed.filter((kline) => kline.open_ts > (newest?.open_ts ?? -1));
    const last = fresh.at(-1);
    if (last === undefined) return;
    await this.#options.publishQueue.publish(fresh);
    this.#remember(last);
  }

  /** Replaces the whole list; then readers hear of what they cannot have read. False while Redis is away: it is tried again. */
  async #replace(
    symbol: string,
    interval: KlineInterval,
    closed: readonly Kline[],
    hearers: Hearers,
  ): Promise<boolean> {
    const last = closed.at(-1);
    if (last === undefined) return true;
    const { publishQueue, newestListed } = this.#options;
    const known = hearers === 'LISTED' ? await newestListed(symbol, interval) : undefined;
    if (!(await publishQueue.replaceKlines(symbol, interval, closed))) return false;
    this.#remember(last);
    if (hearers !== 'NOBODY') await publishQueue.publish(closed.filter((kline) => kline.open_ts > (known ?? -1)));
    return true;
  }

  #remember(kline: Kline): void {
    this.#newest.set(`${kline.symbol}:${kline.interval}`, kline);
  }
}
