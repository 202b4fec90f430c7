import type { TradingAccount } from '../../accounts/trading-account.ts';
import { marginProblem } from '../../trading/margin-problem.ts';
import type { Amendment } from '../../trading/matching-engine.ts';
import { isOpen, type Order } from '../../trading/order.ts';
import { isTooSmall, orderPrice } from '../../trading/order-checks.ts';
import { quantitySteps } from '../../trading/order-filters.ts';
import type { TradingVenue } from '../../trading/trading-venue.ts';
import { type Answer, ok } from '../endpoint.ts';
import { invalidSymbol, type Refusal } from '../refusal.ts';
import { decimalParameter, priceOf, wordOf } from './new-order-request.ts';
import { findOrder } from './order-lookup.ts';
import {
  amendmentNotionalTooLow,
  invalidSide,
  notTradingForAmendment,
  reduceOnlyMismatch,
  sameOrder,
  tooManyAmendments,
} from './order-refusal.ts';
import { orderAck } from './order-row.ts';
import { type Call, signedEndpoint } from './signed-endpoint.ts';
import { noSuchOrder } from './trade-refusal.ts';

/** An order may be changed fewer times than this. */
const MAX_AMENDMENTS = 10_000;

/** Changes price and quantity of the open order that a request names; batches and the WebSocket API share it. */
export function modifyOpenOrder(call: Call): Answer {
  const { query, account, trading } = call;
  const side = wordOf(query, 'side', ['BUY', 'SELL'] as const, invalidSide);
  if (side.kind !== 'VALUE') return side;
  const quantity = decimalParameter(query, 'quantity');
  if (quantity.kind !== 'VALUE') return quantity;
  const price = priceOf(query);
  if (price.kind !== 'VALUE') return price;
  const found = findOrder(call, noSuchOrder);
  if (found.kind !== 'FOUND') return found;
  const { order, grid } = found;
  if (!isOpen(order)) return noSuchOrder();
  if (order.ticket.side !== side.value) return invalidSide();
  const reduceOnly = query.get('reduceOnly');
  if (reduceOnly !== null && (reduceOnly === 'true') !== order.ticket.reduceOnly) return reduceOnlyMismatch();
  const amendment = readAmendment(trading, order, { quantity: quantity.value, ...price.value });
  if ('kind' in amendment) return amendment;
  const problem = amendmentProblem(trading, account, order, amendment);
  if (problem !== undefined) return problem;
  const before = order.ticket;
  trading.engine.amend(order, amendment);
  if (order.ticket !== before) trading.amendments.add(order, before, trading.now());
  return ok(orderAck(order, grid));
}

/** `PUT /fapi/v1/order`. */
export const modifyOrder = signedEndpoint({
  method: 'PUT',
  path: '/fapi/v1/order',
  weight: () => 0,
  orders: () => 1,
  answer: modifyOpenOrder,
});

function readAmendment(
  trading: TradingVenue,
  { ticket }: Order,
  asked: { readonly quantity: string } & Pick<Amendment, 'priceMatch'> & { readonly price: string | undefined },
): Amendment | Refusal {
  const market = trading.marketOf(ticket.symbol);
  if (market === undefined) return invalidSymbol();
  if (trading.contractOf(ticket.symbol)?.status !== 'TRADING') return notTradingForAmendment();
  const { priceMatch } = asked;
  const price = orderPrice(market, { side: ticket.side, type: 'LIMIT', price: asked.price, priceMatch });
  if (typeof price !== 'number') return price;
  const quantity = quantitySteps(market.grid, asked.quantity, false);
  if (typeof quantity !== 'number') return quantity;
  const sent = { quantity: asked.quantity, ...(asked.price === undefined ? {} : { price: asked.price }) };
  return { price, quantity, priceMatch, sent };
}

function amendmentProblem(
  trading: TradingVenue,
  account: TradingAccount,
  order: Order,
  amendment: Amendment,
): Refusal | undefined {
  const { ticket } = order;
  if (amendment.price === ticket.price && amendment.quantity === ticket.quantity) return sameOrder();
  if (trading.amendments.countOf(order.id) >= MAX_AMENDMENTS - 1) return tooManyAmendments();
  const contract = trading.contractOf(ticket.symbol);
  const market = trading.marketOf(ticket.symbol);
  const changed = { ...ticket, ...amendment };
  if (contract !== undefined && market !== undefined && isTooSmall(market, changed, contract, undefined))
    return amendmentNotionalTooLow(contract.minNotional);
  // An order that filled the new quantity already is canceled, which needs no money.
  const quantity = amendment.quantity - order.filled;
  return quantity > 0 ? marginProblem(account, { ...changed, quantity }, trading, order) : undefined;
}
