import type { ContractGrid } from '@helios/core/matching/contract-grid.ts';
import { moneyText } from '@helios/core/matching/money.ts';
import { withoutEndZeros } from '@helios/core/price/decimal-text.ts';
import type { AccountTrade } from '../../accounts/trading-account.ts';
import { ok } from '../endpoint.ts';
import { limitParameter, mandatorySymbol } from '../parameters.ts';
import { invalidSymbol } from '../refusal.ts';
import { idNumber } from './id-number.ts';
import { weekWindow } from './order-lists.ts';
import { idParameter } from './order-lookup.ts';
import { badCombination } from './order-refusal.ts';
import { signedEndpoint } from './signed-endpoint.ts';

/** `GET /fapi/v1/userTrades`: the fills of a contract, oldest first. */
export const userTrades = signedEndpoint({
  method: 'GET',
  path: '/fapi/v1/userTrades',
  weight: () => 5,
  answer: ({ query, account, trading }) => {
    const symbol = mandatorySymbol(query);
    if (symbol.kind !== 'VALUE') return symbol;
    const orderId = idParameter(query, 'orderId');
    if (orderId.kind !== 'VALUE') return orderId;
    const fromId = idParameter(query, 'fromId');
    if (fromId.kind !== 'VALUE') return fromId;
    if (fromId.value !== undefined && (query.has('startTime') || query.has('endTime'))) return badCombination();
    const window = weekWindow(query, trading.now());
    if (window.kind !== 'VALUE') return window;
    const limit = limitParameter(query, 500, 1_000);
    if (limit.kind !== 'VALUE') return limit;
    const grid = trading.marketOf(symbol.value)?.grid;
    if (grid === undefined) return invalidSymbol();
    const { from, to, hasStart } = window.value;
    const first = fromId.value;
    const found = trading.accounts
      .history(account)
      .trades()
      .filter(
        (trade) =>
          trade.symbol === symbol.value &&
          (orderId.value === undefined || trade.orderId === orderId.value) &&
          (first === undefined ? trade.time >= from && trade.time <= to : BigInt(trade.id) >= first),
      );
    const isOldest = hasStart || first !== undefined;
    return ok(
      (isOldest ? found.slice(0, limit.value) : found.slice(-limit.value)).map((one) => userTradeRow(one, grid)),
    );
  },
});

function userTradeRow(trade: AccountTrade, grid: ContractGrid): Record<string, unknown> {
  const { side, isMaker, symbol, positionSide, time } = trade;
  return {
    buyer: side === 'BUY',
    commission: moneyText(trade.commission),
    commissionAsset: 'USDT',
    id: trade.id,
    maker: isMaker,
    orderId: idNumber(trade.orderId),
    price: grid.priceText(trade.price),
    qty: grid.quantityText(trade.quantity),
    quoteQty: withoutEndZeros(moneyText(trade.value)),
    realizedPnl: trade.realised === 0n ? '0' : moneyText(trade.realised),
    ...{ side, positionSide, symbol, time },
  };
}
