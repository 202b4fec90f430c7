import { cancelStop, openStops, placeStop, queryStop } from '@helios/binance/orders/algo-endpoints.ts';
import { deleteOrder, getOrder, openOrders, postOrder } from '@helios/binance/orders/order-endpoints.ts';
import { outcomeOf } from '@helios/binance/orders/request-outcome.ts';
import { createSignedRest, type SignedRest } from '@helios/binance/rest/signed-rest.ts';
import { createSigner } from '@helios/binance/rest/signer.ts';
import type { UserEvent } from '@helios/binance/user-stream/parse-user-event.ts';
import { UserStreamClient } from '@helios/binance/user-stream/user-stream-client.ts';
import { createHttpClient } from '@helios/shared/runtime/http-client.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type RunningExchange, startExchange } from '../src/start-exchange.ts';
import { get } from './venue-client.ts';

const KEY = { apiKey: 'k'.repeat(64), apiSecret: 's'.repeat(64) };
const LOG = { debug() {}, info() {}, warn() {}, error() {} };
let venue: RunningExchange;
let rest: SignedRest;
let http: ReturnType<typeof createHttpClient>;
let stop: AbortController;
let running: Promise<void>;
let events: UserEvent[];
let opened: number;
let lost: string[];

beforeEach(async () => {
  venue = await startExchange({ market: { kind: 'generator', seed: 7, symbols: ['BTCUSDT'] }, key: KEY });
  http = createHttpClient();
  const sign = createSigner(KEY.apiSecret);
  if (sign === undefined) throw new Error('no signer');
  rest = createSignedRest({
    ...{ baseUrl: venue.url, apiKey: KEY.apiKey, sign, http, timeoutMs: 5_000, recvWindowMs: 5_000, now: Date.now },
  });
  [stop, events, opened, lost] = [new AbortController(), [], 0, []];
  running = new UserStreamClient({
    ...{ baseUrl: venue.streamUrl, rest, now: Date.now, stop: stop.signal, random: () => 0.5, log: LOG as never },
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    onEvent: (event) => events.push(event),
    onOpen: () => {
      opened += 1;
    },
    onLost: (reason) => lost.push(reason),
  }).run();
  await expect.poll(() => opened).toBe(1);
});
afterEach(async () => {
  stop.abort();
  await running;
  http.close();
  await venue.stop();
});

const order = (clientOrderId: string, side: 'BUY' | 'SELL', reduceOnly: boolean) =>
  ({ symbol: 'BTCUSDT', clientOrderId, side, quantity: '0.002', reduceOnly, execution: { type: 'MARKET' } }) as const;

/** Amount of the position in the newest account event. */
function position(): string | undefined {
  const newest = events.findLast((event) => event.kind === 'ACCOUNT_UPDATE');
  return newest?.kind === 'ACCOUNT_UPDATE' ? newest.positions[0]?.amount : undefined;
}

test('our own client opens, hears every digit of the fill, and closes', async () => {
  const outcome = outcomeOf(await rest.send(postOrder, order('he-1', 'BUY', false)));
  if (outcome.kind !== 'DONE') throw new Error(JSON.stringify(outcome));
  expect(outcome.value).toMatchObject({ state: 'FILLED', filledQuantity: '0.002', averagePrice: undefined });
  expect(BigInt(outcome.value.venueOrderId)).toBeGreaterThan(2n ** 53n);
  await expect.poll(position).toBe('0.002');
  const filled = () => events.findLast((event) => event.kind === 'ORDER_UPDATE' && event.state === 'FILLED');
  await expect.poll(filled).toBeDefined();
  const fill = filled();
  expect(fill).toMatchObject({ clientOrderId: 'he-1', venueOrderId: outcome.value.venueOrderId, state: 'FILLED' });
  const asked = await rest.send(getOrder, { symbol: 'BTCUSDT', clientOrderId: 'he-1' });
  expect(asked).toMatchObject({ kind: 'OK', value: { state: 'FILLED', averagePrice: expect.any(String) } });
  expect(fill).toMatchObject({ averagePrice: asked.kind === 'OK' ? asked.value.averagePrice : undefined });
  await rest.send(postOrder, order('he-2', 'SELL', true));
  await expect.poll(position).toBe('0');
});

test('a resting order is found and cancelled by our id', async () => {
  const { body } = await get(venue, '/fapi/v1/depth?symbol=BTCUSDT&limit=500');
  const price = body.bids.at(-1)[0];
  const execution = { type: 'LIMIT', price, timeInForce: 'GTX' } as const;
  await rest.send(postOrder, { ...order('he-3', 'BUY', false), execution });
  const open = await rest.send(openOrders, { symbol: 'BTCUSDT' });
  expect(open).toMatchObject({ kind: 'OK', value: [{ clientOrderId: 'he-3', state: 'NEW' }] });
  const cancelled = outcomeOf(await rest.send(deleteOrder, { symbol: 'BTCUSDT', clientOrderId: 'he-3' }));
  expect(cancelled).toMatchObject({ kind: 'DONE', value: { state: 'CANCELED' } });
  const again = outcomeOf(await rest.send(deleteOrder, { symbol: 'BTCUSDT', clientOrderId: 'he-3' }));
  expect(again.kind).toBe('REFUSED');
});

test('a stop is placed, found, heard of, and cancelled by our id', async () => {
  await rest.send(postOrder, order('he-5', 'BUY', false));
  const { body } = await get(venue, '/fapi/v1/depth?symbol=BTCUSDT&limit=500');
  const stop = { symbol: 'BTCUSDT', clientAlgoId: 'he-5-s', side: 'SELL', type: 'STOP_MARKET' } as const;
  const placed = outcomeOf(
    await rest.send(placeStop, {
      ...stop,
      triggerPrice: body.bids.at(-1)[0],
      workingType: 'MARK_PRICE',
      closes: 'ALL',
    }),
  );
  expect(placed).toMatchObject({ kind: 'DONE', value: { state: 'NEW', closePosition: true, clientAlgoId: 'he-5-s' } });
  expect(await rest.send(openStops, { symbol: 'BTCUSDT' })).toMatchObject({ value: [{ clientAlgoId: 'he-5-s' }] });
  await expect
    .poll(() => events.flatMap((event) => (event.kind === 'ALGO_UPDATE' ? [event.state] : [])))
    .toEqual(['NEW']);
  expect(outcomeOf(await rest.send(cancelStop, { clientAlgoId: 'he-5-s' })).kind).toBe('DONE');
  expect(await rest.send(queryStop, { clientAlgoId: 'he-5-s' })).toMatchObject({ value: { state: 'CANCELED' } });
});

test('a lost answer leaves the outcome unknown, and nothing is sent twice', async () => {
  await venue.setFaults([{ fault: 'half', path: '/fapi/v1/order', times: 1 }]);
  const outcome = outcomeOf(await rest.send(postOrder, order('he-4', 'BUY', false)));
  expect(outcome.kind).toBe('UNKNOWN');
  const asked = await rest.send(getOrder, { symbol: 'BTCUSDT', clientOrderId: 'he-4' });
  expect(asked).toMatchObject({ kind: 'OK', value: { state: 'FILLED' } });
  await expect.poll(position).toBe('0.002');
});

test('an expired listen key and a cut connection are told, and events come again', async () => {
  const expire = { method: 'POST', body: JSON.stringify({ action: 'expire-listen-key' }) };
  expect((await get({ url: venue.controlUrl }, '/control/actions', expire)).status).toBe(200);
  await expect.poll(() => [lost.length, opened]).toEqual([1, 2]);
  expect(lost[0]).toContain('listen key');
  await venue.setFaults([{ fault: 'stream-cut', route: 'private' }]);
  await expect.poll(() => [lost.length, opened]).toEqual([2, 3]);
  await rest.send(postOrder, order('he-6', 'BUY', false));
  const filled = () => events.filter((event) => event.kind === 'ORDER_UPDATE' && event.state === 'FILLED');
  await expect.poll(filled).toHaveLength(1);
});
