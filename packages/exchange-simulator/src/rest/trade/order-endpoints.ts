import type { ServedEndpoint } from '../endpoint.ts';
import { cancelBatch, modifyBatch, placeBatch } from './batch-orders.ts';
import { countdownCancelAll } from './countdown-cancel-all.ts';
import { cancelOrder, placeOrder, queryOrder, testOrder } from './order.ts';
import { orderAmendment } from './order-amendment.ts';
import { orderListEndpoints } from './order-lists.ts';
import { modifyOrder } from './order-modify.ts';
import { orderRateLimit } from './order-rate-limit.ts';
import { userTrades } from './user-trades.ts';

/** Every endpoint of ordinary orders. */
export const ORDER_ENDPOINTS: readonly ServedEndpoint[] = [
  placeOrder,
  queryOrder,
  cancelOrder,
  modifyOrder,
  testOrder,
  ...orderListEndpoints,
  placeBatch,
  modifyBatch,
  cancelBatch,
  countdownCancelAll,
  orderAmendment,
  orderRateLimit,
  userTrades,
];
