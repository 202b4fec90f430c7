import { ok } from '../endpoint.ts';
import { signedEndpoint } from './signed-endpoint.ts';

/** `GET /fapi/v1/rateLimit/order`: how many orders the account may send. */
export const orderRateLimit = signedEndpoint({
  method: 'GET',
  path: '/fapi/v1/rateLimit/order',
  weight: () => 1,
  answer: ({ exchange: { orderMeter } }) =>
    ok([
      { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: orderMeter.limits.perTenSeconds },
      { rateLimitType: 'ORDERS', interval: 'MINUTE', intervalNum: 1, limit: orderMeter.limits.perMinute },
    ]),
});
