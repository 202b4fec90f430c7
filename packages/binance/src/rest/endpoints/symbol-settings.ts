import { parseDone } from '../../orders/done.ts';
import { isLoose, isWhole } from '../../wire/field-checks.ts';
import { badField } from '../../wire/wire-fault.ts';
import { defineEndpoint } from '../endpoint.ts';

/** `POST /fapi/v1/leverage`, signed: answers with the leverage that is set now. */
export const postLeverage = defineEndpoint<{ readonly symbol: string; readonly leverage: number }, number>({
  method: 'POST',
  path: '/fapi/v1/leverage',
  query: ({ symbol, leverage }) => ({ symbol, leverage }),
  weight: () => 1,
  parse(json) {
    const leverage = isLoose(json) ? json['leverage'] : undefined;
    return isWhole(leverage) ? leverage : badField('leverage', 'leverage', leverage);
  },
});

/** `POST /fapi/v1/marginType`, signed; -4046 if it is set already. */
export const postMarginType = defineEndpoint<
  { readonly symbol: string; readonly marginMode: 'ISOLATED' | 'CROSSED' },
  'DONE'
>({
  method: 'POST',
  path: '/fapi/v1/marginType',
  query: ({ symbol, marginMode }) => ({ symbol, marginType: marginMode }),
  weight: () => 1,
  parse: parseDone,
});
