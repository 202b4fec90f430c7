import { moneyOf, moneyText } from '@helios/core/matching/money.ts';
import { type Execution, isFinal } from '@helios/shared/domain/execution.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import { auditVenue, LIVE_ORDER_ID, type VenueViolation } from './audit-venue.ts';
import type { Silence } from './cover-gaps.ts';
import { fillsOf, type LedgerEvent, type VenueFill } from './venue-ledger.ts';

/** What an independent auditor reads: the exchange's own history, and the fleet's record. */
export interface AuditInput {
  readonly ledger: readonly LedgerEvent[];
  readonly executions: readonly Execution[];
  readonly trades: readonly ClosedTrade[];
  /** Ids of all signals that somebody sent. */
  readonly signals: readonly string[];
  /** Times at which the venue did not answer; a position may be bare meanwhile. */
  readonly silences?: readonly Silence[];
  /** Wallet before the first event, and now: decimal texts. */
  readonly wallets?: { readonly before: string; readonly after: string };
}

/** A broken invariant, in one sentence. */
export type Violation = VenueViolation | BookViolation;

interface BookViolation {
  readonly code: 'FILL_LOST' | 'FILL_INVENTED' | 'FILL_TWICE' | 'NO_FINAL_ANSWER' | 'SECOND_FINAL_ANSWER' | 'MONEY';
  readonly what: string;
}

/** Checks the invariants of live trading: no order twice, no bare position, one final answer per signal, every fill and every unit of money on record. */
export function audit(input: AuditInput): Violation[] {
  return [
    ...auditVenue(input.ledger, input.silences ?? []),
    ...unmatchedFills(input),
    ...badAnswers(input),
    ...wrongMoney(input),
  ];
}

function unmatchedFills({ ledger, executions }: AuditInput): Violation[] {
  const ours = fillsOf(ledger).filter(({ clientOrderId }) => LIVE_ORDER_ID.test(clientOrderId));
  const told = distinct(executions).flatMap((one) =>
    'fill' in one ? [{ id: one.fill.trade_id, quantity: one.fill.quantity }] : [],
  );
  const counts = new Map<string, number>();
  for (const { id } of told) counts.set(id, (counts.get(id) ?? 0) + 1);
  const known = new Set(fillsOf(ledger).map(({ tradeId }) => tradeId));
  const lost = (fill: VenueFill): Violation[] =>
    counts.has(fill.tradeId)
      ? []
      : [{ code: 'FILL_LOST', what: `trade ${fill.tradeId} of ${fill.clientOrderId} is in no answer` }];
  return [
    ...ours.flatMap(lost),
    ...[...counts].flatMap(([id, count]): Violation[] => [
      ...(count > 1 ? [{ code: 'FILL_TWICE' as const, what: `trade ${id} is in ${count} answers` }] : []),
      ...(known.has(id) ? [] : [{ code: 'FILL_INVENTED' as const, what: `the venue knows no trade ${id}` }]),
    ]),
  ];
}

function badAnswers({ executions, signals }: AuditInput): Violation[] {
  const finals = new Map<string, number>();
  for (const { signal_id, answer } of distinct(executions))
    if (isFinal(answer)) finals.set(signal_id, (finals.get(signal_id) ?? 0) + 1);
  return [...new Set([...signals, ...finals.keys()])].flatMap((id): Violation[] => {
    const count = finals.get(id) ?? 0;
    if (count === 1) return [];
    return count === 0
      ? [{ code: 'NO_FINAL_ANSWER', what: `signal ${id} has no final answer` }]
      : [{ code: 'SECOND_FINAL_ANSWER', what: `signal ${id} has ${count} final answers` }];
  });
}

/** While everything is flat, the trades on record explain the wallet to the last digit. */
function wrongMoney({ trades, wallets }: AuditInput): Violation[] {
  if (wallets === undefined) return [];
  const change = moneyOf(wallets.after) - moneyOf(wallets.before);
  // Fees in another asset leave the wallet alone.
  const booked = trades.reduce(
    (sum, { wallet_pnl, realized_pnl: pnl }) => sum + moneyOf((wallet_pnl ?? pnl).toFixed(8)),
    0n,
  );
  return change === booked
    ? []
    : [{ code: 'MONEY', what: `the wallet changed by ${moneyText(change)}, the trades by ${moneyText(booked)}` }];
}

/** A message may arrive twice, with the same id: that is one answer. */
function distinct(executions: readonly Execution[]): Execution[] {
  return [...new Map(executions.map((one) => [one.execution_id, one])).values()];
}
