import { expect, test, vi } from 'vitest';
import { MARKET, refusal, useFaultMeeting } from './fault-meeting.ts';

const meeting = useFaultMeeting();
const QUICK = { timeout: 5_000, interval: 10 };

test('F27: a gap in the depth updates', async () => {
  const at = meeting.now;
  await at.open();
  const seen: string[] = [];
  let isWatching = true;
  const watching = (async () => {
    while (isWatching) {
      const book = await at.client.watchOrderBook(MARKET).catch((error: Error) => error);
      seen.push(book instanceof Error ? book.constructor.name : String(book.bids[0]?.[0]));
    }
  })();
  let cents = 0;
  const move = () => {
    cents += 1;
    at.market.quote({ bids: [[(59_000 + cents / 10).toFixed(2), '5.000']], asks: [['60001.00', '5.000']] });
  };
  await vi.waitFor(() => expect(seen).not.toEqual([]), QUICK);
  await at.meet('F27');
  await vi.waitFor(() => {
    move();
    expect(seen).toContain('ChecksumError');
  }, QUICK);
  isWatching = false;
  await watching;
});

test('F28: a crossed book', async () => {
  const at = meeting.now;
  await at.open();
  await at.client.watchOrderBook(MARKET);
  await at.meet('F28');
  let quantity = 5;
  // The client may still return a book from the time before the fault.
  await expect
    .poll(async () => {
      quantity += 1;
      at.market.quote({ bids: [['59990.00', `${quantity}.000`]], asks: [['60001.00', '4.000']] });
      const { bids, asks } = await at.client.watchOrderBook(MARKET);
      return Number(bids[0]?.[0]) >= Number(asks[0]?.[0]);
    })
    .toBe(true);
});

test('F29: a connection is open and says nothing', async () => {
  const at = meeting.now;
  await at.open();
  await at.follow();
  await at.meet('F29', 1);
  await at.buy(0.01, { newClientOrderId: 'unheard' });
  expect(await at.held()).toBe(0.01);
  expect(at.events.all).toEqual([]);
  await at.venue.setFaults([]);
  await at.buy(0.01, { newClientOrderId: 'heard' });
  await at.events.order('heard', 'FILLED');
  expect(at.events.ofOrder('unheard')).toEqual([]);
});

test('F30: a subscription is acknowledged, and no event comes', async () => {
  const at = meeting.now;
  await at.open();
  const wrong = { method: 'SUBSCRIBE', params: ['BTCUSDT@aggTrade', 'btcusdt@nothing'], id: 7 };
  const url = `${at.venue.streamUrl}/market/ws`;
  const connected = at.client.watch(url, 'connected').catch(() => {});
  await at.noteEvents();
  const nothing = at.client.watch(url, 'wrong', wrong, 'wrong').catch(() => {});
  at.market.trade({ price: '60000.00', quantity: '0.100', taker: 'SELL' });
  await vi.waitFor(() => expect(at.events.all).toEqual([{ result: null, id: 7 }]), QUICK);
  await vi.waitFor(async () => expect((await at.client.fetchTrades(MARKET)).at(-1)?.amount).toBe(0.1), QUICK);
  expect(at.events.all).toHaveLength(1);
  await at.client.close();
  await Promise.all([connected, nothing]);
});

test('F31: one stream too many ends the connection and all its streams', async () => {
  const at = meeting.now;
  await at.open();
  const names = Array.from({ length: 1_025 }, (_, number) => `s${number}@aggTrade`);
  const many = { method: 'SUBSCRIBE', params: names, id: 8 };
  expect(await refusal(at.client.watch(`${at.venue.streamUrl}/market/ws`, 'many', many, 'many'))).toBe('NetworkError');
});

test('F32: the user stream is cut, and follows again after a new connection', async () => {
  const at = meeting.now;
  await at.open();
  await at.follow();
  const lost = at.client.watchOrders(MARKET);
  await at.meet('F32');
  await at.meet('F32', 1);
  expect(await refusal(lost)).toBe('NetworkError');
  await at.follow();
  await at.buy(0.01, { newClientOrderId: 'after' });
  await at.events.order('after', 'FILLED');
});

test('F33: the listen key expires, and its extension fails', async () => {
  const at = meeting.now;
  await at.open();
  await at.follow();
  await at.meet('F33');
  await vi.waitFor(() => expect(at.events.of('listenKeyExpired')).toHaveLength(1), QUICK);
  await at.buy();
  expect(at.events.of('ORDER_TRADE_UPDATE')).toEqual([]);
  await at.meet('F33', 1);
  expect(await refusal(at.client.fapiPrivatePutListenKey())).toBe('ExchangeError -1008');
});
