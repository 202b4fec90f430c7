import type { Kline } from '@helios/shared/domain/market-data.ts';
import { RANGE_PER_SIGMA } from '../indicators/random-walk.ts';
import { Atr } from '../indicators/true-range.ts';
import type { DayTicker } from './market-survey.ts';

/** Period of the average true range, hours. */
const ATR_HOURS = 14;

/** Number of hourly klines to request: enough to make the start value of Wilder's average irrelevant. */
export const VOLATILITY_KLINES = 48;

/**
 * A random walk with daily standard deviation σ has E[ln(high/low)²] = 4 ln 2 · σ² over the day (Parkinson 1980) and an expected
 * range of √(8/π) · σ/√24 over an hour. Together: 0.1957 of the log range of the day. On recorded klines of eight coins, the
 * median of the estimate was 0.86 to 1.02 of the ATR; eight in ten estimates were between 0.62 and 1.56 of it.
 */
const HOUR_PER_DAY_RANGE = RANGE_PER_SIGMA / Math.sqrt(24) / Math.sqrt(4 * Math.LN2);

/** The fit falls to 0 at this factor outside the band, on either side. */
const FADE = 4;

/** ATR of closed hourly klines (oldest first), percent of the last close; undefined if there are too few or invalid ones. */
export function hourlyAtrPct(klines: readonly Pick<Kline, 'high' | 'low' | 'close'>[]): number | undefined {
  const atr = new Atr(ATR_HOURS);
  for (const { high, low, close } of klines) atr.update(Number(high), Number(low), Number(close));
  const pct = (100 * (atr.value ?? Number.NaN)) / Number(klines.at(-1)?.close);
  return Number.isFinite(pct) && pct >= 0 ? pct : undefined;
}

/** The hourly ATR, estimated from the high and low of the day. */
export function dayRangePct({ high, low }: DayTicker): number {
  return 100 * HOUR_PER_DAY_RANGE * Math.log(high / low);
}

/**
 * How well a volatility fits. 1 from `lowPct` to `highPct`; it falls with the logarithm to 0 at a quarter of the low end (moves
 * never pay their costs) and at four times the high end (prices jump over stops).
 */
export function volatilityFit(pct: number, lowPct: number, highPct: number): number {
  if (pct <= 0) return 0;
  const beyond = pct < lowPct ? lowPct / pct : pct > highPct ? pct / highPct : 1;
  return Math.max(0, 1 - Math.log(beyond) / Math.log(FADE));
}
