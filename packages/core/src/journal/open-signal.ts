import type { Execution } from '@helios/shared/domain/execution.ts';
import type { LegRecord } from '@helios/shared/domain/leg-record.ts';
import type { RiskRuleResult } from '@helios/shared/domain/risk-rule.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import type { Fill } from '@helios/shared/domain/venue-event.ts';
import { actionOf, farSide } from '../execution/fill.ts';
import { addMoney, roundMoney } from '../price/significant-digits.ts';

/** A signal without a final answer, as the ledger stores it. Its messages may arrive in any order. */
export interface OpenSignal {
  readonly signal_id: string;
  /** Absent until the signal arrives. */
  readonly signal?: TradingSignal;
  readonly rules?: readonly RiskRuleResult[];
  readonly leverage?: number;
  /** Answers that wait for the signal, oldest first. */
  readonly waiting: readonly Execution[];
  /** Fills so far. */
  readonly fills: readonly Fill[];
  readonly leg?: LegRecord;
  /** The position that its fills change. */
  readonly position_id?: string;
  /** True if the ledger has a decision on it. */
  readonly is_on_record: boolean;
  /** True if that decision is final: the position is closed. */
  readonly is_answered: boolean;
}

/** A signal of which only its id is known. */
export function unknownSignal(signal_id: string): OpenSignal {
  return { signal_id, waiting: [], fills: [], is_on_record: false, is_answered: false };
}

/** Price at the decision: what a taker would have paid, or the price of a signal without a quote. */
export function decisionPriceOf({ direction, quote, entry_price }: TradingSignal): number {
  return quote ? farSide(actionOf(direction), quote) : entry_price;
}

/** The fill of an answer, with its slippage; undefined if the answer has none. */
export function liveFillOf(execution: Execution, signal: TradingSignal): Fill | undefined {
  if (execution.answer !== 'FILLED' && execution.answer !== 'PARTIALLY_FILLED') return undefined;
  const { fill, client_order_id = execution.signal_id, ts_event } = execution;
  const slippage = fill.slippage !== 0 ? fill.slippage : slippageOf(fill, signal);
  return { kind: 'FILL', client_order_id, ts_event: execution.times?.venue_ts ?? ts_event, ...fill, slippage };
}

function slippageOf(
  { price, quantity, liquidity }: Pick<Fill, 'price' | 'quantity' | 'liquidity'>,
  signal: TradingSignal,
) {
  if (liquidity === 'MAKER') return 0;
  const decided = decisionPriceOf(signal);
  const worse = actionOf(signal.direction) === 'BUY' ? addMoney(price, -decided) : addMoney(decided, -price);
  return roundMoney(Math.max(0, worse) * quantity);
}

/** The record of a leg after one more fill. */
export function legAfter(leg: LegRecord | undefined, execution: Execution, signal: TradingSignal): LegRecord {
  const { times } = execution;
  const venueTs = times?.venue_ts ?? execution.ts_event;
  return {
    decision_price: leg?.decision_price ?? decisionPriceOf(signal),
    decided_ts: leg?.decided_ts ?? signal.ts_init,
    ...first('received_ts', leg, times),
    ...first('sent_ts', leg, times),
    ...first('acknowledged_ts', leg, times),
    filled_ts: Math.max(leg?.filled_ts ?? 0, execution.ts_init),
    venue_ts: Math.max(leg?.venue_ts ?? 0, venueTs),
  };
}

type Stage = 'received_ts' | 'sent_ts' | 'acknowledged_ts';

function first(stage: Stage, leg: LegRecord | undefined, times: Execution['times']): Partial<Record<Stage, number>> {
  const ts = leg?.[stage] ?? times?.[stage];
  return ts === undefined ? {} : { [stage]: ts };
}
