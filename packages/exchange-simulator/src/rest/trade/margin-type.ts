import { ok } from '../endpoint.ts';
import { wordParameter } from '../parameters.ts';
import { listedSymbol } from './asked-symbol.ts';
import {
  isolatedInMultiAssets,
  marginTypeWithOrders,
  marginTypeWithPosition,
  sameMarginType,
} from './margin-refusal.ts';
import { SUCCESS } from './money-fields.ts';
import { signedEndpoint } from './signed-endpoint.ts';

/** `POST /fapi/v1/marginType`. */
export const changeMarginType = signedEndpoint({
  method: 'POST',
  path: '/fapi/v1/marginType',
  weight: () => 1,
  answer: ({ query, account, exchange, trading }) => {
    const symbol = listedSymbol(query, exchange);
    if (symbol.kind !== 'VALUE') return symbol;
    const type = wordParameter(query, 'marginType', ['ISOLATED', 'CROSSED']);
    if (type.kind !== 'VALUE') return type;
    if (account.isMultiAssets && type.value === 'ISOLATED') return isolatedInMultiAssets();
    if (account.marginType(symbol.value) === type.value) return sameMarginType();
    if (trading.engine.open.ofAccount(account.id, symbol.value).length > 0) return marginTypeWithOrders();
    if (account.holds(symbol.value)) return marginTypeWithPosition();
    account.setMarginType(symbol.value, type.value);
    return ok(SUCCESS);
  },
});
