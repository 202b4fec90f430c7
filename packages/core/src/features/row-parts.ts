import type { Decision, RefusalReport } from '@helios/shared/domain/decision.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { RowPart } from '@helios/shared/domain/row-part.ts';
import { isExit, sideOf, type TradingSignal } from '@helios/shared/domain/signal.ts';
import { sixDigits } from '../price/significant-digits.ts';

/** The candidate that a signal is; exits, hand-made entries and those without features are none. */
export function partOfSignal(signal: TradingSignal): RowPart | undefined {
  const { signal_id: id, symbol, direction, timestamp: ts, features } = signal;
  if (isExit(direction) || features === undefined) return undefined;
  return { kind: 'CANDIDATE', id, symbol, side: sideOf(direction), ts, reason: 'ENTERED', taken: true, features };
}

/** What a report says of a candidate; a trigger that was refused without features is none. */
export function partOfReport(report: RefusalReport): RowPart | undefined {
  if (report.kind === 'MOVED') {
    const { decision_id: id, best_bp, worst_bp, end_ts, is_cut } = report;
    // A gap of the data cut it off: neither its move nor its own barriers are known to their end.
    if (is_cut === true) return { kind: 'DROPPED', id };
    return { kind: 'MOVE', id, best_bp, worst_bp, end_ts };
  }
  if (report.kind === 'FOLLOWED_UP') {
    const { exit_reason = 'MISSED', exit_ts, gross_bp, net_bp } = report.follow_up;
    return { kind: 'OUTCOME', id: report.decision_id, net_bp, gross_bp, exit_reason, exit_ts };
  }
  const { decision, features } = report;
  const { decision_id: id, symbol, direction, timestamp: ts, refused_by: reason } = decision;
  if (features === undefined || reason === undefined) return undefined;
  return { kind: 'CANDIDATE', id, symbol, side: sideOf(direction), ts, reason, taken: false, features };
}

/** The outcome that a closed trade is; one that was closed by hand did not meet its own barriers. */
export function partOfTrade(trade: ClosedTrade): RowPart {
  const { entry_signal_id: id, entry_price, quantity, gross_pnl, realized_pnl, exit_reason, exit_ts } = trade;
  if (exit_reason === undefined) return { kind: 'DROPPED', id };
  const toBp = (amount: number) => sixDigits((10_000 * amount) / (entry_price * quantity));
  return { kind: 'OUTCOME', id, net_bp: toBp(realized_pnl), gross_bp: toBp(gross_pnl), exit_reason, exit_ts };
}

/** The outcome of an entry that became no trade: MISSED earns nothing, DENIED has none. */
export function partOfDecision({ decision_id: id, direction, outcome, timestamp }: Decision): RowPart | undefined {
  if (isExit(direction)) return undefined;
  if (outcome === 'DENIED') return { kind: 'DROPPED', id };
  if (outcome !== 'MISSED') return undefined;
  return { kind: 'OUTCOME', id, net_bp: 0, gross_bp: 0, exit_reason: 'MISSED', exit_ts: timestamp };
}
