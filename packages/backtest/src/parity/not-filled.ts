import { clientOrderIdOf } from '@helios/core/execution/client-order-id.ts';
import type { LedgerEvent } from '@helios/exchange-simulator/audit/venue-ledger.ts';
import { type LegVerdict, unexplainedLeg } from './difference.ts';
import type { EntryFate } from './trade-pairs.ts';
import type { VenueAnswers } from './venue-answers.ts';

/** What the exchange shows of the orders of an entry. */
interface EntryOrders {
  readonly ledger: readonly LedgerEvent[];
  readonly answers: Pick<VenueAnswers, 'refused'>;
}

/** Why a live entry filled nothing: the exchange refused its order, or its history shows the end of one without a fill. */
export function notFilledVerdict({ answer }: EntryFate, { ledger, answers }: EntryOrders): LegVerdict {
  if (answer.answer === 'FILLED') return unexplainedLeg('a filled entry has no trade');
  const detail = 'reason' in answer ? `${answer.answer}: ${answer.reason}` : answer.answer;
  const begin = clientOrderIdOf(answer.signal_id, 'ENTRY', 1).slice(0, -1);
  const orders = ledger.filter((event) => event.kind === 'ORDER').filter(({ order }) => isOf(order.client_order_id));
  const isRefused = answers.refused.some(({ clientId }) => isOf(clientId));
  if (orders.some(({ fill }) => fill !== undefined))
    return unexplainedLeg(`${detail}, but the exchange filled its order`);
  if (orders.length === 0 && !isRefused) return unexplainedLeg(`${detail}, but the exchange never had its order`);
  return { cause: 'NOT_FILLED', detail };

  function isOf(clientId: string): boolean {
    return clientId.startsWith(begin);
  }
}
