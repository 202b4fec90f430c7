import { ok } from '../endpoint.ts';
import { optionalListedSymbol } from './asked-symbol.ts';
import { maxNotionalText } from './money-fields.ts';
import { signedEndpoint } from './signed-endpoint.ts';

/** `GET /fapi/v1/symbolConfig`, of one symbol or of all. */
export const symbolConfig = signedEndpoint({
  method: 'GET',
  path: '/fapi/v1/symbolConfig',
  weight: () => 5,
  answer: ({ query, account, exchange }) => {
    const asked = optionalListedSymbol(query, exchange);
    if (asked.kind !== 'VALUE') return asked;
    const all = exchange.allListed().map(({ contract }) => contract.symbol);
    const symbols = asked.value === undefined ? all : [asked.value];
    return ok(
      symbols.map((symbol) => ({
        symbol,
        marginType: account.marginType(symbol),
        isAutoAddMargin: false,
        leverage: account.leverage(symbol),
        maxNotionalValue: maxNotionalText(account.leverage(symbol)),
      })),
    );
  },
});
