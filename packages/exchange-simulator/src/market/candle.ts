import { DecimalSum } from '@helios/shared/core/indicators/decimal-sum.ts';
import type { Kline } from '@helios/shared/domain/market-data.ts';
import { candleOpen, type VenueInterval } from './candle-times.ts';

/** One candle of any interval, open or closed. Prices are the venue's strings; sums are exact. */
export interface Candle {
  readonly openTs: number;
  readonly open: string;
  high: string;
  low: string;
  close: string;
  readonly volume: DecimalSum;
  readonly quoteVolume: DecimalSum;
  /** Part of both volumes where the buyer was the aggressor. */
  readonly takerVolume: DecimalSum;
  readonly takerQuoteVolume: DecimalSum;
  trades: number;
}

/** What a candle takes from a trade. */
export interface CandleTrade {
  readonly price: string;
  readonly qty: string;
  readonly buyerIsMaker: boolean;
}

/** A candle without trades at one price. */
export function flatCandle(openTs: number, price: string): Candle {
  return {
    openTs,
    open: price,
    high: price,
    low: price,
    close: price,
    volume: new DecimalSum(),
    quoteVolume: new DecimalSum(),
    takerVolume: new DecimalSum(),
    takerQuoteVolume: new DecimalSum(),
    trades: 0,
  };
}

export function addTrade(candle: Candle, { price, qty, buyerIsMaker }: CandleTrade): void {
  stretch(candle, price, price, price);
  candle.trades += 1;
  candle.volume.add(qty);
  candle.quoteVolume.addProduct(price, qty);
  if (buyerIsMaker) return;
  candle.takerVolume.add(qty);
  candle.takerQuoteVolume.addProduct(price, qty);
}

/** A candle of a source's history. Who was the aggressor is not known there: half of the volume is taken as bought. */
export function fromKline(kline: Kline): Candle {
  const candle = flatCandle(kline.open_ts, kline.open);
  stretch(candle, kline.high, kline.low, kline.close);
  candle.trades = kline.trades;
  candle.volume.add(kline.volume);
  candle.quoteVolume.add(kline.quote_volume);
  candle.takerVolume.add(half(kline.volume));
  candle.takerQuoteVolume.add(half(kline.quote_volume));
  return candle;
}

/** Longer candles from shorter ones, oldest first; the last one may be open. */
export function foldCandles(candles: readonly Candle[], interval: VenueInterval): Candle[] {
  const folded: Candle[] = [];
  for (const candle of candles) {
    const openTs = candleOpen(interval, candle.openTs);
    let into = folded.at(-1);
    if (into === undefined || into.openTs !== openTs) {
      into = flatCandle(openTs, candle.open);
      folded.push(into);
    }
    stretch(into, candle.high, candle.low, candle.close);
    into.trades += candle.trades;
    into.volume.add(candle.volume.toString());
    into.quoteVolume.add(candle.quoteVolume.toString());
    into.takerVolume.add(candle.takerVolume.toString());
    into.takerQuoteVolume.add(candle.takerQuoteVolume.toString());
  }
  return folded;
}

function stretch(candle: Candle, high: string, low: string, close: string): void {
  if (Number(high) > Number(candle.high)) candle.high = high;
  if (Number(low) < Number(candle.low)) candle.low = low;
  candle.close = close;
}

/** Half of a decimal, cut to as many decimals as it has. */
function half(text: string): string {
  const decimals = text.length - 1 - (text.includes('.') ? text.indexOf('.') : text.length - 1);
  const factor = 10 ** decimals;
  return (Math.floor((Number(text) * factor) / 2) / factor).toFixed(decimals);
}
