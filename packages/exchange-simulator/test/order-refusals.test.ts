import { beforeAll, describe, expect, test } from 'vitest';
import { type Trader, TradingSession } from './trading-session.ts';
import { START_MS } from './venue-client.ts';

const SYMBOL = 'BTCUSDT';
let session: TradingSession;
let one: Trader;
let hedger: Trader;
/** A price of the grid near the market. */
let near: string;

beforeAll(async () => {
  session = await TradingSession.generated(3, START_MS, ['100000', '100000']);
  [one, hedger] = session.traders as [Trader, Trader];
  const account = session.exchange.trading.accounts.byId(hedger.id);
  if (account === undefined) throw new Error('no account');
  account.isHedge = true;
  near = session.exchange.listed(SYMBOL)?.market.book(1)?.bids[0]?.[0] ?? '';
});

type Change = Readonly<Record<string, string | undefined>>;
const limit = (): Change => ({
  symbol: SYMBOL,
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  quantity: '0.01',
  price: near,
});
const market = (): Change => ({ symbol: SYMBOL, side: 'BUY', type: 'MARKET', quantity: '0.01' });

function order(base: Change, change: Change): Record<string, string> {
  const all = { ...base, ...change };
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** All that a refused order must not change. */
const state = (trader: Trader) => {
  const { trading } = session.exchange;
  const account = trading.accounts.byId(trader.id);
  return JSON.stringify(
    [account?.wallet, account?.positions(), trading.engine.open.ofAccount(trader.id), trading.trueHistory.lastSeq],
    (_, value) => (typeof value === 'bigint' ? String(value) : value),
  );
};

const GTD_TEXT =
  'The goodTillDate timestamp must be greater than the current time plus 600 seconds and smaller than 253402300799000 (UTC 9999-12-31 23:59:59)';
const missing = (name: string) => `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`;

const SYNTAX: readonly (readonly [string, () => Change, Change, number, string])[] = [
  ['no symbol', limit, { symbol: undefined }, -1102, missing('symbol')],
  ['an unknown symbol', limit, { symbol: 'NOSUCHUSDT' }, -1121, 'Invalid symbol.'],
  ['no side', limit, { side: undefined }, -1102, missing('side')],
  ['a wrong side', limit, { side: 'LONG' }, -1117, 'Invalid side.'],
  ['no type', limit, { type: undefined }, -1102, missing('type')],
  ['a wrong type', limit, { type: 'ICEBERG' }, -1116, 'Invalid orderType.'],
  [
    'a conditional type',
    limit,
    { type: 'STOP_MARKET', stopPrice: '1' },
    -4120,
    'Order type not supported for this endpoint. Please use the Algo Order API endpoints instead.',
  ],
  ['no time in force', limit, { timeInForce: undefined }, -1102, missing('timeInForce')],
  ['a wrong time in force', limit, { timeInForce: 'DAY' }, -1115, 'Invalid timeInForce.'],
  ['no quantity', limit, { quantity: undefined }, -1102, missing('quantity')],
  ['an empty quantity', limit, { quantity: '' }, -1102, missing('quantity')],
  ['a quantity with an exponent', limit, { quantity: '1e-2' }, -1102, missing('quantity')],
  ['no price', limit, { price: undefined }, -1102, missing('price')],
  ['a price that is no number', limit, { price: 'NaN' }, -1102, missing('price')],
  ['a MARKET order with a price', market, { price: '1' }, -1106, "Parameter 'price' sent when not required."],
  [
    'a MARKET order with a time in force',
    market,
    { timeInForce: 'GTC' },
    -1106,
    "Parameter 'timeInForce' sent when not required.",
  ],
  ['a stop price', limit, { stopPrice: '1' }, -1106, "Parameter 'stopPrice' sent when not required."],
  ['an empty optional parameter', limit, { positionSide: '' }, -1105, "Parameter 'positionSide' was empty."],
  [
    'closePosition',
    market,
    { closePosition: 'true' },
    -4136,
    'Target strategy invalid for orderType MARKET,closePosition true',
  ],
  ['a wrong answer type', limit, { newOrderRespType: 'FULL' }, -1136, 'Invalid newOrderRespType.'],
  ['a wrong position side', limit, { positionSide: 'UP' }, -4060, 'Invalid position side.'],
  ['a wrong reduceOnly', limit, { reduceOnly: 'yes' }, -4062, 'Invalid or improper reduceOnly value.'],
  [
    'a wrong self-trade mode',
    limit,
    { selfTradePreventionMode: 'DECREMENT' },
    -5039,
    'Invalid self trade prevention mode',
  ],
  [
    'a long client order id',
    limit,
    { newClientOrderId: 'x'.repeat(37) },
    -4015,
    'Client order id length should be less than 36 chars',
  ],
  [
    'an illegal client order id',
    limit,
    { newClientOrderId: 'ä b' },
    -1100,
    "Illegal characters found in parameter 'newClientOrderId'; legal range is '^[\\.A-Z\\:/a-z0-9_-]{1,36}$'.",
  ],
  ['a wrong price match', limit, { price: undefined, priceMatch: 'BEST' }, -5037, 'Invalid price match'],
  ['a price match with a price', limit, { priceMatch: 'QUEUE' }, -1106, "Parameter 'price' sent when not required."],
  [
    'a price match of a MARKET order',
    market,
    { priceMatch: 'QUEUE' },
    -5038,
    'Price match only supports order type: LIMIT, STOP AND TAKE_PROFIT',
  ],
  ['GTD without a date', limit, { timeInForce: 'GTD' }, -1102, missing('goodTillDate')],
  ['a date without GTD', limit, { goodTillDate: '1' }, -1106, "Parameter 'goodTillDate' sent when not required."],
  [
    'GTD of exactly 600 seconds',
    limit,
    { timeInForce: 'GTD', goodTillDate: String(START_MS + 600_000) },
    -5040,
    GTD_TEXT,
  ],
  ['GTD after the year 9999', limit, { timeInForce: 'GTD', goodTillDate: '253402300799000' }, -5040, GTD_TEXT],
];

const FILTERS: readonly (readonly [string, () => Change, Change, number, string])[] = [
  ['a quantity of zero', limit, { quantity: '0.000' }, -4003, 'Quantity less than or equal to zero.'],
  ['a negative quantity', limit, { quantity: '-1' }, -4003, 'Quantity less than or equal to zero.'],
  ['a negative price', limit, { price: '-1' }, -4001, 'Price less than 0.'],
  [
    'a quantity that is too fine',
    limit,
    { quantity: '0.0101' },
    -1111,
    'Precision is over the maximum defined for this asset.',
  ],
  ['a price off the tick', limit, { price: '60000.05' }, -4014, 'Price not increased by tick size.'],
  [
    'a price that is too fine',
    limit,
    { price: '1.123' },
    -1111,
    'Precision is over the maximum defined for this asset.',
  ],
  ['a quantity that is too large', limit, { quantity: '1000001' }, -4005, 'Quantity greater than max quantity.'],
  ['a MARKET quantity that is too large', market, { quantity: '100001' }, -4005, 'Quantity greater than max quantity.'],
  ['a price that is too high', limit, { price: '1000001' }, -4002, 'Price greater than max price.'],
  [
    'a value that is too small',
    limit,
    { quantity: '0.001', price: '1' },
    -4164,
    "Order's notional must be no smaller than 100 (unless you choose reduce only).",
  ],
];

const ACCOUNT: readonly (readonly [string, () => Change, Change, number, string])[] = [
  [
    'a hedge side in one-way mode',
    limit,
    { positionSide: 'LONG' },
    -4061,
    "Order's position side does not match user's setting.",
  ],
  ['reduce-only without a position', limit, { reduceOnly: 'true' }, -2022, 'ReduceOnly Order is rejected.'],
  [
    'FOK beyond the book',
    limit,
    { timeInForce: 'FOK' },
    -5021,
    'Due to the order could not be filled immediately, the FOK order has been rejected.',
  ],
  ['more than the account can pay', limit, { quantity: '900' }, -2019, 'Margin is insufficient.'],
];

describe('a new order is refused in the venue’s words, and changes nothing', () => {
  test.each([...SYNTAX, ...FILTERS, ...ACCOUNT])('%s', (_, base, change, code, msg) => {
    const before = state(one);
    expect(session.call(one, 'POST', '/fapi/v1/order', order(base(), change))).toMatchObject({
      kind: 'REFUSED',
      status: 400,
      code,
      msg,
    });
    expect(state(one)).toBe(before);
  });

  test('a limit beyond 5 % of the mark price', () => {
    const mark = Number(session.exchange.trading.markPrice(SYMBOL));
    const cap = (Math.floor(mark * 1.05 * 10) / 10).toFixed(1);
    const floor = (Math.ceil(mark * 0.95 * 10) / 10).toFixed(1);
    const place = (side: string, price: string) =>
      session.call(one, 'POST', '/fapi/v1/order/test', order(limit(), { side, price }));
    expect(place('BUY', (Number(cap) + 1).toFixed(1))).toMatchObject({
      code: -4016,
      msg: `Limit price can't be higher than ${Number(cap)}.`,
    });
    expect(place('SELL', (Number(floor) - 1).toFixed(1))).toMatchObject({
      code: -4024,
      msg: `Limit price can't be lower than ${Number(floor)}.`,
    });
    expect(place('SELL', cap)).toMatchObject({ status: 'NEW' });
  });

  test('GTX that would take', () => {
    const ask = session.exchange.listed(SYMBOL)?.market.book(1)?.asks[0]?.[0];
    expect(
      session.call(one, 'POST', '/fapi/v1/order', order(limit(), { timeInForce: 'GTX', price: ask })),
    ).toMatchObject({
      code: -5022,
      msg: 'Due to the order could not be executed as maker, the Post Only order will be rejected.',
    });
  });

  test('in hedge mode: BOTH, and any reduceOnly', () => {
    const mismatch = { code: -4061 };
    expect(session.call(hedger, 'POST', '/fapi/v1/order', order(limit(), {}))).toMatchObject(mismatch);
    expect(session.call(hedger, 'POST', '/fapi/v1/order', order(limit(), { positionSide: 'BOTH' }))).toMatchObject(
      mismatch,
    );
    const reduceOnly = order(market(), { positionSide: 'LONG', reduceOnly: 'false' });
    expect(session.call(hedger, 'POST', '/fapi/v1/order', reduceOnly)).toMatchObject({
      code: -1106,
      msg: "Parameter 'reduceonly' sent when not required.",
    });
    const close = order(market(), { positionSide: 'LONG', side: 'SELL' });
    expect(session.call(hedger, 'POST', '/fapi/v1/order', close)).toMatchObject({ code: -2022 });
  });

  test('a client order id of an open order only', () => {
    const id = { newClientOrderId: 'mine' };
    const bought = session.call(one, 'POST', '/fapi/v1/order', order(market(), { ...id, newOrderRespType: 'RESULT' }));
    expect(bought).toMatchObject({ status: 'FILLED', clientOrderId: 'mine' });
    expect(session.call(one, 'POST', '/fapi/v1/order', order(limit(), id))).toMatchObject({ status: 'NEW' });
    expect(session.call(one, 'POST', '/fapi/v1/order', order(market(), id))).toMatchObject({
      code: -4116,
      msg: 'ClientOrderId is duplicated.',
    });
  });

  test.each([
    ['SETTLING', -4108, 'Symbol is on delivering or delivered or settling or closed or pre-trading.'],
    ['TRADING_HALT', -4140, 'Invalid symbol status for opening position.'],
  ])('a contract that is %s', (status, code, msg) => {
    session.exchange.faults.set([{ fault: 'symbol', symbol: SYMBOL, status }], session.clock.ms);
    session.exchange.applyFaults();
    expect(session.call(one, 'POST', '/fapi/v1/order', order(limit(), {}))).toMatchObject({ code, msg });
    session.exchange.faults.set([], session.clock.ms);
    session.exchange.applyFaults();
    expect(session.call(one, 'POST', '/fapi/v1/order', order(limit(), {}))).toMatchObject({ status: 'NEW' });
  });

  test('the 201st open order of a contract', () => {
    const low = (Number(near) * 0.9).toFixed(1);
    const placed = Array.from({ length: 201 }, () => {
      session.clock.ms += 50;
      return session.call(
        hedger,
        'POST',
        '/fapi/v1/order',
        order(limit(), { positionSide: 'LONG', quantity: '0.002', price: low }),
      );
    });
    expect(placed.filter(({ status }) => status === 'NEW')).toHaveLength(200);
    expect(placed.at(-1)).toMatchObject({ code: -2025, msg: 'Reach max open order limit.' });
  });
});
