import type { ServedEndpoint } from '../endpoint.ts';
import { ACCOUNT_ENDPOINTS } from './account-endpoints.ts';
import { algoEndpoints } from './algo-order.ts';
import { listenKeyEndpoints } from './listen-key.ts';
import { cancelOrder, openOrders, placeOrder, queryOrder } from './order.ts';
import { spotHostEndpoints } from './spot-host.ts';

/** Every endpoint of accounts and orders. */
export const TRADE_ENDPOINTS: readonly ServedEndpoint[] = [
  placeOrder,
  queryOrder,
  cancelOrder,
  openOrders,
  ...algoEndpoints,
  ...ACCOUNT_ENDPOINTS,
  ...spotHostEndpoints,
  ...listenKeyEndpoints,
];
