import type { DecisionOutcome } from '@helios/shared/domain/decision.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { PerformanceSummary } from '@helios/shared/domain/statistics.ts';
import { addMoney, roundMoney } from '../price/significant-digits.ts';
import { DailyReturns } from './daily-returns.ts';
import { isHandMade } from './hand-made-signal.ts';

export interface StatisticsParams {
  readonly run: string;
  /** The simulation mode, or `live`. */
  readonly mode: string;
  /** Quote currency. */
  readonly startingBalance: number;
  /** Annual rate, percent. */
  readonly riskFreeRatePct: number;
}

/**
 * Running performance of one run. Add trades one by one, or all at once after a restart: the same trades in the same order give
 * bit-identical figures.
 *
 * The equity path is the starting balance plus realised PnL, one step per trade. A simulated account without margin is never
 * liquidated, so equity can fall below zero; drawdown is capped at 100 %.
 */
export class PerformanceStatistics {
  readonly #params: StatisticsParams;
  readonly #returns: DailyReturns;
  #trades = 0;
  #wins = 0;
  #pnl = 0;
  #gross = 0;
  #fees = 0;
  #funding = 0;
  #won = 0;
  #lost = 0;
  #best = Number.NEGATIVE_INFINITY;
  #worst = Number.POSITIVE_INFINITY;
  #peak: number;
  #maxDrawdownPct = 0;
  #streak = 0;
  #longestWin = 0;
  #longestLoss = 0;
  #externalTrades = 0;
  #externalPnl = 0;
  readonly #counts = { signals: 0, replaced: 0, missed: 0, orphan_exits: 0, denied: 0 };

  constructor(params: StatisticsParams) {
    this.#params = params;
    this.#peak = params.startingBalance;
    this.#returns = new DailyReturns(params.riskFreeRatePct);
  }

  /** Adds a closed round trip; call in the order of closing. Trades opened by hand are counted separately. */
  addTrade(trade: ClosedTrade): void {
    if (isHandMade(trade)) {
      this.#externalTrades += 1;
      this.#externalPnl = addMoney(this.#externalPnl, trade.realized_pnl);
      return;
    }
    const before = this.#equity();
    const pnl = trade.realized_pnl;
    this.#trades += 1;
    this.#pnl = addMoney(this.#pnl, pnl);
    this.#gross = addMoney(this.#gross, trade.gross_pnl);
    this.#fees = addMoney(this.#fees, trade.fees);
    this.#funding = addMoney(this.#funding, trade.funding ?? 0);
    this.#best = Math.max(this.#best, pnl);
    this.#worst = Math.min(this.#worst, pnl);
    this.#countStreak(pnl);
    const after = this.#equity();
    this.#peak = Math.max(this.#peak, after);
    this.#maxDrawdownPct = Math.max(this.#maxDrawdownPct, this.#drawdownPct());
    this.#returns.add(before, after, trade.exit_ts);
  }

  /** Counts `count` decisions with this outcome; `isNew` is false if they were counted as RESTING before. */
  addOutcome(outcome: DecisionOutcome, isNew: boolean, count = 1): void {
    if (isNew) this.#counts.signals += count;
    if (outcome === 'REPLACED') this.#counts.replaced += count;
    if (outcome === 'MISSED') this.#counts.missed += count;
    if (outcome === 'DENIED') this.#counts.denied += count;
    if (outcome === 'ORPHAN_EXIT') this.#counts.orphan_exits += count;
  }

  /** The figures at `updatedTs` (market time, which decides the current day). */
  summary(updatedTs: number): PerformanceSummary {
    const losses = this.#trades - this.#wins;
    const today = this.#returns.today(updatedTs);
    return {
      run: this.#params.run,
      mode: this.#params.mode,
      total_pnl: this.#pnl,
      total_trades: this.#trades,
      wins: this.#wins,
      losses,
      win_rate: this.#trades === 0 ? 0 : roundMoney((100 * this.#wins) / this.#trades),
      max_drawdown_pct: roundMoney(this.#maxDrawdownPct),
      drawdown_pct: roundMoney(this.#drawdownPct()),
      day_pnl: today?.pnl ?? 0,
      day_start_equity: today?.startEquity ?? this.#params.startingBalance,
      peak_equity: this.#peak,
      equity: this.#equity(),
      starting_balance: this.#params.startingBalance,
      gross_pnl: this.#gross,
      total_fees: this.#fees,
      total_funding: this.#funding,
      ...defined({
        profit_factor: this.#lost === 0 ? undefined : this.#won / -this.#lost,
        expectancy: this.#trades === 0 ? undefined : this.#pnl / this.#trades,
        average_win: this.#wins === 0 ? undefined : this.#won / this.#wins,
        average_loss: losses === 0 ? undefined : this.#lost / losses,
        best_trade: this.#trades === 0 ? undefined : this.#best,
        worst_trade: this.#trades === 0 ? undefined : this.#worst,
        ...this.#returns.ratios(updatedTs),
      }),
      max_win_streak: this.#longestWin,
      max_loss_streak: this.#longestLoss,
      current_streak: this.#streak,
      ...this.#counts,
      external_trades: this.#externalTrades,
      external_pnl: this.#externalPnl,
      updated_ts: updatedTs,
    };
  }

  /** Distance below the peak, percent of the peak. */
  #drawdownPct(): number {
    return Math.min(100, (100 * addMoney(this.#peak, -this.#equity())) / this.#peak);
  }

  #equity(): number {
    return addMoney(this.#params.startingBalance, this.#pnl);
  }

  /** A trade with a PnL of exactly 0 counts as a loss. */
  #countStreak(pnl: number): void {
    if (pnl > 0) {
      this.#wins += 1;
      this.#won = addMoney(this.#won, pnl);
      this.#streak = Math.max(1, this.#streak + 1);
    } else {
      this.#lost = addMoney(this.#lost, pnl);
      this.#streak = Math.min(-1, this.#streak - 1);
    }
    this.#longestWin = Math.max(this.#longestWin, this.#streak);
    this.#longestLoss = Math.max(this.#longestLoss, -this.#streak);
  }
}

type Optional =
  | 'profit_factor'
  | 'expectancy'
  | 'average_win'
  | 'average_loss'
  | 'best_trade'
  | 'worst_trade'
  | 'sharpe'
  | 'sortino';

/** Drops undefined figures. */
function defined(figures: Record<Optional, number | undefined>): Partial<Pick<PerformanceSummary, Optional>> {
  return Object.fromEntries(
    Object.entries(figures).flatMap(([name, figure]) => (figure === undefined ? [] : [[name, roundMoney(figure)]])),
  );
}
