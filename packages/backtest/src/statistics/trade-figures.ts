import { mean } from '@helios/synthetic-market/series-statistics.ts';
import { spreadOf } from './moments.ts';

/** Mean net result per trade; undefined without trades. As freqtrade's expectancy, without its 0 for no trades. */
export function expectancyOf(pnls: readonly number[]): number | undefined {
  return mean(pnls);
}

/** Sum of gains / sum of losses, as freqtrade; undefined without losses. */
export function profitFactorOf(pnls: readonly number[]): number | undefined {
  let [won, lost] = [0, 0];
  for (const pnl of pnls) {
    if (pnl > 0) won += pnl;
    else lost -= pnl;
  }
  return lost === 0 ? undefined : won / lost;
}

/** Share of trades with a net gain, percent; a trade with exactly 0 is no win. Undefined without trades. */
export function winRatePctOf(pnls: readonly number[]): number | undefined {
  return mean(pnls.map((pnl) => (pnl > 0 ? 100 : 0)));
}

/**
 * System quality number (V. Tharp, "Trade Your Way to Financial Freedom"): √n × mean / sample standard deviation. As freqtrade,
 * of the net result per trade instead of multiples of the risk. Undefined for fewer than two trades and for equal results.
 */
export function sqnOf(pnls: readonly number[]): number | undefined {
  const perTrade = sharpePerReturn(pnls);
  return perTrade === undefined ? undefined : perTrade * Math.sqrt(pnls.length);
}

/** Mean / sample standard deviation, not annualised; undefined for fewer than two values and for equal ones. */
export function sharpePerReturn(values: readonly number[]): number | undefined {
  const spread = spreadOf(values);
  const centre = mean(values);
  return spread === undefined || centre === undefined ? undefined : centre / spread;
}
