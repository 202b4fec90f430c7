import { KLINE_INTERVAL_MS, type Kline, KlineInterval, type MarketTrade } from '@helios/shared/domain/market-data.ts';
import { DecimalSum } from '../price/decimal-sum.ts';

const MINUTE_MS = KLINE_INTERVAL_MS['1m'];
const HIGHER_INTERVALS = KlineInterval.options.filter((interval) => interval !== '1m');

/** A candle that still takes trades, or one-minute candles. */
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
}

/** When a candle was found closed (market time) and when the message about it is made; epoch ms. */
export interface CloseStamp {
  readonly tsEvent: number;
  readonly tsInit: number;
}

/**
 * One symbol's candles: one-minute ones from trades, all higher intervals from those. Time closes them, told by any event of the
 * symbol, so a quiet minute closes too: flat at the last price, volume 0. What was seen only in part (the minute and the higher
 * candles in which watching began) is never given out, unless `warm` told of the candles before. Sums are exact.
 * A trade stamped before the minute that is open counts into that minute: what is closed stays as it was announced.
 */
export class KlineBuilder {
  readonly #symbol: string;
  #minute: OpenKline | undefined;
  /** Start of the minute after the newest closed one, or of the first whole minute; undefined before the first event. */
  #nextOpenTs: number | undefined;
  #lastClose: string | undefined;
  readonly #higher = new Map<KlineInterval, OpenKline>();

  constructor(symbol: string) {
    this.#symbol = symbol;
  }

  /** A closed one-minute candle from before; oldest first. Behind a hole the higher candles begin anew. */
  warm(kline: Kline): void {
    if (kline.open_ts !== this.#nextOpenTs) this.#higher.clear();
    this.#lastClose = kline.close;
    this.#nextOpenTs = kline.close_ts + 1;
    for (const interval of HIGHER_INTERVALS) this.#fold(interval, kline);
  }

  /** Forgets everything: after a break in the data candles begin anew. */
  reset(): void {
    this.#minute = undefined;
    this.#nextOpenTs = undefined;
    this.#lastClose = undefined;
    this.#higher.clear();
  }

  /** Moves the symbol's time; returns the candles that it closed, oldest first, of one time the shorter interval first. */
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

  /** Counts a trade into the open minute; `advance` to its time comes first. */
  trade(trade: Pick<MarketTrade, 'price' | 'qty' | 'ts_event'>, nowMs: number): void {
    if (this.#nextOpenTs === undefined || nowMs < this.#nextOpenTs) {
      this.#lastClose = trade.price;
      return;
    }
    this.#minute ??= openAt('1m', this.#nextOpenTs, trade.price);
    take(this.#minute, trade.price, trade.price, trade.price);
    this.#minute.trades += 1;
    this.#minute.volume.add(trade.qty);
    this.#minute.quoteVolume.addProduct(trade.price, trade.qty);
  }

  #closeMinute(openTs: number, stamp: CloseStamp, closed: Kline[]): void {
    const price = this.#lastClose;
    const openKline = this.#minute ?? (price === undefined ? undefined : openAt('1m', openTs, price));
    this.#minute = undefined;
    this.#nextOpenTs = openTs + MINUTE_MS;
    if (openKline === undefined) return;
    this.#lastClose = openKline.close;
    const kline = this.#toKline(openKline, stamp);
    closed.push(kline);
    for (const interval of HIGHER_INTERVALS) {
      const whole = this.#fold(interval, kline);
      if (whole !== undefined) closed.push(this.#toKline(whole, stamp));
    }
  }

  /** Adds a minute to a higher candle; returns that candle once its last minute is in. */
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
  };
}

function take(openKline: OpenKline, high: string, low: string, close: string): void {
  if (Number(high) > Number(openKline.high)) openKline.high = high;
  if (Number(low) < Number(openKline.low)) openKline.low = low;
  openKline.close = close;
}
