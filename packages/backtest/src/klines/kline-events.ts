import { NumberKline } from '@helios/core/indicators/number-kline.ts';
import type { KlineInterval, MarketBreak } from '@helios/shared/domain/market-data.ts';
import type { Side } from '@helios/shared/domain/signal.ts';
import type { KlineColumns } from './kline-columns.ts';
import type { KlineSeries } from './kline-series.ts';
import { LAST_STEP } from './played-klines.ts';

/** The candle at an index as a closed kline. Estimated buyers stay in the book that is made of them: the kline does not say them. */
export function numberKlineAt(
  { instrument, decimals }: KlineSeries,
  interval: KlineInterval,
  { columns, knowsBuyers }: Pick<KlineSeries, 'columns' | 'knowsBuyers'>,
  at: number,
) {
  const { openTs, open, high, low, close, volume, quoteVolume, buyShare } = columns;
  const of = {
    symbol: instrument.symbol,
    interval,
    openTs: openTs[at] ?? 0,
    openPrice: open[at] ?? 0,
    highPrice: high[at] ?? 0,
    lowPrice: low[at] ?? 0,
    closePrice: close[at] ?? 0,
    baseVolume: volume[at] ?? 0,
    quoteVolume: quoteVolume[at] ?? 0,
    takerBuyVolume: knowsBuyers ? (volume[at] ?? 0) * (buyShare[at] ?? Number.NaN) : Number.NaN,
  };
  return new NumberKline(of, decimals);
}

/**
 * The price at a step of a candle: open, the extreme that is worse for the open position, the other one, close. Without a position
 * the low comes first.
 */
export function pathPriceAt(columns: KlineColumns, at: number, step: number, side: Side | undefined): number {
  if (step === 0) return columns.open[at] ?? Number.NaN;
  if (step === LAST_STEP) return columns.close[at] ?? Number.NaN;
  const isHigh = (step === 1) === (side === 'SHORT');
  return (isHigh ? columns.high : columns.low)[at] ?? Number.NaN;
}

export function sessionEnd(symbol: string, ts: number, reason: string): MarketBreak {
  return { type: 'break', kind: 'SESSION_END', symbol, ts_event: ts, ts_init: ts, reason };
}
