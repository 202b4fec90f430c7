import { BookSync } from '@helios/binance/book-sync.ts';
import { parseFrame } from '@helios/binance/parse-frame.ts';
import { OrderBook } from '@helios/core/book/order-book.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { beforeEach, describe, expect, test } from 'vitest';
import type { FaultInput } from '../src/faults/fault.ts';
import type { RunningExchange } from '../src/start-exchange.ts';
import { connected, type StreamClient } from './stream-client.ts';
import { get, HandClock, venueOn } from './venue-client.ts';

let clock: HandClock;
let venue: RunningExchange;

beforeEach(async () => {
  clock = new HandClock();
  venue = await venueOn(clock, { streams: { messagesPerSecond: 1_000 } });
});

const DEPTH = 'btcusdt@depth@100ms';
const PUBLIC = `/public/stream?streams=${DEPTH}/ethusdt@depth@100ms`;
const MARKET = '/market/stream?streams=btcusdt@markPrice@1s';
const open = (path: string) => connected(`${venue.streamUrl}${path}`);

async function pass(ms: number, ...clients: readonly StreamClient[]): Promise<void> {
  clock.ms += ms;
  await venue.advance();
  for (const client of clients) await client.drained();
}

/** Number of gaps in the depth chain. */
function gaps(client: StreamClient, stream = DEPTH): number {
  const events = client.eventsOf(stream);
  return events.filter(({ pu }, at) => at > 0 && pu !== events[at - 1].u).length;
}

describe('stream-mute', () => {
  test('no data, but answers to requests and pings', async () => {
    const client = await open(PUBLIC);
    await venue.setFaults([{ fault: 'stream-mute' }]);
    await pass(5_000, client);
    expect(client.texts).toEqual([]);
    expect(await client.ask('LIST_SUBSCRIPTIONS')).toMatchObject({ result: [DEPTH, 'ethusdt@depth@100ms'] });
    await venue.setFaults([]);
    await pass(1_000, client);
    expect(client.texts.length).toBeGreaterThan(5);
  });

  test.each([{ symbol: 'BTCUSDT' }, { stream: DEPTH }])('may apply to %j only', async (which) => {
    const client = await open(PUBLIC);
    await venue.setFaults([{ fault: 'stream-mute', ...which }]);
    await pass(3_000, client);
    expect(client.eventsOf(DEPTH)).toEqual([]);
    expect(client.eventsOf('ethusdt@depth@100ms').length).toBeGreaterThan(10);
  });

  test('half open: no messages, no pong, and no close', async () => {
    venue = await venueOn(clock, { streams: { pingEveryMs: 2_000, pongWithinMs: 5_000 } });
    const [client, other] = [await open(PUBLIC), await open(MARKET)];
    await venue.setFaults([{ fault: 'stream-mute', pong: false, route: 'public' }]);
    client.socket.ping('anybody there?');
    client.socket.send('{"method":"LIST_SUBSCRIPTIONS","id":1}');
    await eventually('both arrived', () => venue.requests().streams?.messages_received === 2);
    await pass(10_000, other);
    expect({ texts: client.texts, pings: client.pings, pongs: client.pongs, end: client.end }).toEqual({
      texts: [],
      pings: [],
      pongs: [],
      end: undefined,
    });
    expect(other.texts).toHaveLength(10);
    expect(other.pings).toHaveLength(1);
  });
});

test('stream-gap drops the given number of the symbol’s updates, and breaks the chain', async () => {
  const client = await open(PUBLIC);
  await pass(2_000, client);
  await venue.setFaults([{ fault: 'stream-gap', symbol: 'BTCUSDT', times: 3 }]);
  await pass(2_000, client);
  expect([gaps(client), gaps(client, 'ethusdt@depth@100ms')]).toEqual([1, 0]);
  expect(client.eventsOf('ethusdt@depth@100ms').length - client.eventsOf(DEPTH).length).toBe(3);
  expect(venue.faults()).toEqual([]);
});

test.each([
  ['text', (text: string) => text.length < 100],
  ['half', (text: string) => text.startsWith(`{"stream":"${DEPTH}"`)],
  ['huge', (text: string) => text.length > 8_000_000],
] as const)('stream-garbage %s replaces the next events', async (what, isSo) => {
  const client = await open(PUBLIC);
  await venue.setFaults([{ fault: 'stream-garbage', what, symbol: 'BTCUSDT', times: 2 }]);
  await pass(3_000, client);
  const faulty = client.texts.filter((text) => parseFrame(text).kind === 'FAULT');
  expect(faulty).toHaveLength(2);
  for (const text of faulty) expect(isSo(text)).toBe(true);
  expect(venue.faults()).toEqual([]);
});

test('stream-duplicate sends each event twice, and BookSync does not see a gap', async () => {
  const client = await open(`/public/stream?streams=${DEPTH}`);
  await venue.setFaults([{ fault: 'stream-duplicate', for_ms: 60_000 }]);
  await pass(3_000, client);
  const ids = client.eventsOf(DEPTH).map(({ u }) => u);
  expect(new Set(ids).size).toBe(ids.length / 2);
  const sync = new BookSync();
  const kinds = client.texts.map((text) => {
    const update = parseFrame(text);
    return update.kind === 'DEPTH_UPDATE' ? sync.onUpdate(update).kind : update.kind;
  });
  expect(new Set(kinds)).toEqual(new Set(['WAIT']));
});

test('stream-crossed makes a crossed book with an unbroken chain', async () => {
  const client = await open(`/public/stream?streams=${DEPTH}`);
  const book = new OrderBook();
  book.reset((await get(venue, '/fapi/v1/depth?symbol=BTCUSDT&limit=1000')).body);
  await pass(500, client);
  await venue.setFaults([{ fault: 'stream-crossed', symbol: 'BTCUSDT' }]);
  await pass(500, client);
  const crossed = client.texts.map((text) => {
    const update = parseFrame(text);
    if (update.kind === 'DEPTH_UPDATE') book.apply(update);
    return book.isCrossed;
  });
  expect([crossed[0], crossed.includes(true), gaps(client)]).toEqual([false, true, 0]);
});

test('stream-late delays events, in order, with their original stamps', async () => {
  const client = await open(`/public/stream?streams=${DEPTH}`);
  await venue.setFaults([{ fault: 'stream-late', ms: 1_500 }]);
  await pass(1_500, client);
  expect(client.texts).toEqual([]);
  await pass(1_000, client);
  const newest = client.eventsOf(DEPTH).at(-1);
  expect(clock.ms - newest.E).toBeGreaterThanOrEqual(1_500);
  expect(clock.ms - newest.E).toBeLessThan(1_800);
  await venue.setFaults([]);
  await pass(2_000, client);
  expect(gaps(client)).toBe(0);
  expect(clock.ms - client.eventsOf(DEPTH).at(-1).E).toBeLessThan(300);
});

test('server-shutdown sends a notice, and the connection stays open', async () => {
  const [combined, bare] = [await open(PUBLIC), await open(`/public/ws/${DEPTH}`)];
  await venue.setFaults([{ fault: 'server-shutdown' }]);
  await pass(1_000, combined, bare);
  const notice = { e: 'serverShutdown', E: clock.ms - 1_000 };
  expect(combined.messages[0]).toEqual({ stream: '!serverShutdown', data: notice });
  expect(bare.messages[0]).toEqual(notice);
  expect(bare.texts.length).toBeGreaterThan(5);
  expect(venue.faults()).toEqual([]);
});

test.each<[FaultInput, string]>([
  [{ fault: 'stream-gap', symbol: 'BTCUSD' }, 'there is no symbol BTCUSD'],
  [{ fault: 'stream-cut', code: 1_006 }, 'not a code that a server may send'],
  [{ fault: 'stream-mute', pong: false, symbol: 'BTCUSDT' }, 'pong: false applies to whole connections'],
])('%j is refused with the reason', async (fault, why) => {
  const response = await fetch(`${venue.controlUrl}/control/faults`, { method: 'POST', body: JSON.stringify(fault) });
  expect([response.status, await response.text()]).toEqual([400, expect.stringContaining(why)]);
});
