import type { ContractGrid } from '@helios/core/matching/contract-grid.ts';
import type { Order } from '../../trading/order.ts';
import { ok } from '../endpoint.ts';
import { limitParameter, windowParameters } from '../parameters.ts';
import { badValue } from '../refusal.ts';
import { optionalListedSymbol } from './asked-symbol.ts';
import { orderRow } from './order-row.ts';
import { signedEndpoint } from './signed-endpoint.ts';

/** Beginnings of the client order ids with which the venue closes a position. */
const PREFIXES: Readonly<Record<string, string>> = { LIQUIDATION: 'autoclose-', ADL: 'adl_autoclose' };
const USUAL_LIMIT = 50;
const MAX_LIMIT = 100;

/** `GET /fapi/v1/forceOrders`: orders of liquidations and of auto-deleveraging, newest first. */
export const forceOrders = signedEndpoint({
  method: 'GET',
  path: '/fapi/v1/forceOrders',
  weight: (query) => (query.has('symbol') ? 20 : 50),
  answer: ({ query, account, exchange, trading }) => {
    const symbol = optionalListedSymbol(query, exchange);
    if (symbol.kind !== 'VALUE') return symbol;
    const type = query.get('autoCloseType');
    const prefixes = type === null ? Object.values(PREFIXES) : [PREFIXES[type]];
    if (prefixes.includes(undefined)) return badValue('autoCloseType');
    const window = windowParameters(query);
    if (window.kind !== 'VALUE') return window;
    const limit = limitParameter(query, USUAL_LIMIT, MAX_LIMIT);
    if (limit.kind !== 'VALUE') return limit;
    const { from = 0, to = Number.POSITIVE_INFINITY } = window.value;
    const forced = trading.accounts
      .history(account)
      .closedOrders()
      .filter(({ ticket }) => prefixes.some((prefix) => ticket.clientOrderId.startsWith(prefix ?? '')))
      .filter(({ ticket }) => symbol.value === undefined || ticket.symbol === symbol.value)
      .filter(({ time }) => time >= from && time <= to);
    return ok(
      forced
        .slice(-limit.value)
        .toReversed()
        .flatMap((order) => {
          const { symbol: of } = order.ticket;
          const grid = trading.marketOf(of)?.grid;
          return grid === undefined ? [] : [forceRow(order, grid, trading.contractOf(of)?.pair ?? of)];
        }),
    );
  },
});

/** `pair` and `cumBase` are there since COIN-M joined; a USDⓈ-M contract has no base amount. */
function forceRow(order: Order, grid: ContractGrid, pair: string): Record<string, unknown> {
  const {
    priceProtect: _p,
    priceMatch: _m,
    selfTradePreventionMode: _s,
    goodTillDate: _g,
    ...row
  } = orderRow(order, grid);
  return { ...row, pair, cumBase: '0' };
}
