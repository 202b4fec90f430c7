import type { ServedEndpoint } from '../endpoint.ts';
import { ACCOUNT_ENDPOINTS } from './account-endpoints.ts';
import { algoEndpoints } from './algo-order.ts';
import { listenKeyEndpoints } from './listen-key.ts';
import { ORDER_ENDPOINTS } from './order-endpoints.ts';
import { spotHostEndpoints } from './spot-host.ts';

/** Every endpoint of accounts and orders. */
export const TRADE_ENDPOINTS: readonly ServedEndpoint[] = [
  ...ORDER_ENDPOINTS,
  ...algoEndpoints,
  ...ACCOUNT_ENDPOINTS,
  ...spotHostEndpoints,
  ...listenKeyEndpoints,
];
