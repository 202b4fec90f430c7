import type { RestKline } from '@helios/binance/rest/endpoints/klines.ts';
import { KLINE_INTERVAL_MS, type Kline, type KlineInterval } from '@helios/shared/domain/market-data.ts';

/** The klines of an answer, sorted. */
export interface SortedKlines {
  /** Closed klines, oldest first. */
  readonly closed: readonly Kline[];
  /** Close time of the newest open kline, clock of the venue; undefined if the answer has none. */
  readonly openClosesTs: number | undefined;
  /** Rows with times off the grid of the interval, such as the first ones after a halt. They are not used. */
  readonly offGrid: readonly RestKline[];
}

/**
 * Splits rows into klines that closed before `closedBy` (the venue's clock) and the rest. `ts_event` is the time of the answer:
 * these klines close without a message.
 */
export function sortKlines(
  symbol: string,
  interval: KlineInterval,
  rows: readonly RestKline[],
  times: { readonly closedBy: number; readonly now: number },
): SortedKlines {
  const ms = KLINE_INTERVAL_MS[interval];
  const isOnGrid = ({ openTs, closeTs }: RestKline): boolean => openTs % ms === 0 && closeTs === openTs + ms - 1;
  const onGrid = rows.filter(isOnGrid);
  const open = onGrid.filter(({ closeTs }) => closeTs >= times.closedBy).at(-1);
  return {
    closed: onGrid
      .filter(({ closeTs }) => closeTs < times.closedBy)
      .map((row) => klineOf(symbol, interval, row, times.now)),
    openClosesTs: open === undefined ? undefined : open.closeTs + 1,
    offGrid: rows.filter((row) => !isOnGrid(row)),
  };
}

/** True if the venue revised a closed kline, because late trades belong to it. */
export function isRevised(before: Kline, now: Kline): boolean {
  return (
    before.open_ts === now.open_ts &&
    (['open', 'high', 'low', 'close', 'volume', 'quote_volume', 'trades'] as const).some(
      (field) => before[field] !== now[field],
    )
  );
}

function klineOf(symbol: string, interval: KlineInterval, row: RestKline, now: number): Kline {
  return {
    type: 'kline',
    symbol,
    ts_event: now,
    ts_init: now,
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
    taker_buy_volume: row.takerBuyVolume,
  };
}
