import { decimalsOf } from '@helios/core/price/decimal-text.ts';
import type { SymbolMarket } from './symbol-market.ts';
import { sumOf } from './venue-kline.ts';

const DAY_MS = 86_400_000;

/** A symbol's last 24 hours; decimals are strings, as at the venue. */
export interface DayStatistics {
  readonly priceChange: string;
  readonly priceChangePercent: string;
  readonly weightedAvgPrice: string;
  readonly lastPrice: string;
  readonly lastQty: string;
  readonly openPrice: string;
  readonly highPrice: string;
  readonly lowPrice: string;
  readonly volume: string;
  readonly quoteVolume: string;
  readonly openTime: number;
  readonly closeTime: number;
  readonly firstId: number;
  readonly lastId: number;
  readonly count: number;
}

/** The 24 hours before `nowTs`, in steps of a quarter of an hour; undefined before the first price. */
export function dayStatistics(market: SymbolMarket, nowTs: number): DayStatistics | undefined {
  market.advanceKlines(nowTs);
  const day = market.klines.klines('15m').filter((kline) => kline.openTs > nowTs - DAY_MS);
  const first = day[0];
  const last = market.lastPrice;
  if (first === undefined || last === undefined) return undefined;
  const [open, close] = [Number(first.open), Number(last)];
  const volume = sumOf(day.map((kline) => kline.volume));
  const quoteVolume = sumOf(day.map((kline) => kline.quoteVolume));
  const count = day.reduce((sum, { trades }) => sum + trades, 0);
  const newest = market.tape.last;
  const decimals = decimalsOf(last);
  return {
    priceChange: (close - open).toFixed(decimals),
    priceChangePercent: (((close - open) / open) * 100).toFixed(3),
    weightedAvgPrice: (Number(volume) === 0 ? close : Number(quoteVolume) / Number(volume)).toFixed(decimals),
    lastPrice: last,
    lastQty: newest?.qty ?? '0',
    openPrice: first.open,
    highPrice: day.reduce((best, { high }) => (Number(high) > Number(best) ? high : best), first.high),
    lowPrice: day.reduce((best, { low }) => (Number(low) < Number(best) ? low : best), first.low),
    volume,
    quoteVolume,
    openTime: first.openTs,
    closeTime: newest?.time ?? nowTs,
    firstId: (newest?.id ?? 0) - count + 1,
    lastId: newest?.id ?? 0,
    count,
  };
}
