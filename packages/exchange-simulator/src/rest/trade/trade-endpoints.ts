import type { ServedEndpoint } from '../endpoint.ts';
import { algoEndpoints } from './algo-order.ts';
import { leverageBracket } from './leverage-bracket.ts';
import { listenKeyEndpoints } from './listen-key.ts';
import { cancelOrder, openOrders, placeOrder, queryOrder } from './order.ts';
import { positionRisk } from './position-risk.ts';
import { spotHostEndpoints } from './spot-host.ts';

/** Every endpoint of accounts and orders. */
export const TRADE_ENDPOINTS: readonly ServedEndpoint[] = [
  placeOrder,
  queryOrder,
  cancelOrder,
  openOrders,
  ...algoEndpoints,
  positionRisk,
  leverageBracket,
  ...spotHostEndpoints,
  ...listenKeyEndpoints,
];
