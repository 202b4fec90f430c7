import type { Kline } from '@helios/shared/domain/market-data.ts';
import { Atr } from '../indicators/true-range.ts';
import type { DayTicker } from './market-survey.ts';

/** Hours the average true range is taken over. */
const ATR_HOURS = 14;

/** Hourly candles to ask for: enough for Wilder's average to have forgotten how it began. */
export const VOLATILITY_KLINES = 48;

/**
 * A random walk with daily standard deviation σ has E[ln(high/low)²] = 4 ln 2 · σ² over the day (Parkinson 1980) and an
 * expected range of √(8/π) · σ/√24 over an hour: together 0.1957 of the day's log range. On recorded candles of eight
 * coins the estimate’s median was 0.86 to 1.02 of the ATR, eight in ten between 0.62 and 1.56 of it.
 */
const HOUR_PER_DAY_RANGE = Math.sqrt(8 / Math.PI) / Math.sqrt(24) / Math.sqrt(4 * Math.LN2);

/** Volatility falls to nothing at this multiple beyond the band, on either side. */
const FADE = 4;

/** ATR of closed hourly candles, oldest first, in percent of the last close; undefined where they are too few or wrong. */
export function hourlyAtrPct(klines: readonly Pick<Kline, 'high' | 'low' | 'close'>[]): number | undefined {
  const atr = new Atr(ATR_HOURS);
  for (const { high, low, close } of klines) atr.update(Number(high), Number(low), Number(close));
  const pct = (100 * (atr.value ?? Number.NaN)) / Number(klines.at(-1)?.close);
  return Number.isFinite(pct) && pct >= 0 ? pct : undefined;
}

/** The same, estimated from the day's high and low. */
export function dayRangePct({ high, low }: DayTicker): number {
  return 100 * HOUR_PER_DAY_RANGE * Math.log(high / low);
}

/**
 * How well a volatility fits: 1 from `lowPct` to `highPct`, falling with its logarithm to 0 at a quarter of the low end
 * (a move that never pays its costs) and at four times the high end (stops are jumped over).
 */
export function volatilityFit(pct: number, lowPct: number, highPct: number): number {
  if (pct <= 0) return 0;
  const beyond = pct < lowPct ? lowPct / pct : pct > highPct ? pct / highPct : 1;
  return Math.max(0, 1 - Math.log(beyond) / Math.log(FADE));
}
