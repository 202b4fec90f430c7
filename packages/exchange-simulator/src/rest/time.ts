import { type Endpoint, ok } from './endpoint.ts';

/** `GET /fapi/v1/time`. */
export const time: Endpoint = {
  method: 'GET',
  path: '/fapi/v1/time',
  weight: () => 1,
  answer: (_query, exchange) => ok({ serverTime: exchange.now() }),
};
