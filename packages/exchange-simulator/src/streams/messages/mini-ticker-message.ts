import { type Contract, mergerFields } from '../../listing/contract.ts';
import type { DayStatistics } from '../../market/day-statistics.ts';

/** `<symbol>@miniTicker` and the rows of `!miniTicker@arr`. */
export function miniTickerMessage(contract: Contract, day: DayStatistics, nowTs: number): Record<string, unknown> {
  return {
    e: '24hrMiniTicker',
    E: nowTs,
    s: contract.symbol,
    c: day.lastPrice,
    o: day.openPrice,
    h: day.highPrice,
    l: day.lowPrice,
    v: day.volume,
    q: day.quoteVolume,
    ...mergerFields(contract),
  };
}
