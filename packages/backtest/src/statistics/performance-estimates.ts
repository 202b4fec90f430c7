import { DailyReturns, returnRatios } from '@helios/core/portfolio/daily-returns.ts';
import type { BacktestResult } from '../backtest-result.ts';
import { calmarOf } from './calmar.ts';
import { deflatedSharpe, type SettingTrials } from './deflated-sharpe.ts';
import { pValueOfMean } from './p-value.ts';
import { minTrackRecord, probabilisticSharpe, sharpeSampleOf } from './probabilistic-sharpe.ts';
import { type Estimate, estimatesOf } from './stationary-bootstrap.ts';
import { expectancyOf, profitFactorOf, sqnOf, winRatePctOf } from './trade-figures.ts';

/** Figures with their intervals; each is absent where it is not defined. */
export interface PerformanceEstimates {
  /** Net result per trade, quote currency and basis points of the value at entry. */
  readonly expectancy: Estimate;
  readonly expectancyBp: Estimate;
  readonly winRatePct: Estimate;
  readonly profitFactor: Estimate;
  readonly sqn: Estimate;
  /** Of daily returns, annualised by 365 days; they need ten days. */
  readonly sharpe: Estimate;
  readonly sortino: Estimate;
  readonly calmar: Estimate;
}

/** Probabilities 0..1; each is absent where it is not defined. */
export interface PerformanceProbabilities {
  /** Of a mean result per trade at least this high if the true one were 0. */
  readonly pValue?: number;
  /** That the true Sharpe ratio exceeds 0, of the results per trade and of the daily returns. */
  readonly psrTrades?: number;
  readonly psrDaily?: number;
  /** As `psrTrades`, although the best of `trials` settings is reported. */
  readonly deflated?: number;
  readonly trials: number;
  /** Number of trades after which `psrTrades` would reach 95 % at the same results. */
  readonly tradesNeeded?: number;
}

/** Returns of each UTC day from the first trade to the end, by the rules of the fleet's own statistics. */
export function dailyReturnsOf({ trades, settings, lastTs }: Pick<BacktestResult, 'trades' | 'settings' | 'lastTs'>) {
  const daily = new DailyReturns(settings.performance.risk_free_rate_pct);
  let equity = settings.simulation.starting_balance;
  for (const { realized_pnl, exit_ts } of trades) {
    daily.add(equity, equity + realized_pnl, exit_ts);
    equity += realized_pnl;
  }
  return daily.series(lastDayTs(lastTs));
}

/** A time of the last day that the data reach: an end at midnight, such as the close of a candle, begins no further day. */
export function lastDayTs(lastTs: number): number {
  return Math.max(0, lastTs - 1);
}

/** Estimates of a result; `label` seeds the resamples. */
export function performanceEstimates(
  { pnls, netBps, daily }: { readonly [name in 'pnls' | 'netBps' | 'daily']: readonly number[] },
  riskFreeRatePct: number,
  label: string,
): PerformanceEstimates {
  const riskFreeDaily = riskFreeRatePct / 36_500;
  const ratios = (values: readonly number[]) => returnRatios({ active: values, idleDays: 0 }, riskFreeDaily);
  return {
    ...estimatesOf(
      pnls,
      { expectancy: expectancyOf, winRatePct: winRatePctOf, profitFactor: profitFactorOf, sqn: sqnOf },
      label,
    ),
    ...estimatesOf(netBps, { expectancyBp: expectancyOf }, label),
    ...estimatesOf(
      daily,
      { sharpe: (values) => ratios(values).sharpe, sortino: (values) => ratios(values).sortino, calmar: calmarOf },
      label,
    ),
  };
}

/** Probabilities that a result is luck. `trials` are the settings that were tried. */
export function performanceProbabilities(
  { netBps, daily }: { readonly [name in 'netBps' | 'daily']: readonly number[] },
  trials: SettingTrials,
  label: string,
): PerformanceProbabilities {
  const perTrade = sharpeSampleOf(netBps);
  const perDay = sharpeSampleOf(daily);
  return {
    pValue: pValueOfMean(netBps, label),
    psrTrades: perTrade && probabilisticSharpe(perTrade),
    psrDaily: perDay && probabilisticSharpe(perDay),
    deflated: perTrade && deflatedSharpe(perTrade, trials),
    trials: trials.count,
    tradesNeeded: perTrade && minTrackRecord(perTrade),
  };
}
