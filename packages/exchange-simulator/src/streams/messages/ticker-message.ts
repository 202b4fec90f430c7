import { type Contract, mergerFields } from '../../listing/contract.ts';
import type { DayStatistics } from '../../market/day-statistics.ts';

/** `<symbol>@ticker` and the rows of `!ticker@arr`: the last 24 hours, with the values of `GET ticker/24hr`. */
export function tickerMessage(contract: Contract, day: DayStatistics, nowTs: number): Record<string, unknown> {
  return {
    e: '24hrTicker',
    E: nowTs,
    s: contract.symbol,
    p: day.priceChange,
    P: day.priceChangePercent,
    w: day.weightedAvgPrice,
    c: day.lastPrice,
    Q: day.lastQty,
    o: day.openPrice,
    h: day.highPrice,
    l: day.lowPrice,
    v: day.volume,
    q: day.quoteVolume,
    O: day.openTime,
    C: day.closeTime,
    F: day.firstId,
    L: day.lastId,
    n: day.count,
    ...mergerFields(contract),
  };
}
