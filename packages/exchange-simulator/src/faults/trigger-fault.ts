import type { ConditionalOrder } from '../trading/conditional-order.ts';
import type { TriggerFault } from '../trading/conditional-orders.ts';
import type { FaultsOnClock } from './fault-board.ts';

/** What a fault does to a conditional order that triggers now; undefined for nothing. */
export function triggerFault(
  exchange: FaultsOnClock,
  { accountId: account, ticket }: ConditionalOrder,
): TriggerFault | undefined {
  const nowMs = exchange.clock();
  const { faults } = exchange;
  const subject = { symbol: ticket.symbol, account };
  if (faults.hit('stop-stuck', subject, nowMs) !== undefined) return { kind: 'STUCK' };
  const rejected = faults.hit('stop-rejected', subject, nowMs);
  return rejected && { kind: 'DENIED', reason: rejected.reason };
}
