import { moneyText } from '@helios/core/matching/money.ts';
import { withoutEndZeros } from '@helios/core/price/decimal-text.ts';
import { BRACKETS } from '../../listing/brackets.ts';
import { ok } from '../endpoint.ts';
import { optionalListedSymbol } from './asked-symbol.ts';
import { signedEndpoint } from './signed-endpoint.ts';

/** `GET /fapi/v1/leverageBracket`. */
export const leverageBracket = signedEndpoint({
  method: 'GET',
  path: '/fapi/v1/leverageBracket',
  weight: () => 1,
  answer: ({ query, exchange }) => {
    const asked = optionalListedSymbol(query, exchange);
    if (asked.kind !== 'VALUE') return asked;
    const symbol = asked.value;
    const listed = exchange.allListed().filter(({ contract }) => symbol === undefined || contract.symbol === symbol);
    return ok(listed.map(({ contract }) => ({ symbol: contract.symbol, notionalCoef: 1, brackets: ROWS })));
  },
});

const number = (money: bigint): number => Number(withoutEndZeros(moneyText(money)));

const ROWS = BRACKETS.map(({ maxLeverage, floor, cap, rate, cum }, index) => ({
  bracket: index + 1,
  initialLeverage: maxLeverage,
  notionalCap: number(cap),
  notionalFloor: number(floor),
  maintMarginRatio: Number(rate) / 1_000_000,
  cum: number(cum),
}));
