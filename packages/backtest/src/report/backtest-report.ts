import type { PerformanceSummary } from '@helios/shared/domain/statistics.ts';
import type { GateSeparation } from '../attribution/gate-effects.ts';
import type { GateJudgement } from '../attribution/gate-judgements.ts';
import type { JudgedTrade } from '../attribution/judged-trade.ts';
import type { Grouping, TradeGroup } from '../attribution/trade-groups.ts';
import type { BacktestResult } from '../backtest-result.ts';
import type { BuyAndHold } from '../statistics/buy-and-hold.ts';
import type { EquityPoint } from '../statistics/equity-curve.ts';
import type { MonthResult } from '../statistics/months.ts';
import type { PerformanceEstimates, PerformanceProbabilities } from '../statistics/performance-estimates.ts';
import type { ResultDistribution } from '../statistics/result-distribution.ts';
import type { ChangedSetting } from './changed-settings.ts';

/** One sentence of the verdict. GOOD and BAD speak for or against the strategy, DOUBT against the proof. */
export interface Remark {
  readonly kind: 'GOOD' | 'BAD' | 'DOUBT' | 'NOTE';
  readonly text: string;
}

/** All figures of a result. Text, JSON and page show these and compute none of their own. */
export interface BacktestReport {
  readonly result: BacktestResult;
  readonly mode: string;
  /** Settings that differ from their defaults. */
  readonly changed: readonly ChangedSetting[];
  readonly summary: PerformanceSummary;
  /** Percent of the starting balance. */
  readonly returnPct: number;
  readonly estimates: PerformanceEstimates;
  readonly probabilities: PerformanceProbabilities;
  readonly trades: readonly JudgedTrade[];
  readonly total: TradeGroup;
  readonly groups: Readonly<Record<Grouping, readonly TradeGroup[]>>;
  readonly gates: readonly GateJudgement[];
  /** What each gate refused against what it passed. */
  readonly gate_effects: readonly GateSeparation[];
  readonly months: readonly MonthResult[];
  readonly distribution: ResultDistribution;
  readonly equity: readonly EquityPoint[];
  readonly hold?: BuyAndHold;
  /** Plain sentences on what the figures prove. */
  readonly verdict: readonly Remark[];
}
