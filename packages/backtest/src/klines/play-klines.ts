import type { MarketTarget, PassableMinute, QuietTarget } from '../data/market-target.ts';
import { CoarseMarket } from './coarse-market.ts';
import { KlineMarket } from './kline-market.ts';
import type { KlineSeries } from './kline-series.ts';
import { PATH_STEPS, type PlayedKlines } from './played-klines.ts';

/** Minutes between two pauses, in which the process may handle Ctrl-C. */
const MINUTES_AT_ONCE = 512;

/**
 * Plays all series together, minute by minute, until `toTs`. The books of all symbols go step by step through a minute, so that no
 * symbol sees its end before another sees its beginning. A book, or a whole minute, that can change nothing is counted, not made. It
 * pauses now and then, and yields the number of minutes played of all series.
 */
export function* playKlines(
  series: readonly KlineSeries[],
  trading: MarketTarget,
  toTs: number,
): Generator<number, void> {
  const markets = series.map(
    (one): PlayedKlines => (one.interval === '1m' ? new KlineMarket(one) : new CoarseMarket(one)),
  );
  const endTs = Math.min(toTs, Number.MAX_VALUE);
  let minutes = 0;
  let candles = 0;
  for (let openTs = earliestOf(markets); openTs <= endTs; openTs = earliestOf(markets)) {
    minutes += 1;
    if (minutes % MINUTES_AT_ONCE === 0) yield candles;
    const isWhole = markets.every(({ nextTs }) => nextTs === openTs);
    const minute = isWhole ? markets : markets.filter(({ nextTs }) => nextTs === openTs);
    candles += minute.length;
    if (minute.length < markets.length) endAbsent(markets, openTs, trading);
    playMinute(minute, trading);
  }
  for (const market of markets) trading.onFrame(market.end('recording ended'));
}

/** Ends each session that has no candle at this minute: no position of it may wait for a price of weeks later. */
function endAbsent(markets: readonly PlayedKlines[], openTs: number, trading: MarketTarget): void {
  for (const market of markets) {
    if (market.nextTs === openTs) continue;
    const events = market.end(market.nextTs === undefined ? 'recording ended' : 'minutes are missing');
    if (events.length > 0) trading.onFrame(events);
  }
}

function playMinute(minute: readonly PlayedKlines[], trading: MarketTarget): void {
  for (const market of minute) {
    const end = market.bridge();
    if (end.length > 0) trading.onFrame(end);
  }
  if (passes(minute, trading.quiet)) return;
  for (const step of PATH_STEPS) for (const market of minute) playBook(market, step, trading);
  for (const market of minute) playClose(market, trading);
}

/** True if nothing in the minute can change anything: then it has passed. */
function passes(minute: readonly PlayedKlines[], quiet: QuietTarget | undefined): boolean {
  return quiet !== undefined && arePassable(minute) && quiet.passMinute(minute);
}

function arePassable(minute: readonly PlayedKlines[]): minute is readonly (PlayedKlines & PassableMinute)[] {
  for (const market of minute) if (!market.isPassable) return false;
  return true;
}

function playBook(market: PlayedKlines, step: number, trading: MarketTarget): void {
  if (!market.hasBook(step)) return;
  const quiet = trading.quiet?.below(market.symbol);
  if (quiet !== undefined && market.isBelow(quiet.threshold, quiet.depth, step)) {
    trading.quiet?.skip(market.skip(step));
    return;
  }
  // Where books may be skipped, no symbol has a position.
  const side = quiet === undefined ? trading.sideOf(market.symbol) : undefined;
  trading.onFrame([market.book(step, side)], () => market.reached(step, side));
}

function playClose(market: PlayedKlines, trading: MarketTarget): void {
  const { quiet } = trading;
  const isQuiet = quiet?.below(market.symbol) !== undefined;
  const klines = market.close();
  if (isQuiet && klines.length > 0) quiet?.passKlines(klines);
  else trading.onFrame(klines);
}

/** Open time of the next minute; infinite at the end. */
function earliestOf(markets: readonly PlayedKlines[]): number {
  let earliest = Number.POSITIVE_INFINITY;
  for (const { nextTs } of markets) if (nextTs !== undefined && nextTs < earliest) earliest = nextTs;
  return earliest;
}
