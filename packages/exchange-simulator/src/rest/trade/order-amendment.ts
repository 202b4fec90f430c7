import type { ContractGrid } from '@helios/core/matching/contract-grid.ts';
import type { AmendmentEntry } from '../../trading/amendment-log.ts';
import { ok } from '../endpoint.ts';
import { limitParameter, mandatorySymbol, windowParameters } from '../parameters.ts';
import { invalidSymbol } from '../refusal.ts';
import { idNumber } from './id-number.ts';
import { orderNameOf } from './order-lookup.ts';
import { signedEndpoint } from './signed-endpoint.ts';

/** `GET /fapi/v1/orderAmendment`: the changes of an order, newest first. */
export const orderAmendment = signedEndpoint({
  method: 'GET',
  path: '/fapi/v1/orderAmendment',
  weight: () => 1,
  answer: ({ query, account, trading }) => {
    const symbol = mandatorySymbol(query);
    if (symbol.kind !== 'VALUE') return symbol;
    const name = orderNameOf(query);
    if (name.kind === 'REFUSED') return name;
    const window = windowParameters(query);
    if (window.kind !== 'VALUE') return window;
    const limit = limitParameter(query, 50, 100);
    if (limit.kind !== 'VALUE') return limit;
    const market = trading.marketOf(symbol.value);
    const contract = trading.contractOf(symbol.value);
    if (market === undefined || contract === undefined) return invalidSymbol();
    const { from = 0, to = Number.POSITIVE_INFINITY } = window.value;
    const entries = trading.amendments.of(
      account.id,
      (entry) =>
        entry.symbol === symbol.value &&
        (name.kind === 'ID' ? entry.orderId === name.id : entry.clientOrderId === name.clientOrderId) &&
        entry.time >= from &&
        entry.time <= to,
    );
    return ok(entries.slice(0, limit.value).map((entry) => amendmentRow(entry, contract.pair, market.grid)));
  },
});

function amendmentRow(entry: AmendmentEntry, pair: string, grid: ContractGrid): Record<string, unknown> {
  const { price, quantity, count } = entry;
  return {
    amendmentId: entry.id,
    symbol: entry.symbol,
    pair,
    orderId: idNumber(entry.orderId),
    clientOrderId: entry.clientOrderId,
    time: entry.time,
    amendment: {
      price: { before: grid.priceText(price.before), after: grid.priceText(price.after) },
      origQty: { before: grid.quantityText(quantity.before), after: grid.quantityText(quantity.after) },
      count,
    },
  };
}
