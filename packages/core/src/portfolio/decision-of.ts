import type { Decision, DecisionOutcome } from '@helios/shared/domain/decision.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';

/** Figures of a decision that its signal does not have. */
export type DecisionFigures = Partial<
  Pick<
    Decision,
    | 'fill_price'
    | 'liquidity'
    | 'position_size'
    | 'beyond_book_qty'
    | 'gross_pnl'
    | 'fees'
    | 'slippage'
    | 'funding'
    | 'funding_times_missed'
    | 'realized_pnl'
    | 'denial'
    | 'rules'
    | 'trade_origin'
    | 'leg'
  >
>;

/** The normalised decision record of a signal and its outcome; `remark` is added to the reason. */
export function decisionOf(
  signal: TradingSignal,
  outcome: DecisionOutcome,
  figures: DecisionFigures = {},
  remark?: string,
): Decision {
  return {
    decision_id: signal.signal_id,
    signal_id: signal.signal_id,
    run: signal.run,
    symbol: signal.symbol,
    direction: signal.direction,
    outcome,
    timestamp: signal.timestamp,
    ts_init: signal.ts_init,
    confidence: signal.confidence,
    nobi_value: signal.nobi_value,
    order_flow: signal.order_flow,
    entry_price: signal.entry_price,
    reason: remark === undefined ? signal.reason : `${signal.reason} (${remark})`,
    exit_reason: signal.exit_reason,
    stop_loss: signal.stop_loss,
    take_profit: signal.take_profit,
    regime: signal.regime,
    entry_reason: signal.entry_reason,
    horizon_min: signal.horizon_min,
    model: signal.model,
    gates: signal.gates,
    origin: signal.origin,
    ...figures,
  };
}
