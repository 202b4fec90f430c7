import type { RestKline } from '@helios/binance/rest/endpoints/klines.ts';
import { KLINE_INTERVAL_MS, type Kline, type KlineInterval } from '@helios/shared/domain/market-data.ts';

/**
 * The candles among rows that had closed before `closedBy` (the venue's clock), oldest first. `ts_event` is when they were learnt:
 * they close without a message of their own. Rows that do not lie on the interval's grid are left out.
 */
export function closedKlines(
  symbol: string,
  interval: KlineInterval,
  rows: readonly RestKline[],
  times: { readonly closedBy: number; readonly now: number },
): Kline[] {
  const ms = KLINE_INTERVAL_MS[interval];
  const closed = rows.filter(
    ({ openTs, closeTs }) => openTs % ms === 0 && closeTs === openTs + ms - 1 && closeTs < times.closedBy,
  );
  return closed.map((row) => ({
    type: 'kline',
    symbol,
    ts_event: times.now,
    ts_init: times.now,
    interval,
    open_ts: row.openTs,
    close_ts: row.closeTs,
    open: row.open,
    high: row.high,
    low: row.low,
    close: row.close,
    volume: row.volume,
    quote_volume: row.quoteVolume,
    trades: row.trades,
  }));
}
