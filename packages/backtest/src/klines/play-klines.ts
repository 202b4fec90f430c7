import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { MarketTarget } from '../data/market-target.ts';
import type { KlineSeries } from './kline-data.ts';
import { KlineMarket, PATH_STEPS } from './kline-market.ts';
import type { KlineRow } from './kline-row.ts';

/** The candles of one symbol, and the place of the next one. */
interface OpenSeries {
  readonly market: KlineMarket;
  readonly rows: readonly KlineRow[];
  next: number;
}

/** Minutes between two pauses, in which the process may handle Ctrl-C. */
const MINUTES_AT_ONCE = 512;

/**
 * Plays all series together, minute by minute, until `toTs`. The books of all symbols go step by step through a minute, so that no
 * symbol sees its end before another sees its beginning. It pauses now and then, and yields the number of candles played.
 */
export function* playKlines(
  series: readonly KlineSeries[],
  trading: MarketTarget,
  toTs: number,
): Generator<number, void> {
  let minutes = 0;
  let candles = 0;
  const open = series.map(
    ({ instrument, rows }): OpenSeries => ({ market: new KlineMarket(instrument), rows, next: 0 }),
  );
  for (let openTs = earliestOf(open); openTs !== undefined && openTs <= toTs; openTs = earliestOf(open)) {
    minutes += 1;
    if (minutes % MINUTES_AT_ONCE === 0) yield candles;
    const minute = open.filter(({ rows, next }) => rows[next]?.openTs === openTs);
    candles += minute.length;
    for (const { market } of minute) trading.onFrame(market.bridge(openTs));
    for (const step of PATH_STEPS)
      forEachRow(minute, (market, row) => market.book(row, step, trading.sideOf(market.symbol)));
    forEachRow(minute, (market, row) => market.close(row));
    for (const one of minute) one.next += 1;
  }
  for (const { market } of open) trading.onFrame(market.end('recording ended'));

  function forEachRow(
    minute: readonly OpenSeries[],
    eventsOf: (market: KlineMarket, row: KlineRow) => readonly MarketEvent[],
  ) {
    for (const { market, rows, next } of minute) {
      const row = rows[next];
      if (row !== undefined) trading.onFrame(eventsOf(market, row));
    }
  }
}

/** Open time of the next minute; undefined at the end. */
function earliestOf(open: readonly OpenSeries[]): number | undefined {
  const times = open.flatMap(({ rows, next }) => rows[next]?.openTs ?? []);
  return times.length === 0 ? undefined : Math.min(...times);
}
