import { DecimalSum } from '@helios/core/price/decimal-sum.ts';
import type { Kline } from '@helios/shared/domain/market-data.ts';
import { klineOpen, type VenueInterval } from './kline-times.ts';

/** One kline of any interval, open or closed. All decimals are strings, as at the venue; sums are exact. */
export interface VenueKline {
  readonly openTs: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly quoteVolume: string;
  /** Part of the volume in which the buyer was the taker. */
  readonly takerVolume: string;
  readonly takerQuoteVolume: string;
  readonly trades: number;
}

/** The fields of a trade that a kline needs. */
export interface KlineTrade {
  readonly price: string;
  readonly qty: string;
  readonly buyerIsMaker: boolean;
}

/** Zero volumes with the decimals of a symbol. */
export interface KlineZero {
  readonly volume: string;
  readonly quoteVolume: string;
}

/** A kline without trades, flat at one price. */
export function flatKline(openTs: number, price: string, { volume, quoteVolume }: KlineZero): VenueKline {
  return {
    openTs,
    open: price,
    high: price,
    low: price,
    close: price,
    volume,
    quoteVolume,
    takerVolume: volume,
    takerQuoteVolume: quoteVolume,
    trades: 0,
  };
}

/** The kline with one more trade. */
export function withTrade(kline: VenueKline, { price, qty, buyerIsMaker }: KlineTrade): VenueKline {
  const value = productOf(price, qty);
  return {
    ...kline,
    high: higher(kline.high, price),
    low: lower(kline.low, price),
    close: price,
    volume: sumOf([kline.volume, qty]),
    quoteVolume: sumOf([kline.quoteVolume, value]),
    takerVolume: buyerIsMaker ? kline.takerVolume : sumOf([kline.takerVolume, qty]),
    takerQuoteVolume: buyerIsMaker ? kline.takerQuoteVolume : sumOf([kline.takerQuoteVolume, value]),
    trades: kline.trades + 1,
  };
}

/** A kline of a source's history. The history does not name the taker, so half of the volume counts as taker buys. */
export function fromKline(kline: Kline): VenueKline {
  return {
    openTs: kline.open_ts,
    open: kline.open,
    high: kline.high,
    low: kline.low,
    close: kline.close,
    volume: kline.volume,
    quoteVolume: kline.quote_volume,
    takerVolume: half(kline.volume),
    takerQuoteVolume: half(kline.quote_volume),
    trades: kline.trades,
  };
}

/** Folds shorter klines into longer ones, oldest first; the last one may be open. */
export function foldKlines(klines: readonly VenueKline[], interval: VenueInterval): VenueKline[] {
  const groups = new Map<number, [VenueKline, ...VenueKline[]]>();
  for (const kline of klines) {
    const openTs = klineOpen(interval, kline.openTs);
    const group = groups.get(openTs);
    if (group === undefined) groups.set(openTs, [kline]);
    else group.push(kline);
  }
  return [...groups].map(([openTs, group]) => joined(openTs, group));
}

function joined(openTs: number, group: readonly [VenueKline, ...VenueKline[]]): VenueKline {
  const [first] = group;
  return {
    openTs,
    open: first.open,
    high: group.reduce((best, { high }) => higher(best, high), first.high),
    low: group.reduce((best, { low }) => lower(best, low), first.low),
    close: (group.at(-1) ?? first).close,
    volume: sumOf(group.map(({ volume }) => volume)),
    quoteVolume: sumOf(group.map(({ quoteVolume }) => quoteVolume)),
    takerVolume: sumOf(group.map(({ takerVolume }) => takerVolume)),
    takerQuoteVolume: sumOf(group.map(({ takerQuoteVolume }) => takerQuoteVolume)),
    trades: group.reduce((sum, { trades }) => sum + trades, 0),
  };
}

/** Sum of unsigned decimals, exact. */
export function sumOf(texts: readonly string[]): string {
  const sum = new DecimalSum();
  for (const text of texts) sum.add(text);
  return sum.toString();
}

/** Product of two unsigned decimals, exact. */
export function productOf(a: string, b: string): string {
  const sum = new DecimalSum();
  sum.addProduct(a, b);
  return sum.toString();
}

const higher = (a: string, b: string): string => (Number(b) > Number(a) ? b : a);
const lower = (a: string, b: string): string => (Number(b) < Number(a) ? b : a);

/** Half of a decimal, cut to the same number of decimals. */
function half(text: string): string {
  const decimals = text.includes('.') ? text.length - text.indexOf('.') - 1 : 0;
  const factor = 10 ** decimals;
  return (Math.floor((Number(text) * factor) / 2) / factor).toFixed(decimals);
}
