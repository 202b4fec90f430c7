import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';

type KellySettings = Pick<
  Settings['risk'],
  'kelly_trades' | 'kelly_prior_win_rate' | 'kelly_prior_payoff' | 'kelly_prior_trades' | 'kelly_floor'
>;

/** Recommended stake from recent trades. */
export interface Kelly {
  /** Share of the balance, from `kelly_floor` to 1. */
  readonly fraction: number;
  /** The fraction before the floor: negative if the trades lose money. */
  readonly raw: number;
  /** W: share of trades that won, 0..1. */
  readonly winRate: number;
  /** R: mean gain of a winner over mean loss of a loser. */
  readonly payoff: number;
  /** Trades counted, without the prior. */
  readonly trades: number;
}

type Outcome = Pick<ClosedTrade, 'realized_pnl' | 'quantity' | 'entry_price' | 'exit_ts'>;

/**
 * Kelly = W − (1 − W)/R (J. L. Kelly, "A New Interpretation of Information Rate", 1956, for a bet that pays R to 1), from the
 * newest `kelly_trades` trades, by their net return on notional. A trade with a return of exactly 0 counts as lost.
 *
 * The prior adds `kelly_prior_trades` trades with its win rate and payoff, so a few lucky or unlucky trades change little. The
 * result never falls below `kelly_floor`: a size of zero makes no trades, and without new trades it would stay zero forever.
 * Stopping losing trading is the job of the protections, which end by themselves.
 */
export function kellyOf(trades: readonly Outcome[], settings: KellySettings): Kelly {
  const newest = trades.toSorted((a, b) => b.exit_ts - a.exit_ts).slice(0, settings.kelly_trades);
  const returns = newest.map(({ realized_pnl, quantity, entry_price }) => realized_pnl / (quantity * entry_price));
  const won = returns.filter((net) => net > 0);
  const lost = returns.filter((net) => net <= 0).map((net) => -net);
  const { kelly_prior_win_rate, kelly_prior_payoff, kelly_prior_trades, kelly_floor } = settings;
  const priorWins = kelly_prior_trades * kelly_prior_win_rate;
  const priorLosses = kelly_prior_trades - priorWins;
  const unit = priorLoss(won, lost, kelly_prior_payoff);
  const winRate = (won.length + priorWins) / (returns.length + kelly_prior_trades);
  const meanGain = (sum(won) + priorWins * unit * kelly_prior_payoff) / (won.length + priorWins);
  const meanLoss = (sum(lost) + priorLosses * unit) / (lost.length + priorLosses);
  const payoff = meanGain / meanLoss;
  const raw = winRate - (1 - winRate) / payoff;
  return { fraction: Math.min(Math.max(raw, kelly_floor), 1), raw, winRate, payoff, trades: returns.length };
}

/**
 * Loss of a losing prior trade: the mean of the observed losses, so only the win rate and payoff of the prior count, not its
 * scale.
 */
function priorLoss(won: readonly number[], lost: readonly number[], priorPayoff: number): number {
  const seen = lost.length > 0 ? sum(lost) / lost.length : 0;
  if (seen > 0) return seen;
  return won.length > 0 ? sum(won) / won.length / priorPayoff : 1;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
