import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { MarketRegime } from '@helios/shared/domain/signal.ts';
import type { BacktestResult } from '../backtest-result.ts';
import { CostSplitter, type TradeCosts } from './trade-costs.ts';

/** A closed trade with what the report says about it. */
export interface JudgedTrade {
  readonly trade: ClosedTrade;
  readonly costs: TradeCosts;
  /** Net result, basis points of the value at entry; the unit of `follow_up.net_bp`. */
  readonly netBp: number;
  /** Regime at entry. */
  readonly regime: MarketRegime;
}

/** The trades of a result in order of closing. */
export function judgeTrades(result: Pick<BacktestResult, 'trades' | 'decisions' | 'mids'>): JudgedTrade[] {
  const splitter = new CostSplitter(result);
  const regimes = new Map(result.decisions.map(({ decision_id, regime }) => [decision_id, regime]));
  return result.trades.map((trade) => ({
    trade,
    costs: splitter.costsOf(trade),
    netBp: netBpOf(trade),
    regime: regimes.get(trade.entry_signal_id) ?? 'UNKNOWN',
  }));
}

/** Net result of a trade, basis points of its value at entry. */
export function netBpOf(trade: Pick<ClosedTrade, 'realized_pnl' | 'entry_price' | 'quantity'>): number {
  return (10_000 * trade.realized_pnl) / (trade.entry_price * trade.quantity);
}
