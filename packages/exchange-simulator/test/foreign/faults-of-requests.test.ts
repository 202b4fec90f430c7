import { expect, test, vi } from 'vitest';
import { TRAP_CONTRACTS } from '../../src/listing/trap-contracts.ts';
import { MARKET, refusal, useFaultMeeting } from './fault-meeting.ts';

const meeting = useFaultMeeting();

test('F1: an order times out, but was placed', async () => {
  const at = meeting.now;
  await at.open();
  at.client.timeout = 400;
  await at.meet('F1');
  expect(await refusal(at.buy(0.01, { newClientOrderId: 'lost' }))).toBe('RequestTimeout');
  at.client.timeout = 10_000;
  const found = { origClientOrderId: 'lost' };
  expect(await at.client.fetchOrder(undefined as never, MARKET, found)).toMatchObject({ status: 'closed' });
  await at.meet('F1', 1);
  expect(await refusal(at.buy())).toBe('RequestTimeout -1007');
  expect(await at.held()).toBe(0.02);
});

test('F2: a 503, and then the fill arrives', async () => {
  const at = meeting.now;
  await at.open();
  await at.follow();
  await at.meet('F2');
  expect(await refusal(at.buy(0.01, { newClientOrderId: 'unknown' }))).toBe('OperationFailed -1000');
  await at.events.order('unknown', 'FILLED');
  expect(await at.held()).toBe(0.01);
});

test('F3: an overload refuses what opens, and spares what reduces', async () => {
  const at = meeting.now;
  await at.open();
  await at.buy(0.02);
  await at.meet('F3');
  expect(await refusal(at.buy())).toBe('ExchangeError -1008');
  expect(await at.sell(0.01, { reduceOnly: true })).toMatchObject({ status: 'closed' });
  expect(await at.held()).toBe(0.01);
});

test('F4: an id that filled at once is accepted again', async () => {
  const at = meeting.now;
  await at.open();
  await at.meet('F4');
  expect(await refusal(at.buy(0.01, { newClientOrderId: 'twice' }))).toBe('NetworkError');
  expect(await at.buy(0.01, { newClientOrderId: 'twice' })).toMatchObject({ status: 'closed' });
  expect(await at.held()).toBe(0.02);
});

test('F5: an ack has no average price', async () => {
  const at = meeting.now;
  await at.open();
  const { info, id } = await at.buy();
  expect(Object.keys(info).filter((name) => /^(avgPrice|cumQuote|cumBase)$/.test(name))).toEqual([]);
  expect(await at.client.fetchOrder(id, MARKET)).toMatchObject({ average: 60_001 });
});

test('F6: a MARKET ack shows nothing executed', async () => {
  const at = meeting.now;
  await at.open();
  expect(await at.buy(0.01, { newOrderRespType: 'ACK' })).toMatchObject({ status: 'open', filled: 0 });
  expect(await at.held()).toBe(0.01);
});

test('F18: the cancel of a filled order', async () => {
  const at = meeting.now;
  await at.open();
  const { id } = await at.buy();
  expect(await refusal(at.client.cancelOrder(id, MARKET))).toBe('OrderNotFound -2011');
});

test('F19: a query right after the placement does not know the order', async () => {
  const at = meeting.now;
  await at.open();
  await at.meet('F19');
  const { id } = await at.buy();
  expect(await refusal(at.client.fetchOrder(id, MARKET))).toBe('OrderNotFound -2013');
  expect(await at.client.fetchOrder(id, MARKET)).toMatchObject({ id, status: 'closed' });
});

test('F20: the query of positions fails, forgets them, and shows old ones', async () => {
  const at = meeting.now;
  await at.open();
  await at.buy();
  await at.meet('F20');
  expect(await refusal(at.held())).toBe('OperationFailed -1000');
  await at.meet('F20', 1);
  expect(await at.held()).toBe(0);
  await at.venue.setFaults([]);
  expect(await at.held()).toBe(0.01);
  await at.meet('F20', 2);
  await at.buy();
  expect(await at.held()).toBe(0.01);
  await at.venue.setFaults([]);
  expect(await at.held()).toBe(0.02);
});

test('F21: a restarted client finds its position, order and stop', async () => {
  const at = meeting.now;
  await at.open();
  await at.buy();
  const { id: stop } = await at.stop();
  const { id: order } = await at.client.createOrder(MARKET, 'limit', 'buy', 0.01, 55_000);
  const restarted = await at.another();
  expect(await at.held(restarted)).toBe(0.01);
  expect((await restarted.fetchOpenOrders(MARKET)).map(({ id }) => id)).toEqual([order]);
  expect(
    (await restarted.fetchOpenOrders(MARKET, undefined, undefined, { trigger: true })).map(({ id }) => id),
  ).toEqual([stop]);
});

test('F34: the clock drifts', async () => {
  const at = meeting.now;
  await at.open();
  await at.meet('F34');
  expect(await refusal(at.buy())).toBe('InvalidNonce -1021');
});

test('F35: too many requests, then a ban', async () => {
  const at = meeting.now;
  await at.open();
  await at.meet('F35');
  expect(await refusal(at.buy())).toBe('DDoSProtection -1003');
  await at.meet('F35', 1);
  expect(await refusal(at.buy())).toBe('DDoSProtection -1003');
  expect(await at.venue.requests().paths['/fapi/v1/order']?.statuses).toMatchObject({ 418: 1, 429: 1 });
});

test('F36: the tick size changes while the client trades', async () => {
  const at = meeting.now;
  await at.open();
  await at.meet('F36');
  const off = () => at.client.createOrder(MARKET, 'limit', 'buy', 0.01, 55_000.1);
  expect(await refusal(off())).toBe('BadRequest -4014');
  await at.client.loadMarkets(true);
  expect(at.client.market(MARKET).precision.price).toBe(0.5);
  expect(await off()).toMatchObject({ price: 55_000, status: 'open' });
});

test('F37: an order of the other position mode', async () => {
  const at = meeting.now;
  await at.open();
  await at.client.setPositionMode(true);
  expect(await refusal(at.buy())).toBe('OperationRejected -4061');
});

test('F38: another hand closed what is to be reduced', async () => {
  const at = meeting.now;
  await at.open();
  await at.buy();
  await at.meet('F38');
  expect(await refusal(at.sell(0.01, { reduceOnly: true }))).toBe('ExchangeError -2022');
});

test('F39: every digit of an id above 2^53 is kept', async () => {
  const at = meeting.now;
  await at.open();
  const { id = '' } = await at.client.createOrder(MARKET, 'limit', 'buy', 0.01, 55_000);
  expect(Number.isSafeInteger(Number(id))).toBe(false);
  expect(await at.client.cancelOrder(id, MARKET)).toMatchObject({ id, status: 'canceled' });
});

test('F40: foreign contracts are listed, and a halted one takes no orders', async () => {
  const at = meeting.now;
  await at.open({ moreContracts: TRAP_CONTRACTS });
  const kinds = new Set(Object.values(at.client.markets ?? {}).map(({ info }) => info.contractType));
  expect(kinds.size).toBeGreaterThan(1);
  await at.meet('F40');
  expect(await refusal(at.buy())).toBe('ExchangeError -4140');
  await at.client.loadMarkets(true);
  expect(at.client.market(MARKET).active).toBe(false);
});

test('F41: a symbol is delisted under a position', async () => {
  const at = meeting.now;
  await at.open();
  await at.buy();
  await at.meet('F41');
  expect(await refusal(at.sell())).toBe('ExchangeError -4108');
  expect(await at.held()).toBe(0.01);
  await at.meet('F41', 1);
  await at.client.loadMarkets(true);
  expect(Object.keys(at.client.markets ?? {})).not.toContain(MARKET);
});

test('F43: every order is refused, again and again', async () => {
  const at = meeting.now;
  await at.open();
  await at.meet('F43');
  for (let attempt = 0; attempt < 3; attempt += 1) expect(await refusal(at.sell())).toBe('InvalidOrder -2010');
});

test('F45: two clients trade on one account', async () => {
  const at = meeting.now;
  await at.open();
  const other = await at.another();
  const { id } = await other.createOrder(MARKET, 'limit', 'buy', 0.01, 55_000);
  expect((await at.client.fetchOpenOrders(MARKET)).map((order) => order.id)).toEqual([id]);
  await other.createOrder(MARKET, 'market', 'buy', 0.01);
  expect(await at.held()).toBe(0.01);
});

test('F48: a stop is pressed while an order is in flight', async () => {
  const at = meeting.now;
  await at.open();
  await at.meet('F48');
  const inFlight = at.buy(0.01, { newClientOrderId: 'flying' });
  await vi.waitFor(async () => expect(await at.held()).toBe(0.01));
  await at.client.cancelAllOrders(MARKET);
  expect(await at.held()).toBe(0.01);
  expect(await inFlight).toMatchObject({ status: 'closed' });
});

test('F50: a key of another environment', async () => {
  const at = meeting.now;
  await at.open();
  const stranger = await at.another({ apiKey: 'z'.repeat(64), apiSecret: 's' });
  expect(await refusal(stranger.fetchBalance())).toBe('AuthenticationError -2015');
});
