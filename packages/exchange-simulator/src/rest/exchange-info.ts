import { ok, type ServedEndpoint } from './endpoint.ts';

/** `GET /fapi/v1/exchangeInfo`: every contract with its filters, and the limits. */
export const exchangeInfoEndpoint: ServedEndpoint = {
  method: 'GET',
  path: '/fapi/v1/exchangeInfo',
  weight: () => 1,
  answer: (_query, exchange) => ok(exchange.exchangeInfo()),
};
