import { expect, test, vi } from 'vitest';
import { MARKET, refusal, useFaultMeeting } from './fault-meeting.ts';

const meeting = useFaultMeeting();
const TRIGGER = { trigger: true };

test('F7: a stop on the ordinary endpoint', async () => {
  const at = meeting.now;
  await at.open();
  const stop = { symbol: 'BTCUSDT', side: 'SELL', type: 'STOP_MARKET', stopPrice: '59500', closePosition: 'true' };
  expect(await refusal(at.client.fapiPrivatePostOrder(stop))).toBe('ExchangeError -4120');
});

test('F8: a stop is "not found", but lives and triggers', async () => {
  const at = meeting.now;
  await at.open();
  await at.buy();
  const { id } = await at.stop();
  await at.meet('F8');
  expect(await refusal(at.client.fetchOrder(id, MARKET, TRIGGER))).toBe('OrderNotFound -2013');
  expect(await at.client.fetchOpenOrders(MARKET, undefined, undefined, TRIGGER)).toEqual([]);
  at.fall();
  await vi.waitFor(async () => expect(await at.held()).toBe(0));
});

test('F9: a stop hangs in TRIGGERING, and the position stays open', async () => {
  const at = meeting.now;
  await at.open();
  await at.follow();
  await at.buy();
  await at.stop({ clientAlgoId: 'stuck' });
  await at.meet('F9');
  at.fall();
  await at.events.algo('stuck', 'TRIGGERING');
  expect(await at.held()).toBe(0.01);
});

test('F10: a stop is rejected at its trigger, with the reason', async () => {
  const at = meeting.now;
  await at.open();
  await at.follow();
  await at.buy();
  await at.stop({ clientAlgoId: 'refused' });
  await at.meet('F10');
  at.fall();
  expect(await at.events.algo('refused', 'REJECTED')).toMatchObject({ rm: 'Order would immediately trigger.' });
  expect(await at.held()).toBe(0.01);
});

test('F11: a stop-limit triggers in a gap and rests unfilled', async () => {
  const at = meeting.now;
  await at.open();
  await at.buy();
  await at.client.createOrder(MARKET, 'limit', 'sell', 0.01, 59_400, { stopLossPrice: 59_500 });
  await at.meet('F11');
  at.market.trade({ price: '60000.00', quantity: '0.100', taker: 'SELL' });
  await vi.waitFor(async () => {
    const [resting] = await at.client.fetchOpenOrders(MARKET);
    expect(resting).toMatchObject({ price: 59_400, filled: 0, side: 'sell' });
  });
  expect(await at.held()).toBe(0.01);
});

test('F12: a trailing stop is NEW twice', async () => {
  const at = meeting.now;
  await at.open();
  await at.follow();
  await at.buy();
  const trailing = { trailingPercent: 1, trailingTriggerPrice: 60_100, clientAlgoId: 'trailing', reduceOnly: true };
  await at.client.createOrder(MARKET, 'market', 'sell', 0.01, undefined, trailing);
  at.market.trade({ price: '60200.00', quantity: '0.100', taker: 'BUY' });
  const heard = () => at.events.of('ALGO_UPDATE').map(({ o }) => [o.X, o.ia]);
  await vi.waitFor(() =>
    expect(heard()).toEqual([
      ['NEW', false],
      ['NEW', true],
    ]),
  );
});

test('F13: a position without a stop', async () => {
  const at = meeting.now;
  await at.open();
  await at.buy();
  await at.meet('F13');
  expect(await refusal(at.stop())).toBe('NetworkError');
  expect(await at.client.fetchOpenOrders(MARKET, undefined, undefined, TRIGGER)).toEqual([]);
  expect(await at.held()).toBe(0.01);
});

test('F14: the stop of a closed position opens the opposite one', async () => {
  const at = meeting.now;
  await at.open();
  await at.buy();
  await at.stop();
  await at.meet('F14');
  expect(await at.held()).toBe(0);
  at.fall();
  await vi.waitFor(async () => expect(await at.held()).toBe(-0.01));
});

test('F15: an order fills in part, and then nothing comes', async () => {
  const at = meeting.now;
  await at.open();
  await at.follow();
  await at.meet('F15');
  const { id = '' } = await at.client.createOrder(MARKET, 'limit', 'buy', 0.01, 60_001, { newClientOrderId: 'part' });
  expect(await at.client.fetchOrder(id, MARKET)).toMatchObject({ filled: 0.004, status: 'open' });
  expect(await at.events.order('part', 'PARTIALLY_FILLED')).toMatchObject({ z: '0.004' });
  expect(await at.client.cancelOrder(id, MARKET)).toMatchObject({ filled: 0.004, status: 'canceled' });
});

test('F16: each fill is reported twice, with one trade id', async () => {
  const at = meeting.now;
  await at.open();
  await at.follow();
  await at.meet('F16');
  await at.buy(0.01, { newClientOrderId: 'double' });
  const fills = () => at.events.ofOrder('double').filter(({ x }) => x === 'TRADE');
  await vi.waitFor(() => expect(fills()).toHaveLength(2));
  expect(new Set(fills().map(({ t }) => t)).size).toBe(1);
  expect(await at.held()).toBe(0.01);
});

test('F17: events come out of order', async () => {
  const at = meeting.now;
  await at.open();
  await at.follow();
  await at.meet('F17');
  for (let number = 0; number < 12; number += 1) await at.buy(0.01, { newClientOrderId: `order-${number}` });
  await at.venue.setFaults([]);
  await at.buy(0.01, { newClientOrderId: 'last' });
  await at.events.order('last', 'FILLED');
  const usual = ['TRADE_LITE', 'NEW', 'ACCOUNT_UPDATE', 'FILLED'];
  const heard = at.events.all.map(({ e, o }) => o?.X ?? e).slice(0, 12 * usual.length);
  const expected = Array.from({ length: 12 }, () => usual).flat();
  expect(heard).not.toEqual(expected);
  expect(heard.toSorted()).toEqual(expected.toSorted());
});

test('F25: another hand trades on the account', async () => {
  const at = meeting.now;
  await at.open();
  await at.follow();
  await at.meet('F25');
  await vi.waitFor(() => expect(at.events.of('ORDER_TRADE_UPDATE').at(-1)?.o).toMatchObject({ X: 'FILLED' }));
  expect(at.events.of('ORDER_TRADE_UPDATE').at(-1)?.o.c).toMatch(/^web_/);
  expect(await at.held()).toBe(0.01);
});

test('F26: the venue closes positions with orders of its own', async () => {
  const at = meeting.now;
  await at.open({ key: undefined, accounts: [{ id: 'main', keys: [at.key], balance: '200' }] } as never);
  await at.follow();
  await at.client.setLeverage(50, MARKET);
  const ofVenue = (prefix: string) =>
    at.events.of('ORDER_TRADE_UPDATE').flatMap(({ o }) => (o.c.startsWith(prefix) && o.x === 'CALCULATED' ? [o] : []));
  const closes: readonly [nth: number, prefix: string, state: string][] = [
    [0, 'autoclose-', 'FILLED'],
    [1, 'adl_autoclose', 'NEW_ADL'],
    [2, 'autoclose-insurance-', 'NEW_INSURANCE'],
  ];
  for (const [nth, prefix, state] of closes) {
    await at.buy(0.01);
    await at.meet('F26', nth);
    await vi.waitFor(() => expect(ofVenue(prefix).at(-1)).toMatchObject({ X: state, R: true, S: 'SELL', l: '0.010' }));
    expect(await at.held()).toBe(0);
  }
  const liquidated = (await at.client.fetchMyLiquidations(MARKET)).map(({ info }) => info.clientOrderId);
  expect(liquidated.filter((id) => id.startsWith('autoclose-')).length).toBeGreaterThan(1);
});
