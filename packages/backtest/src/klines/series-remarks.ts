import type { KlineSeries } from './kline-series.ts';

const MADE_UP =
  'Candles hold no book: spread, depth and imbalance are made up, and within a minute the worse extreme comes first.';
const LONGER =
  'Longer candles are decided once each, at their first book; between two of them the made-up book is balanced.';
const WORSE_FIRST =
  'Inside them the worse extreme comes first, a third of the candle after the open. One-minute candles (--detail) would tell it.';
const COLD =
  'VOLUME, VWAP and the ATR of one-minute klines stay cold without one-minute candles; stops use the volatility of the mid.';

/** What the candles do not hold, and what was assumed or found instead; one sentence each. */
export function seriesRemarks(series: readonly KlineSeries[]): readonly string[] {
  const longer = series.filter(({ interval }) => interval !== '1m');
  const isAnyWithout = longer.some(({ detail }) => detail === undefined);
  const remarks = [MADE_UP, ...(longer.length > 0 ? [LONGER] : []), ...(isAnyWithout ? [WORSE_FIRST, COLD] : [])];
  return [...remarks, ...filledRemarks(series), ...series.flatMap(remarksOf)];
}

function filledRemarks(series: readonly KlineSeries[]): readonly string[] {
  const filled = series.reduce((sum, one) => sum + one.filled, 0);
  if (filled === 0) return [];
  const what = series.every(({ interval }) => interval === '1m') ? 'minutes' : 'candles';
  return [`${filled} ${what} without a row had no trade: filled with the last price.`];
}

function remarksOf({ instrument, offGrid, knowsBuyers, detail, jumps = [] }: KlineSeries): readonly string[] {
  const { symbol, tick_size } = instrument;
  return [
    ...(knowsBuyers
      ? []
      : [
          `${symbol}: the file does not say how much buyers took. Their share is estimated from the moves (bulk volume classification).`,
        ]),
    ...jumps.map(
      (jump) =>
        `${symbol}: ${jump}. If that is a split, the gains and losses around it are not real: cut the file there.`,
    ),
    ...(offGrid > 0
      ? [
          `${symbol}: ${offGrid} prices lie off the tick of ${tick_size}, that of the first day; name another with --tick.`,
        ]
      : []),
    ...(detail !== undefined && detail.missing > 0
      ? [`${symbol}: ${detail.missing} candles have no one-minute candles; inside them the worse extreme comes first.`]
      : []),
    ...(detail !== undefined && detail.contradicted > 0
      ? [`${symbol}: ${detail.contradicted} candles have another high or low than their one-minute candles.`]
      : []),
  ];
}
