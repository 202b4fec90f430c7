import type { RestKline } from '@helios/binance/rest/endpoints/klines.ts';
import { KLINE_INTERVAL_MS, type Kline, type KlineInterval } from '@helios/shared/domain/market-data.ts';

/** An answer of candles, sorted. */
export interface SortedKlines {
  /** Candles that had closed, oldest first. */
  readonly closed: readonly Kline[];
  /** When the newest candle that is still open closes, the venue's clock; undefined where the answer has none. */
  readonly openClosesTs: number | undefined;
  /** Rows whose times do not lie on the interval's grid, as the first ones after a halt may. They are not used. */
  readonly offGrid: readonly RestKline[];
}

/**
 * Sorts rows into candles that had closed before `closedBy` (the venue's clock) and others. `ts_event` is when they were learnt:
 * they close without a message of their own.
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

/** What the venue may still change after a candle has closed, because late trades belong to it. */
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
  };
}
