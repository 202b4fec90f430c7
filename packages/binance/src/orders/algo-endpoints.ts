import { defineEndpoint, parseAccountRows } from '../rest/endpoint.ts';
import { isLoose } from '../wire/field-checks.ts';
import { badField } from '../wire/wire-fault.ts';
import { type AlgoReport, parseAlgoReport } from './algo-report.ts';
import { parseDone } from './done.ts';

const PATH = '/fapi/v1/algoOrder';

/** A stop that closes at the market. Prices and quantities are decimal strings on the grid of the instrument. */
export interface NewStop {
  readonly symbol: string;
  readonly clientAlgoId: string;
  readonly side: 'BUY' | 'SELL';
  readonly type: 'STOP_MARKET' | 'TAKE_PROFIT_MARKET';
  readonly triggerPrice: string;
  readonly workingType: 'MARK_PRICE' | 'CONTRACT_PRICE';
  /** A quantity is reduce-only; ALL closes whatever is open at the trigger. */
  readonly closes: 'ALL' | { readonly quantity: string };
}

/** `POST /fapi/v1/algoOrder`, signed. */
export const placeStop = defineEndpoint<NewStop, AlgoReport>({
  method: 'POST',
  path: PATH,
  query: ({ closes, ...order }) => ({
    algoType: 'CONDITIONAL',
    ...order,
    ...(closes === 'ALL' ? { closePosition: 'true' } : { quantity: closes.quantity, reduceOnly: 'true' }),
  }),
  weight: () => 0,
  parse: parseAlgoReport,
});

/** `DELETE /fapi/v1/algoOrder`, signed: resolves with the id of the cancelled order. */
export const cancelStop = defineEndpoint<{ readonly clientAlgoId: string }, { readonly clientAlgoId: string }>({
  method: 'DELETE',
  path: PATH,
  query: ({ clientAlgoId }) => ({ clientAlgoId }),
  weight: () => 1,
  parse(json) {
    const clientAlgoId = isLoose(json) ? json['clientAlgoId'] : undefined;
    return typeof clientAlgoId === 'string' ? { clientAlgoId } : badField('algo order', 'clientAlgoId', clientAlgoId);
  },
});

/** `GET /fapi/v1/algoOrder`, signed: a conditional order in any state. */
export const queryStop = defineEndpoint<{ readonly clientAlgoId: string }, AlgoReport>({
  path: PATH,
  query: ({ clientAlgoId }) => ({ clientAlgoId }),
  weight: () => 1,
  parse: parseAlgoReport,
});

/** `GET /fapi/v1/openAlgoOrders`, signed: all waiting conditional orders of the account, or of one symbol. */
export const openStops = defineEndpoint<{ readonly symbol?: string }, readonly AlgoReport[]>({
  path: '/fapi/v1/openAlgoOrders',
  query: ({ symbol }) => ({ symbol }),
  weight: ({ symbol }) => (symbol === undefined ? 40 : 1),
  parse: (json) => parseAccountRows('openAlgoOrders', json, parseAlgoReport),
});

/** `DELETE /fapi/v1/algoOpenOrders`, signed: cancels all conditional orders of a symbol; ordinary ones stay. */
export const cancelAllStops = defineEndpoint<{ readonly symbol: string }, 'DONE'>({
  method: 'DELETE',
  path: '/fapi/v1/algoOpenOrders',
  query: ({ symbol }) => ({ symbol }),
  weight: () => 1,
  parse: parseDone,
});
