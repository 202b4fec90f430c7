import type { ContractGrid } from '@helios/core/matching/contract-grid.ts';
import { isOpen, type Order } from '../../trading/order.ts';
import type { TradingVenue } from '../../trading/trading-venue.ts';
import { mandatorySymbol, type Parameter } from '../parameters.ts';
import { illegalCharacters, invalidSymbol, missing, type Refusal } from '../refusal.ts';
import { eitherMissing } from './order-refusal.ts';
import type { Call } from './signed-endpoint.ts';

const ID = /^\d{1,19}$/;
const DAY_MS = 86_400_000;
/** How long the venue shows an order that ended without a fill, and any other. */
const UNFILLED_DAYS = 3;
const SHOWN_DAYS = 90;

/** What names an order: its id, or else its client order id. */
export type OrderName =
  | { readonly kind: 'ID'; readonly id: bigint }
  | { readonly kind: 'CLIENT_ID'; readonly clientOrderId: string };

/** A found order and the grid of its contract. */
export interface FoundOrder {
  readonly kind: 'FOUND';
  readonly order: Order;
  readonly grid: ContractGrid;
}

/** `orderId` or `origClientOrderId`; the id counts if both are sent. */
export function orderNameOf(query: URLSearchParams): OrderName | Refusal {
  const id = query.get('orderId');
  if (id !== null && id !== '') return idName('orderId', id);
  const clientOrderId = query.get('origClientOrderId') ?? '';
  return clientOrderId === '' ? eitherMissing('origClientOrderId', 'orderId') : { kind: 'CLIENT_ID', clientOrderId };
}

/** An order id of any size; clients send it as a number or as text. */
export function idName(name: string, text: string): OrderName | Refusal {
  return ID.test(text) ? { kind: 'ID', id: BigInt(text) } : illegalCharacters(name);
}

/** An optional id; undefined if it is not sent. */
export function idParameter(query: URLSearchParams, name: string): Parameter<bigint | undefined> {
  const text = query.get(name);
  if (text === null) return { kind: 'VALUE', value: undefined };
  if (text === '') return missing(name);
  return ID.test(text) ? { kind: 'VALUE', value: BigInt(text) } : illegalCharacters(name);
}

/**
 * The order that a request names, open or closed.
 * @param unknown the refusal if there is none
 */
export function findOrder({ query, account, trading }: Call, unknown: () => Refusal): FoundOrder | Refusal {
  const symbol = mandatorySymbol(query);
  if (symbol.kind !== 'VALUE') return symbol;
  const name = orderNameOf(query);
  if (name.kind === 'REFUSED') return name;
  const grid = trading.marketOf(symbol.value)?.grid;
  if (grid === undefined) return invalidSymbol();
  const order = orderNamed(trading, account.id, symbol.value, name);
  return order === undefined || isForgotten(order, trading.now()) ? unknown() : { kind: 'FOUND', order, grid };
}

/** The open order of that name; otherwise the newest closed one. */
export function orderNamed(
  { engine: { open }, accounts }: TradingVenue,
  accountId: string,
  symbol: string,
  name: OrderName,
): Order | undefined {
  const account = accounts.byId(accountId);
  if (account === undefined) return undefined;
  const history = accounts.history(account);
  if (name.kind === 'ID') {
    const order = open.byId(accountId, symbol, name.id) ?? history.closedOrder(name.id);
    return order?.ticket.symbol === symbol ? order : undefined;
  }
  const { clientOrderId } = name;
  return (
    open.byClientId(accountId, symbol, clientOrderId) ??
    history.closedOrders().findLast(({ ticket }) => ticket.clientOrderId === clientOrderId && ticket.symbol === symbol)
  );
}

/** True for an order that is so old that the venue does not show it any more. */
export function isForgotten(order: Order, nowTs: number): boolean {
  if (isOpen(order)) return false;
  const days = order.filled === 0 ? UNFILLED_DAYS : SHOWN_DAYS;
  return order.time + days * DAY_MS < nowTs;
}
