import type { Credentials } from './clients.ts';
import { KEY, type Row, SYMBOL } from './session.ts';

const MARKET = 'BTC/USDT:USDT';
const symbol = SYMBOL;

/** The three clients with the same key. Requests are untyped, because many are wrong on purpose. */
export interface Clients {
  readonly ccxt: Row;
  readonly official: Row;
  readonly binance: Row;
}

/** How each client asks for the same refusal, and the class that it throws. `atVenue` is ccxt's class at the venue's own address. */
export interface RefusalCase {
  readonly refusal: string;
  readonly code: number;
  readonly ccxt: (clients: Clients) => Promise<unknown>;
  readonly official: (clients: Clients) => Promise<unknown>;
  readonly binance: (clients: Clients) => Promise<unknown>;
  readonly classes: { readonly ccxt: string; readonly atVenue?: string; readonly official: string };
}

const BAD = 'BadRequestError';
const LIMIT = { symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: 0.01, price: 59_000 };
const STOP = {
  symbol,
  side: 'SELL',
  algoType: 'CONDITIONAL',
  type: 'STOP_MARKET',
  quantity: 0.01,
  triggerPrice: 61_000,
};

/** Cases whose orders differ in a few parameters only; ccxt gets them as its `params`. */
function orderCase(
  refusal: string,
  code: number,
  classes: RefusalCase['classes'],
  change: Readonly<Record<string, string | number>>,
): RefusalCase {
  const sent = { ...LIMIT, ...change };
  return {
    ...{ refusal, code, classes },
    ccxt: ({ ccxt }) => ccxt.createOrder(MARKET, 'limit', sent.side, sent.quantity, sent.price, change),
    official: ({ official }) => official.newOrder(sent),
    binance: ({ binance }) => binance.submitNewOrder({ ...sent }),
  };
}

/** Any call that needs a signature. */
const BY_KEY = {
  ccxt: ({ ccxt }: Clients) => ccxt.fetchBalance(),
  official: ({ official }: Clients) => official.futuresAccountBalanceV3(),
  binance: ({ binance }: Clients) => binance.getBalanceV3(),
};

/** Refusals of the key or the signature, with the credentials that cause them. */
export const KEY_CASES: readonly (RefusalCase & { readonly key: Credentials })[] = [
  {
    ...{ refusal: 'wrong signature', code: -1022, key: { ...KEY, apiSecret: 'x'.repeat(64) }, ...BY_KEY },
    classes: { ccxt: 'AuthenticationError', official: BAD },
  },
  {
    ...{ refusal: 'unknown key', code: -2015, key: { ...KEY, apiKey: 'u'.repeat(64) }, ...BY_KEY },
    classes: { ccxt: 'AuthenticationError', official: 'UnauthorizedError' },
  },
  {
    ...{ refusal: 'key in a wrong format', code: -2014, key: { ...KEY, apiKey: 'not-a-key!' }, ...BY_KEY },
    classes: { ccxt: 'AuthenticationError', official: 'UnauthorizedError' },
  },
];

/** Refusals of a request. They need an account without positions and orders. */
export const CASES: readonly RefusalCase[] = [
  orderCase(
    'too little margin',
    -2019,
    { ccxt: 'ExchangeError', atVenue: 'InsufficientFunds', official: BAD },
    { quantity: 50 },
  ),
  orderCase(
    'order below the minimum notional',
    -4164,
    { ccxt: 'ExchangeError', atVenue: 'InvalidOrder', official: BAD },
    { quantity: 0.001 },
  ),
  orderCase('price off the tick', -4014, { ccxt: 'BadRequest', official: BAD }, { price: 59_000.05 }),
  orderCase('quantity finer than the step', -1111, { ccxt: 'BadRequest', official: BAD }, { quantity: 0.0105 }),
  orderCase(
    'reduce-only without a position',
    -2022,
    { ccxt: 'ExchangeError', atVenue: 'InvalidOrder', official: BAD },
    { reduceOnly: 'true' },
  ),
  orderCase(
    'position side in one-way mode',
    -4061,
    { ccxt: 'OperationRejected', official: BAD },
    { positionSide: 'LONG' },
  ),
  orderCase(
    'post-only that would take',
    -5022,
    { ccxt: 'InvalidOrder', atVenue: 'OrderNotFillable', official: BAD },
    { timeInForce: 'GTX', price: 60_500 },
  ),
  {
    ...{ refusal: 'conditional type on `order`', code: -4120, classes: { ccxt: 'ExchangeError', official: BAD } },
    ccxt: ({ ccxt }) =>
      ccxt.fapiPrivatePostOrder({ symbol, side: 'SELL', type: 'STOP_MARKET', stopPrice: 59_000, quantity: 0.01 }),
    official: ({ official }) =>
      official.newOrder({ symbol, side: 'SELL', type: 'STOP_MARKET', stopPrice: 59_000, quantity: 0.01 }),
    binance: ({ binance }) =>
      binance.submitNewOrder({ symbol, side: 'SELL', type: 'STOP_MARKET', stopPrice: 59_000, quantity: 0.01 }),
  },
  {
    ...{ refusal: 'stop that would trigger at once', code: -2021 },
    classes: { ccxt: 'ExchangeError', atVenue: 'OrderImmediatelyFillable', official: BAD },
    ccxt: ({ ccxt }) => ccxt.createOrder(MARKET, 'market', 'sell', 0.01, undefined, { stopLossPrice: 61_000 }),
    official: ({ official }) => official.newAlgoOrder(STOP),
    binance: ({ binance }) => binance.submitNewAlgoOrder({ ...STOP }),
  },
  {
    ...{ refusal: 'cancel of an unknown order', code: -2011, classes: { ccxt: 'OrderNotFound', official: BAD } },
    ccxt: ({ ccxt }) => ccxt.cancelOrder('1', MARKET),
    official: ({ official }) => official.cancelOrder({ symbol, orderId: 1 }),
    binance: ({ binance }) => binance.cancelOrder({ symbol, orderId: 1 }),
  },
  {
    ...{ refusal: 'query of an unknown order', code: -2013, classes: { ccxt: 'OrderNotFound', official: BAD } },
    ccxt: ({ ccxt }) => ccxt.fetchOrder('1', MARKET),
    official: ({ official }) => official.queryOrder({ symbol, orderId: 1 }),
    binance: ({ binance }) => binance.getOrder({ symbol, orderId: 1 }),
  },
  {
    ...{ refusal: 'no change of the margin type', code: -4046 },
    classes: { ccxt: 'MarginModeAlreadySet', official: BAD },
    ccxt: ({ ccxt }) => ccxt.setMarginMode('cross', MARKET, { throwMarginModeAlreadySet: true }),
    official: ({ official }) => official.changeMarginType({ symbol, marginType: 'CROSSED' }),
    binance: ({ binance }) => binance.setMarginType({ symbol, marginType: 'CROSSED' }),
  },
  {
    ...{ refusal: 'no change of the position mode', code: -4059 },
    classes: { ccxt: 'OperationRejected', atVenue: 'OperationRejected', official: BAD },
    ccxt: ({ ccxt }) => ccxt.setPositionMode(false, MARKET),
    official: ({ official }) => official.changePositionMode({ dualSidePosition: 'false' }),
    binance: ({ binance }) => binance.setPositionMode({ dualSidePosition: 'false' }),
  },
  {
    ...{ refusal: 'leverage above the limit', code: -4028, classes: { ccxt: 'BadRequest', official: BAD } },
    ccxt: ({ ccxt }) => ccxt.fapiPrivatePostLeverage({ symbol, leverage: 126 }),
    official: ({ official }) => official.changeInitialLeverage({ symbol, leverage: 126 }),
    binance: ({ binance }) => binance.setLeverage({ symbol, leverage: 126 }),
  },
];

/** Needs a clock of the venue that runs ahead of the client's. */
export const STALE: RefusalCase = {
  ...{ refusal: 'stale timestamp', code: -1021, classes: { ccxt: 'InvalidNonce', official: BAD }, ...BY_KEY },
};
