import { KLINE_INTERVAL_MS, type Kline, KlineInterval, type MarketTrade } from '@helios/shared/domain/market-data.ts';
import { DecimalSum } from '../price/decimal-sum.ts';

const MINUTE_MS = KLINE_INTERVAL_MS['1m'];
const HIGHER_INTERVALS = KlineInterval.options.filter((interval) => interval !== '1m');

/** A kline that is still open to trades, or to one-minute klines. */
interface OpenKline {
  readonly interval: KlineInterval;
  readonly openTs: number;
  readonly open: string;
  high: string;
  low: string;
  close: string;
  trades: number;
  readonly volume: DecimalSum;
  readonly quoteVolume: DecimalSum;
  /** Undefined once a part of the kline does not name its takers. */
  takerBuyVolume: DecimalSum | undefined;
}

/** What a kline counts of a trade. */
type BuiltTrade = Pick<MarketTrade, 'price' | 'qty' | 'ts_event'> & Partial<Pick<MarketTrade, 'buyer_is_maker'>>;

/** Market time at which a kline was found closed, and the time of the message about it; epoch ms. */
export interface CloseStamp {
  readonly tsEvent: number;
  readonly tsInit: number;
}

/**
 * Builds the klines of one symbol: one-minute klines from trades, all higher intervals from those. Any event of the symbol moves
 * its time, and time closes klines. So a quiet minute closes too: flat at the last price, volume 0. Partly observed klines (the
 * first minute and its higher klines) are never returned, unless `warm` supplied the klines before. Sums are exact. A trade
 * stamped before the open minute counts into the open minute: closed klines never change.
 */
export class KlineBuilder {
  readonly #symbol: string;
  #minute: OpenKline | undefined;
  /** Open time of the minute after the newest closed one, or of the first whole minute; undefined before the first event. */
  #nextOpenTs: number | undefined;
  #lastClose: string | undefined;
  readonly #higher = new Map<KlineInterval, OpenKline>();

  constructor(symbol: string) {
    this.#symbol = symbol;
  }

  /** Loads an older closed one-minute kline; call with the oldest first. After a gap the higher klines start from empty. */
  warm(kline: Kline): void {
    this.addMinute(kline);
  }

  /** The same for a source that has klines instead of trades. Returns the higher klines that the minute closed, shortest first. */
  addMinute(kline: Kline): readonly Kline[] {
    if (kline.open_ts !== this.#nextOpenTs) this.#higher.clear();
    this.#lastClose = kline.close;
    this.#nextOpenTs = kline.close_ts + 1;
    return this.#foldAll(kline, { tsEvent: kline.ts_event, tsInit: kline.ts_init });
  }

  /** Drops all state: after a break in the data, klines start from empty. */
  reset(): void {
    this.#minute = undefined;
    this.#nextOpenTs = undefined;
    this.#lastClose = undefined;
    this.#higher.clear();
  }

  /** Moves the symbol's time. Returns the klines that this closed: oldest first, and the shorter interval first for equal times. */
  advance(nowMs: number, stamp: CloseStamp): readonly Kline[] {
    if (this.#nextOpenTs === undefined) {
      this.#nextOpenTs = Math.floor(nowMs / MINUTE_MS) * MINUTE_MS + (nowMs % MINUTE_MS === 0 ? 0 : MINUTE_MS);
      return [];
    }
    if (nowMs < this.#nextOpenTs + MINUTE_MS) return [];
    const closed: Kline[] = [];
    for (let openTs = this.#nextOpenTs; nowMs >= openTs + MINUTE_MS; openTs += MINUTE_MS) {
      this.#closeMinute(openTs, stamp, closed);
    }
    return closed;
  }

  /** Adds a trade to the open minute. Call `advance` with its time first. */
  trade(trade: BuiltTrade, nowMs: number): void {
    if (this.#nextOpenTs === undefined || nowMs < this.#nextOpenTs) {
      this.#lastClose = trade.price;
      return;
    }
    this.#minute ??= openAt('1m', this.#nextOpenTs, trade.price);
    take(this.#minute, trade.price, trade.price, trade.price);
    this.#minute.trades += 1;
    this.#minute.volume.add(trade.qty);
    this.#minute.quoteVolume.addProduct(trade.price, trade.qty);
    if (trade.buyer_is_maker === undefined) this.#minute.takerBuyVolume = undefined;
    else if (!trade.buyer_is_maker) this.#minute.takerBuyVolume?.add(trade.qty);
  }

  #closeMinute(openTs: number, stamp: CloseStamp, closed: Kline[]): void {
    const price = this.#lastClose;
    const openKline = this.#minute ?? (price === undefined ? undefined : openAt('1m', openTs, price));
    this.#minute = undefined;
    this.#nextOpenTs = openTs + MINUTE_MS;
    if (openKline === undefined) return;
    this.#lastClose = openKline.close;
    const kline = this.#toKline(openKline, stamp);
    closed.push(kline, ...this.#foldAll(kline, stamp));
  }

  /** Adds a minute to all higher klines; returns those that it closed. */
  #foldAll(minute: Kline, stamp: CloseStamp): Kline[] {
    return HIGHER_INTERVALS.flatMap((interval) => {
      const whole = this.#fold(interval, minute);
      return whole === undefined ? [] : this.#toKline(whole, stamp);
    });
  }

  /** Adds a minute to a higher kline; returns that kline once its last minute is included. */
  #fold(interval: KlineInterval, minute: Kline): OpenKline | undefined {
    const length = KLINE_INTERVAL_MS[interval];
    const openTs = Math.floor(minute.open_ts / length) * length;
    const begins = minute.open_ts === openTs;
    if (begins) this.#higher.set(interval, openAt(interval, openTs, minute.open));
    const openKline = this.#higher.get(interval);
    if (openKline === undefined || openKline.openTs !== openTs) return undefined;
    take(openKline, minute.high, minute.low, minute.close);
    openKline.trades += minute.trades;
    openKline.volume.add(minute.volume);
    openKline.quoteVolume.add(minute.quote_volume);
    if (minute.taker_buy_volume === undefined) openKline.takerBuyVolume = undefined;
    else openKline.takerBuyVolume?.add(minute.taker_buy_volume);
    if (minute.close_ts + 1 < openTs + length) return undefined;
    this.#higher.delete(interval);
    return openKline;
  }

  #toKline(openKline: OpenKline, stamp: CloseStamp): Kline {
    return {
      type: 'kline',
      symbol: this.#symbol,
      ts_event: stamp.tsEvent,
      ts_init: stamp.tsInit,
      interval: openKline.interval,
      open_ts: openKline.openTs,
      close_ts: openKline.openTs + KLINE_INTERVAL_MS[openKline.interval] - 1,
      open: openKline.open,
      high: openKline.high,
      low: openKline.low,
      close: openKline.close,
      volume: openKline.volume.toString(),
      quote_volume: openKline.quoteVolume.toString(),
      trades: openKline.trades,
      ...(openKline.takerBuyVolume && { taker_buy_volume: openKline.takerBuyVolume.toString() }),
    };
  }
}

function openAt(interval: KlineInterval, openTs: number, price: string): OpenKline {
  return {
    interval,
    openTs,
    open: price,
    high: price,
    low: price,
    close: price,
    trades: 0,
    volume: new DecimalSum(),
    quoteVolume: new DecimalSum(),
    takerBuyVolume: new DecimalSum(),
  };
}

function take(openKline: OpenKline, high: string, low: string, close: string): void {
  if (Number(high) > Number(openKline.high)) openKline.high = high;
  if (Number(low) < Number(openKline.low)) openKline.low = low;
  openKline.close = close;
}
