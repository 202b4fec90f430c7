import type { ServedEndpoint } from '../rest/endpoint.ts';
import { ENDPOINTS } from '../rest/endpoints.ts';

/** REST endpoint of each method: both give the same answers. */
const PATHS = {
  ping: 'GET /fapi/v1/ping',
  time: 'GET /fapi/v1/time',
  depth: 'GET /fapi/v1/depth',
  'ticker.price': 'GET /fapi/v1/ticker/price',
  'ticker.book': 'GET /fapi/v1/ticker/bookTicker',
  'order.place': 'POST /fapi/v1/order',
  'order.test': 'POST /fapi/v1/order/test',
  'order.modify': 'PUT /fapi/v1/order',
  'order.cancel': 'DELETE /fapi/v1/order',
  'order.status': 'GET /fapi/v1/order',
  'algoOrder.place': 'POST /fapi/v1/algoOrder',
  'algoOrder.cancel': 'DELETE /fapi/v1/algoOrder',
  'account.status': 'GET /fapi/v2/account',
  'v2/account.status': 'GET /fapi/v3/account',
  'account.balance': 'GET /fapi/v2/balance',
  'v2/account.balance': 'GET /fapi/v3/balance',
  'account.position': 'GET /fapi/v2/positionRisk',
  'v2/account.position': 'GET /fapi/v3/positionRisk',
  'userDataStream.start': 'POST /fapi/v1/listenKey',
  'userDataStream.ping': 'PUT /fapi/v1/listenKey',
  'userDataStream.stop': 'DELETE /fapi/v1/listenKey',
} as const;

const ENDPOINT_OF: ReadonlyMap<string, ServedEndpoint> = new Map(
  Object.entries(PATHS).flatMap(([method, path]): [string, ServedEndpoint][] => {
    const endpoint = ENDPOINTS.find((one) => `${one.method} ${one.path}` === path);
    return endpoint === undefined ? [] : [[method, endpoint]];
  }),
);

/** The endpoint that answers a method of the WebSocket API; undefined if it has none. */
export function endpointOfMethod(method: string): ServedEndpoint | undefined {
  return ENDPOINT_OF.get(method);
}
