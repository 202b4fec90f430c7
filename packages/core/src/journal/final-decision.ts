import type { Decision, Denial } from '@helios/shared/domain/decision.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import { isExit, type TradingSignal } from '@helios/shared/domain/signal.ts';
import type { Fill } from '@helios/shared/domain/venue-event.ts';
import { decisionOf } from '../portfolio/decision-of.ts';
import { filledFigures, filledOrderOf } from '../portfolio/filled-order.ts';
import { riskDenialText } from '../risk/denial-text.ts';
import type { OpenSignal } from './open-signal.ts';

interface FinalAnswer {
  readonly open: OpenSignal;
  readonly signal: TradingSignal;
  readonly execution: Execution;
  /** No position explains its fills. */
  readonly isOrphan: boolean;
}

/** Fills in the form of an order. */
export function ordersOf(fills: readonly Fill[]): { readonly fills: ReadonlyMap<string, Fill> } {
  return { fills: new Map(fills.map((fill) => [fill.trade_id, fill])) };
}

/** The decision on a signal with its final answer, unless it closed a position. */
export function finalDecisionOf({ open, signal, execution, isOrphan }: FinalAnswer): Decision {
  const rules = execution.answer === 'DENIED' ? (execution.rules ?? open.rules) : open.rules;
  const common = { ...(rules && { rules: [...rules] }), ...(open.leg && { leg: open.leg }) };
  const filled = filledOrderOf(ordersOf(open.fills));
  if (filled) {
    const figures = { ...filledFigures(filled), ...common };
    if (!isExit(signal.direction)) return decisionOf(signal, 'OPENED', figures, partOf(execution));
    return isOrphan
      ? decisionOf(signal, 'ORPHAN_EXIT', figures)
      : decisionOf(signal, 'CLOSED', figures, partOf(execution, 'in part'));
  }
  if (execution.answer === 'DENIED') return deniedBy(execution.denial, signal, common, execution.ts_event);
  const reason = 'reason' in execution ? execution.reason : 'ended without a fill';
  const remark = execution.answer === 'REJECTED' ? `rejected by the venue: ${reason}` : reason;
  return decisionOf(signal, 'MISSED', common, remark);
}

function deniedBy(denial: Denial, signal: TradingSignal, common: object, nowMs: number): Decision {
  if (denial.code === 'NO_POSITION') return decisionOf(signal, 'ORPHAN_EXIT', common);
  const remark = riskDenialText(denial, signal.symbol, nowMs);
  return decisionOf(signal, 'DENIED', { ...common, denial }, remark);
}

/** Why an order is filled only in part. */
function partOf(execution: Execution, otherwise?: string): string | undefined {
  return 'reason' in execution ? `in part: ${execution.reason}` : otherwise;
}
