import { expect, test } from 'vitest';
import { marginProblem } from '../src/trading/margin-problem.ts';
import type { OrderTicket } from '../src/trading/order.ts';
import { stillMarket } from './still-market.ts';
import { type Trader, TradingSession } from './trading-session.ts';
import { START_MS } from './venue-client.ts';

const TICKET: OrderTicket = {
  ...{ symbol: 'BTCUSDT', side: 'BUY', positionSide: 'BOTH', type: 'LIMIT', timeInForce: 'GTC', reduceOnly: false },
  ...{ price: 599_000, quantity: 100, clientOrderId: 'a', selfTradePreventionMode: 'EXPIRE_MAKER' },
  ...{ priceMatch: 'NONE', goodTillDate: 0 },
};

async function sessionWith(balance: string): Promise<{ session: TradingSession; trader: Trader }> {
  const session = await TradingSession.on(stillMarket(), START_MS, [balance]);
  const [trader] = session.traders;
  if (trader === undefined) throw new Error('no trader');
  return { session, trader };
}

function problem({ exchange }: TradingSession, { id }: Trader, ticket: Partial<OrderTicket>): number | undefined {
  const account = exchange.trading.accounts.byId(id);
  if (account === undefined) throw new Error(`no account ${id}`);
  return marginProblem(account, { ...TICKET, ...ticket }, exchange.trading)?.code;
}

test.each<[string, string, Partial<OrderTicket>, number | undefined]>([
  // 0.1 × 59,900 / 20 = 299.5; below the mark price, so no open loss
  ['a buy costs its initial margin', '299.5', {}, undefined],
  ['one unit less is too little', '299.49999999', {}, -2019],
  // 0.1 × 60,100 / 20 = 300.5, and opens with a loss of 0.1 × 100 = 10 against the mark price
  ['a buy above the mark price costs its loss too', '310.5', { price: 601_000 }, undefined],
  ['and one unit less is too little', '310.49999999', { price: 601_000 }, -2019],
  // 0.1 × 60,000.1 × 1.0005 = 6,003.010005; / 20 = 300.15050025; loss 3.010005
  ['a MARKET buy counts 0.05 % above the best ask', '303.16050525', { type: 'MARKET', price: 0 }, undefined],
  ['and one unit less is too little', '303.16050524', { type: 'MARKET', price: 0 }, -2019],
  // 0.1 × max(59,000, best bid 59,999.9) / 20 = 299.9995, loss 0.1 × 0.1 = 0.01
  ['a sell counts at least the best bid', '300.0095', { side: 'SELL', price: 590_000 }, undefined],
  ['and one unit less is too little', '300.00949999', { side: 'SELL', price: 590_000 }, -2019],
  ['a reduce-only order costs nothing', '0', { reduceOnly: true }, undefined],
  ['an order that closes a hedged side costs nothing', '0', { side: 'SELL', positionSide: 'LONG' }, undefined],
  // leverage 20 allows 100,000,000: 1,669.449 × 59,900 = 99,999,995.1
  ['up to the largest position of the leverage', '9000000', { quantity: 1_669_449 }, undefined],
  ['beyond it', '9000000', { quantity: 1_669_450 }, -2027],
])('%s: with %s', async (_, balance, ticket, code) => {
  const { session, trader } = await sessionWith(balance);
  expect(problem(session, trader, ticket)).toBe(code);
});

test('open orders and positions use money; an order that only reduces needs none', async () => {
  const { session, trader } = await sessionWith('700');
  const order = { symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC' };
  session.call(trader, 'POST', '/fapi/v1/order', { ...order, quantity: '0.1', price: '59900' });
  expect([problem(session, trader, {}), problem(session, trader, { quantity: 134 })]).toEqual([undefined, -2019]);
  session.call(trader, 'POST', '/fapi/v1/order', { ...order, quantity: '0.1', price: '60100' });
  // Left: 700 − fee 3.000005 − PnL 0.01 − 300 − 299.5 = 97.489995
  expect([problem(session, trader, { quantity: 32 }), problem(session, trader, { quantity: 33 })]).toEqual([
    undefined,
    -2019,
  ]);
  expect(problem(session, trader, { side: 'SELL', quantity: 100 })).toBeUndefined();
});

test('a contract whose margin asset nobody owns refuses orders that open', async () => {
  const market = stillMarket([{ symbol: 'BTCUSDC', bids: [['59999.9', '50']], asks: [['60000.1', '50']] }]);
  const session = await TradingSession.on(market, START_MS, ['5000']);
  const [trader] = session.traders as [Trader];
  const order = { symbol: 'BTCUSDC', side: 'BUY', type: 'MARKET', quantity: '0.001' };
  expect(session.call(trader, 'POST', '/fapi/v1/order', order)).toMatchObject({
    ...{ status: 400, code: -2019, msg: 'Margin is insufficient.' },
  });
});

test('the orders endpoint asks for the margin, and a refused order changes nothing', async () => {
  const { session, trader } = await sessionWith('299.49999999');
  const order = { symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.1' };
  const place = (price: string) => session.call(trader, 'POST', '/fapi/v1/order', { ...order, price });
  expect(place('59900')).toMatchObject({ status: 400, code: -2019 });
  expect(trader.events).toEqual([]);
  expect(place('59899.9')).toMatchObject({ status: 'NEW' });
});
