import { ok, type ServedEndpoint } from './endpoint.ts';

/** `GET /fapi/v1/time`. */
export const time: ServedEndpoint = {
  method: 'GET',
  path: '/fapi/v1/time',
  weight: () => 1,
  answer: (_query, exchange) => ok({ serverTime: exchange.now() }),
};
