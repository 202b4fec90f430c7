import { DAYS_A_YEAR, MIN_DAYS } from '@helios/core/portfolio/daily-returns.ts';

/**
 * Calmar ratio = compound annual growth / maximum drawdown (T. W. Young 1991), both of the path of daily returns, as quantstats
 * with 365 periods. Undefined below ten days, without a drawdown, and once the equity is zero.
 */
export function calmarOf(daily: readonly number[]): number | undefined {
  if (daily.length < MIN_DAYS) return undefined;
  let [equity, peak, drawdown] = [1, 1, 0];
  for (const r of daily) {
    equity *= 1 + r;
    if (equity <= 0) return undefined;
    peak = Math.max(peak, equity);
    drawdown = Math.max(drawdown, 1 - equity / peak);
  }
  return drawdown < 1e-12 ? undefined : (equity ** (DAYS_A_YEAR / daily.length) - 1) / drawdown;
}
