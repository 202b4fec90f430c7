import type { MarketTarget } from '../data/market-target.ts';
import type { KlineSeries } from './kline-data.ts';
import { KlineMarket, PATH_STEPS } from './kline-market.ts';

/** The last book of a minute is always played: prices are sampled there, and books further apart would end the session. */
const LAST_STEP = PATH_STEPS.length - 1;

/** Minutes between two pauses, in which the process may handle Ctrl-C. */
const MINUTES_AT_ONCE = 512;

/**
 * Plays all series together, minute by minute, until `toTs`. The books of all symbols go step by step through a minute, so that no
 * symbol sees its end before another sees its beginning. A book that can change nothing is counted, not made. It pauses now and
 * then, and yields the number of candles played.
 */
export function* playKlines(
  series: readonly KlineSeries[],
  trading: MarketTarget,
  toTs: number,
): Generator<number, void> {
  const markets = series.map((one) => new KlineMarket(one));
  const endTs = Math.min(toTs, Number.MAX_VALUE);
  let minutes = 0;
  let candles = 0;
  for (let openTs = earliestOf(markets); openTs <= endTs; openTs = earliestOf(markets)) {
    minutes += 1;
    if (minutes % MINUTES_AT_ONCE === 0) yield candles;
    const minute = markets.length === 1 ? markets : markets.filter(({ nextTs }) => nextTs === openTs);
    candles += minute.length;
    for (const market of minute) trading.onFrame(market.bridge());
    for (const step of PATH_STEPS) for (const market of minute) playBook(market, step, trading);
    for (const market of minute) trading.onFrame(market.close());
  }
  for (const market of markets) trading.onFrame(market.end('recording ended'));
}

function playBook(market: KlineMarket, step: number, trading: MarketTarget): void {
  if (!market.hasBooks) return;
  const quiet = step === LAST_STEP ? undefined : trading.quietBelow?.(market.symbol);
  if (quiet !== undefined && market.isBelow(quiet.threshold, quiet.depth, step)) {
    market.skip();
    trading.skip?.();
    return;
  }
  trading.onFrame([market.book(step, trading.sideOf(market.symbol))]);
}

/** Open time of the next minute; infinite at the end. */
function earliestOf(markets: readonly KlineMarket[]): number {
  let earliest = Number.POSITIVE_INFINITY;
  for (const { nextTs } of markets) if (nextTs !== undefined && nextTs < earliest) earliest = nextTs;
  return earliest;
}
