import { moneyOf, moneyText } from '@helios/core/matching/money.ts';
import { expect, test } from 'vitest';
import { stillMarket } from './still-market.ts';
import { type Trader, TradingSession } from './trading-session.ts';
import { START_MS } from './venue-client.ts';

const BTC = { symbol: 'BTCUSDT' };
const RESTING = { ...BTC, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.001', price: '30000' };

async function started(marginType: 'CROSSED' | 'ISOLATED' = 'CROSSED') {
  const session = await TradingSession.on(stillMarket(), START_MS, ['5000', '5000', '5000']);
  const [trader, second, third] = session.traders as [Trader, Trader, Trader];
  const ask = (method: string, path: string, parameters: Record<string, string> = {}, of = trader) =>
    session.call(of, method, path, parameters);
  if (marginType === 'ISOLATED') ask('POST', '/fapi/v1/marginType', { ...BTC, marginType });
  const order = (side: string, quantity: string, of = trader, more: Record<string, string> = {}) =>
    ask('POST', '/fapi/v1/order', { ...BTC, type: 'MARKET', side, quantity, ...more }, of);
  const wallet = (of = trader) => ask('GET', '/fapi/v3/account', {}, of).totalWalletBalance;
  const income = (type: string) =>
    ask('GET', '/fapi/v1/income', { incomeType: type }).map((row: Record<string, string>) => row['income']);
  return { session, trader, second, third, ask, order, wallet, income };
}

/** The fields of an order event that a liquidation is known by. */
// biome-ignore lint/suspicious/noExplicitAny: events of every shape
const told = (events: any[]) =>
  events.flatMap(({ o }) =>
    o === undefined ? [] : [{ c: o.c.replace(/\d+$/, '#'), x: o.x, X: o.X, S: o.S, l: o.l, L: o.L }],
  );

test('crossed: a margin call at 80 %, once; then the order at the bankruptcy price takes the book', async () => {
  const { session, trader, ask, order, wallet, income } = await started();
  // Bought at 60,000.1; wallet 4,984.999975; liquidation price 50,231.02
  order('BUY', '0.5');
  ask('POST', '/fapi/v1/order', RESTING);
  trader.events.length = 0;
  // Mark 50,400: equity 184.95, maintenance 100.8: 54 %
  session.jump('BTCUSDT', -16);
  expect(trader.events).toEqual([]);
  // Mark 50,280: equity 4,984.999975 − 4,860.05 = 124.949975, maintenance 25,140 × 0.4 % = 100.56: 80.5 %
  session.jump('BTCUSDT', -16.2);
  const call = {
    ...{ e: 'MARGIN_CALL', E: START_MS, cw: '4984.99997500' },
    p: [
      {
        ...{ s: 'BTCUSDT', ps: 'BOTH', pa: '0.500', mt: 'CROSSED', iw: '0', mp: '50280.00000000' },
        ...{ up: '-4860.05000000', mm: '100.56000000' },
      },
    ],
  };
  expect(trader.events).toEqual([call]);
  session.jump('BTCUSDT', -16.21);
  expect(trader.events).toHaveLength(1);
  session.jump('BTCUSDT', -10);
  session.jump('BTCUSDT', -16.2);
  expect(trader.events).toEqual([call, call]);
  trader.events.length = 0;
  // Mark 50,220: equity 94.949975, maintenance 100.44. Bankruptcy (30,000.05 − 4,984.999975) / 0.5 = 50,030.10005;
  // the best bid is 50,219.9.
  session.jump('BTCUSDT', -16.3);
  expect(told(trader.events)).toEqual([
    { c: expect.any(String), x: 'EXPIRED', X: 'EXPIRED', S: 'BUY', l: '0', L: '0' },
    { c: 'autoclose-#', x: 'NEW', X: 'NEW', S: 'SELL', l: '0', L: '0' },
    { c: 'autoclose-#', x: 'CALCULATED', X: 'FILLED', S: 'SELL', l: '0.500', L: '50219.9' },
  ]);
  const forced = trader.events.findLast(({ o }) => o?.x === 'CALCULATED').o;
  expect(forced).toMatchObject({ o: 'LIMIT', f: 'IOC', q: '0.500', p: '50030.2', R: true, V: 'NONE' });
  // PnL 0.5 × (50,219.9 − 60,000.1); fee 25,109.95 × 0.05 %; the rest of 82.345 is less than the clearance fee
  expect([forced.rp, forced.n]).toEqual(['-4890.10000000', '12.55497500']);
  expect(income('INSURANCE_CLEAR')).toEqual(['-82.34500000']);
  expect(wallet()).toBe('0.00000000');
  expect(trader.events.at(-1)).toMatchObject({
    a: { m: 'INSURANCE_CLEAR', B: [{ wb: '0.00000000', bc: '-82.34500000' }], P: [] },
  });
  expect(ask('GET', '/fapi/v3/positionRisk')).toEqual([]);
  expect(ask('GET', '/fapi/v1/openOrders')).toEqual([]);
  expect(ask('GET', '/fapi/v1/forceOrders', BTC)).toMatchObject([
    { clientOrderId: forced.c, status: 'FILLED', executedQty: '0.500', avgPrice: '50219.90000', side: 'SELL' },
  ]);
  // The fields of the official client's type.
  expect(Object.keys(ask('GET', '/fapi/v1/forceOrders')[0]).toSorted()).toEqual(
    [
      ...['orderId', 'symbol', 'pair', 'status', 'clientOrderId', 'price', 'avgPrice', 'origQty', 'executedQty'],
      ...['cumQuote', 'cumBase', 'timeInForce', 'type', 'reduceOnly', 'closePosition', 'side', 'positionSide'],
      ...['stopPrice', 'workingType', 'origType', 'time', 'updateTime'],
    ].toSorted(),
  );
});

test('crossed: what the book does not take goes to the best ranked opposite account, then to the fund', async () => {
  const { session, trader, second, third, ask, order, wallet, income } = await started();
  order('BUY', '0.5');
  order('SELL', '0.2', second);
  ask('POST', '/fapi/v1/leverage', { ...BTC, leverage: '50' }, third);
  order('SELL', '0.1', third);
  for (const one of session.traders) one.events.length = 0;
  // The best bid is 47,999.9, below the bankruptcy price of 50,030.2.
  session.jump('BTCUSDT', -20);
  expect(told(trader.events)).toEqual([
    { c: 'autoclose-#', x: 'NEW', X: 'NEW', S: 'SELL', l: '0', L: '0' },
    { c: 'autoclose-#', x: 'EXPIRED', X: 'EXPIRED', S: 'SELL', l: '0', L: '0' },
    { c: 'autoclose-#', x: 'CALCULATED', X: 'FILLED', S: 'SELL', l: '0.100', L: '50030.2' },
    { c: 'autoclose-#', x: 'CALCULATED', X: 'FILLED', S: 'SELL', l: '0.200', L: '50030.2' },
    { c: 'autoclose-insurance-#', x: 'CALCULATED', X: 'NEW_INSURANCE', S: 'SELL', l: '0.200', L: '50030.2' },
  ]);
  const adl = { c: 'adl_autoclose_#', x: 'CALCULATED', X: 'NEW_ADL', S: 'BUY', L: '50030.2' };
  expect([told(third.events), told(second.events)]).toEqual([[{ ...adl, l: '0.100' }], [{ ...adl, l: '0.200' }]]);
  // 4,984.999975 − 0.5 × 9,969.9 − 25,015.1 × 0.05 % = −12.457575, which the fund pays
  expect(income('INSURANCE_CLEAR')).toEqual(['12.45757500']);
  expect(wallet()).toBe('0.00000000');
  // 5,000 − 5.99999 + 0.2 × (59,999.9 − 50,030.2) − 10,006.04 × 0.05 %
  expect(wallet(second)).toBe('6982.93699000');
  expect(ask('GET', '/fapi/v1/forceOrders', { autoCloseType: 'ADL' }, second)).toMatchObject([{ side: 'BUY' }]);
  expect(ask('GET', '/fapi/v1/forceOrders', { autoCloseType: 'LIQUIDATION' }, second)).toEqual([]);
});

test.each([
  // Mark 57,180: 1,500.0025 − 1,410.05 = 89.9525 < 114.36; sold at 57,179.9, and the fund takes what is left
  ['the book takes it', -4.7, '57179.9', '-75.60752500'],
  // Mark 57,000: bankrupt at 57,000.1, above the best bid 56,999.9: the fund takes the position and pays the fee
  ['the fund takes it', -5, '57000.1', '14.24752500'],
])('isolated: %s, and the crossed money stays as it was', async (_, percent, price, cleared) => {
  const { session, trader, ask, order, wallet, income } = await started('ISOLATED');
  order('BUY', '0.5');
  const { crossWalletBalance } = ask('GET', '/fapi/v3/account').assets[0];
  trader.events.length = 0;
  session.jump('BTCUSDT', percent);
  expect(trader.events.findLast(({ o }) => o?.x === 'CALCULATED').o.L).toBe(price);
  expect(income('INSURANCE_CLEAR')).toEqual([cleared]);
  expect([wallet(), crossWalletBalance]).toEqual(['3484.99747500', '3484.99747500']);
  expect(ask('GET', '/fapi/v3/positionRisk')).toEqual([]);
});

test('isolated: its margin call has no crossed wallet', async () => {
  const { session, trader, order } = await started('ISOLATED');
  order('BUY', '0.5');
  trader.events.length = 0;
  // Mark 57,300: 1,500.0025 − 1,350.05 = 149.9525; 57,270: 134.95 against 114.54: 85 %
  session.jump('BTCUSDT', -4.5);
  expect(trader.events).toEqual([]);
  session.jump('BTCUSDT', -4.55);
  expect(trader.events).toMatchObject([{ e: 'MARGIN_CALL', p: [{ mt: 'ISOLATED', iw: '1500.00250000' }] }]);
  expect(trader.events[0]).not.toHaveProperty('cw');
});

test('a crossed short is bought back when the price rises', async () => {
  const { session, trader, order, wallet } = await started();
  // Sold at 59,999.9; wallet 4,985.000025. Liquidation (29,999.95 + 4,985.000025) / 0.502 = 69,691.14
  order('SELL', '0.5');
  session.jump('BTCUSDT', 16);
  expect(told(trader.events).at(-1)).toMatchObject({ c: expect.not.stringContaining('autoclose') });
  session.jump('BTCUSDT', 16.2);
  expect(told(trader.events).at(-1)).toMatchObject({ c: 'autoclose-#', x: 'CALCULATED', S: 'BUY', L: '69720.2' });
  expect(wallet()).toBe('0.00000000');
});

test('the largest position goes first; the fund’s fee may leave too little for the others', async () => {
  const { session, trader, ask, order, wallet } = await started();
  ask('POST', '/fapi/v1/order', { symbol: 'ETHUSDT', type: 'MARKET', side: 'BUY', quantity: '1' });
  order('BUY', '0.5');
  trader.events.length = 0;
  session.jump('BTCUSDT', -16.4);
  const closed = trader.events.flatMap(({ o }) => (o?.x === 'CALCULATED' ? [[o.s, o.l]] : []));
  expect(closed).toEqual([
    ['BTCUSDT', '0.500'],
    ['ETHUSDT', '1.000'],
  ]);
  expect([wallet(), ask('GET', '/fapi/v3/positionRisk')]).toEqual(['0.00000000', []]);
});

test('a crossed position does not fall with an isolated one', async () => {
  const { session, ask, order } = await started('ISOLATED');
  order('BUY', '0.5');
  ask('POST', '/fapi/v1/order', { symbol: 'ETHUSDT', type: 'MARKET', side: 'BUY', quantity: '1' });
  session.jump('BTCUSDT', -5);
  expect(ask('GET', '/fapi/v3/positionRisk')).toMatchObject([{ symbol: 'ETHUSDT', positionAmt: '1.000' }]);
});

test('hedge mode: both crossed sides fall at one price, the larger first', async () => {
  const { session, trader, ask, order, wallet } = await started();
  ask('POST', '/fapi/v1/positionSide/dual', { dualSidePosition: 'true' });
  order('BUY', '0.8', trader, { positionSide: 'LONG' });
  order('SELL', '0.2', trader, { positionSide: 'SHORT' });
  const prices = ask('GET', '/fapi/v3/positionRisk').map((row: Record<string, string>) => row['liquidationPrice']);
  // Wallet 5,000 − 24.00004 − 5.99999 = 4,969.99997; costs 48,000.08 − 11,999.98; slope 0.6 − 1.0 × 0.004
  // (36,000.1 − 4,969.99997) / 0.596 = 52,063.92622483
  expect(prices).toEqual(['52063.92622483', '52063.92622483']);
  // Mark 52,080 stands, 52,020 falls
  session.jump('BTCUSDT', -13.2);
  expect(ask('GET', '/fapi/v3/positionRisk')).toHaveLength(2);
  session.jump('BTCUSDT', -13.3);
  const closed = trader.events.flatMap(({ o }) => (o?.x === 'CALCULATED' ? [[o.ps, o.S, o.l]] : []));
  expect(closed).toEqual([
    ['LONG', 'SELL', '0.800'],
    ['SHORT', 'BUY', '0.200'],
  ]);
  expect(wallet()).toBe('0.00000000');
});

test('a contract that is taken off the list keeps its position, value and margin', async () => {
  const { session, ask, order } = await started();
  order('BUY', '0.5');
  const before = ask('GET', '/fapi/v3/account');
  session.exchange.faults.set([{ fault: 'symbol', symbol: 'BTCUSDT', status: 'DELISTED' }], session.clock.ms);
  session.exchange.applyFaults();
  expect(ask('GET', '/fapi/v3/account')).toEqual(before);
  expect(ask('GET', '/fapi/v3/positionRisk')).toMatchObject([{ symbol: 'BTCUSDT', positionAmt: '0.500' }]);
});

test('wallet = start + PnL − fees + funding + insurance, to the last digit, for everyone whom a liquidation touches', async () => {
  const { session, ask, order, second, wallet } = await started();
  order('BUY', '0.5');
  order('SELL', '0.3', second);
  await session.pass(28_800_000);
  session.jump('BTCUSDT', -20);
  for (const of of session.traders) {
    const rows: { income: string }[] = ask('GET', '/fapi/v1/income', {}, of);
    const sum = rows.reduce((money, row) => money + moneyOf(row.income), moneyOf('5000'));
    expect(wallet(of)).toBe(moneyText(sum));
  }
  const kinds = ask('GET', '/fapi/v1/income').map((row: Record<string, string>) => row['incomeType']);
  expect(new Set(kinds)).toEqual(new Set(['COMMISSION', 'FUNDING_FEE', 'REALIZED_PNL', 'INSURANCE_CLEAR']));
});
