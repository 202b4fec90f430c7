import { ok, type ServedEndpoint } from '../endpoint.ts';
import { wordParameter } from '../parameters.ts';
import { SUCCESS } from './money-fields.ts';
import { signedEndpoint } from './signed-endpoint.ts';

const PATH = '/fapi/v1/feeBurn';

/** `GET` and `POST /fapi/v1/feeBurn`. The switch is kept; fees stay in USDT, because no account owns BNB. */
export const feeBurnEndpoints: readonly ServedEndpoint[] = [
  signedEndpoint({
    method: 'GET',
    path: PATH,
    weight: () => 30,
    answer: ({ account }) => ok({ feeBurn: account.paysFeesInBnb }),
  }),
  signedEndpoint({
    method: 'POST',
    path: PATH,
    weight: () => 1,
    answer: ({ query, account }) => {
      const word = wordParameter(query, 'feeBurn', ['true', 'false']);
      if (word.kind !== 'VALUE') return word;
      account.paysFeesInBnb = word.value === 'true';
      return ok(SUCCESS);
    },
  }),
];
