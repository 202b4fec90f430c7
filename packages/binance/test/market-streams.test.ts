import { eventually } from '@helios/shared/testing/eventually.ts';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type StreamsRig, startRig } from './streams-rig.ts';
import { startTinyVenue, type TinyVenue } from './tiny-venue.ts';

let venue: TinyVenue;
let rig: StreamsRig;

beforeEach(async () => {
  venue = await startTinyVenue();
  rig = startRig(venue.url);
});
afterEach(async () => {
  await rig.stop();
  await eventually('no socket is left open', () => venue.openSockets() === 0);
  await venue.close();
});

const DEPTH = 'btcusdt@depth@100ms';
const MARK = 'btcusdt@markPrice@1s';
const names = (count: number, kind: string) => Array.from({ length: count }, (_, at) => `s${at}usdt@${kind}`);
const subscribed = () => venue.present().flatMap(({ streams }) => [...streams]);

/** `names` are open, and one frame of each has come. */
async function deliver(...streams: string[]): Promise<void> {
  rig.streams.setStreams(streams);
  await rig.until('everything is open', () => streams.every((name) => rig.opened().includes(name)));
  venue.deliverAll();
  await rig.until('the first frames are here', () => rig.frames().length >= streams.length);
}

test('each stream goes over its own route, and its frames come as they were sent, with their time', async () => {
  await deliver(DEPTH, MARK);
  const byPath = venue.present().map(({ path, streams }) => [path, ...streams]);
  expect(byPath.sort()).toEqual([
    ['/market/stream', MARK],
    ['/public/stream', DEPTH],
  ]);
  expect(rig.frames().sort()).toEqual([
    `{"stream":"${DEPTH}","data":{"e":"x"}}`,
    `{"stream":"${MARK}","data":{"e":"x"}}`,
  ]);
  expect(rig.told.every((each) => each.kind !== 'FRAME' || Math.abs(each.ts - rig.now()) <= 1_000)).toBe(true);
});

test('450 streams need three connections, each within 200 and in requests of at most 100', async () => {
  rig.streams.setStreams(names(450, 'depth'));
  await rig.until('all are subscribed', () => subscribed().length === 450);
  expect(venue.guests.map(({ streams }) => streams.size)).toEqual([200, 200, 50]);
  expect(venue.guests.flatMap(({ arrivals }) => arrivals.map((each) => each.names))).toEqual([100, 100, 100, 100, 50]);
  expect(new Set(rig.opened()).size).toBe(450);
  rig.streams.setStreams(names(450, 'depth'));
  await rig.pass(2_000);
  expect(venue.guests.flatMap(({ arrivals }) => arrivals).filter(({ kind }) => kind !== 'ping')).toHaveLength(5);
});

test('a new name goes to a connection with room, and a removed one is unsubscribed and silent at once', async () => {
  const first = names(200, 'depth');
  rig.streams.setStreams(first);
  await rig.until('all are subscribed', () => subscribed().length === 200);
  rig.streams.setStreams([...first.slice(1), 'newusdt@depth']);
  venue.deliver('s0usdt@depth');
  venue.deliver('s1usdt@depth');
  await rig.until('the new one is subscribed', () => rig.opened().includes('newusdt@depth'));
  expect(venue.guests).toHaveLength(1);
  expect(subscribed()).toHaveLength(200);
  expect(subscribed()).not.toContain('s0usdt@depth');
  expect(rig.frames()).toEqual(['{"stream":"s1usdt@depth","data":{"e":"x"}}']);
  expect(rig.lost()).toEqual([]);
});

test('what is removed and named again is subscribed anew: it is told as open once more', async () => {
  await deliver(DEPTH, 'ethusdt@depth');
  rig.streams.setStreams(['ethusdt@depth']);
  rig.streams.setStreams(['ethusdt@depth', DEPTH]);
  await rig.until('it is open again', () => rig.opened().filter((name) => name === DEPTH).length === 2);
  const kinds = venue.guests[0]?.arrivals.map(({ kind }) => kind);
  expect(kinds).toEqual(['SUBSCRIBE', 'UNSUBSCRIBE', 'SUBSCRIBE']);
});

test('a connection without streams is closed, and opened again when there are some', async () => {
  await deliver(DEPTH, MARK);
  rig.streams.setStreams([MARK]);
  await rig.until('one connection is closed', () => venue.present().length === 1);
  expect(venue.present()[0]?.path).toBe('/market/stream');
  rig.streams.setStreams([MARK, DEPTH]);
  await rig.until('it is open again', () => venue.present().length === 2 && subscribed().includes(DEPTH));
});

test('changes while connecting count: what stands when the connection is open is subscribed', async () => {
  venue.manners.ignoreUpgrades = true;
  rig.streams.setStreams([DEPTH, 'ethusdt@depth']);
  await rig.until('it is connecting', () => venue.attempts === 1);
  rig.streams.setStreams(['ethusdt@depth', 'solusdt@depth']);
  venue.manners.ignoreUpgrades = false;
  await rig.until('it is open', () => rig.opened().length === 2);
  expect(subscribed()).toEqual(['ethusdt@depth', 'solusdt@depth']);
  expect(rig.lines[0]?.fields).toMatchObject({
    code: 'DOWN',
    problem: expect.stringContaining('no connection within 10 s'),
  });
});

test('a stream is told as open before its first frame, even where that comes before the answer', async () => {
  venue.manners.deliversEarly = true;
  rig.streams.setStreams([DEPTH, 'ethusdt@depth']);
  await rig.until('both have delivered', () => rig.frames().length === 2);
  await rig.pass(1_000);
  expect(rig.told.map(({ kind }) => kind)).toEqual(['OPEN', 'FRAME', 'OPEN', 'FRAME']);
});

test('answers to our requests are kept back, garbage and foreign data are passed on', async () => {
  await deliver(DEPTH);
  const [guest] = venue.guests;
  const foreign = ['no json {', '', '[1,2]', '{"stream":"other@trade","data":{}}', '{"stream":7}', '{"stream":"cut'];
  for (const text of foreign) guest?.socket.send(text);
  guest?.socket.send(` {"stream":"${DEPTH}","data":{"spaced":1}}`);
  guest?.socket.send(Buffer.from([1, 2, 3]), { binary: true });
  venue.deliver(DEPTH, { last: 1 });
  await rig.until('the last is here', () => rig.frames().at(-1)?.includes('last'));
  expect(rig.frames().slice(1, -1)).toEqual([...foreign, ` {"stream":"${DEPTH}","data":{"spaced":1}}`]);
  expect(rig.lines.map(({ fields }) => fields['remark'])).toEqual([
    expect.stringContaining('a binary frame was dropped'),
  ]);
  expect(rig.lost()).toEqual([]);
});

test('one name that the venue refuses does not keep the others from being subscribed', async () => {
  venue.manners.badNames = new Set(['s37usdt@depth']);
  rig.streams.setStreams(names(120, 'depth'));
  await rig.until('the others are open', () => rig.opened().length === 119);
  await rig.pass(60_000, () => venue.deliver('s1usdt@depth'));
  expect(rig.opened()).not.toContain('s37usdt@depth');
  const asked = venue.guests[0]?.arrivals.filter(({ kind }) => kind === 'SUBSCRIBE').length ?? 0;
  expect(asked).toBeLessThan(20);
  expect(rig.lines.map(({ fields }) => fields['remark'])).toContainEqual(expect.stringContaining('s37usdt@depth'));
});

test('a fault of ours in a handler rejects the run, and closes every connection', async () => {
  const faulty = startRig(venue.url, {
    onFrame: () => {
      throw new Error('ours');
    },
  });
  faulty.streams.setStreams([DEPTH, MARK]);
  await faulty.until('all are subscribed', () => subscribed().length === 2);
  venue.deliverAll();
  await faulty.until('it has ended', () => venue.present().length === 0);
  await faulty.pass(250);
  await expect(faulty.running).rejects.toThrow('ours');
});

test('a stop while connecting ends at once and leaves nothing behind', async () => {
  venue.manners.ignoreUpgrades = true;
  rig.streams.setStreams([DEPTH, MARK]);
  await rig.until('both are connecting', () => venue.attempts === 2);
  await rig.stop();
  await eventually('the sockets are closed', () => venue.openSockets() === 0, 2_000);
  expect(rig.told).toEqual([]);
  expect(rig.lines).toEqual([]);
});

test('from the moment of the stop nothing is passed on, and every connection is closed', async () => {
  await deliver(DEPTH, MARK);
  const before = rig.told.length;
  rig.abort();
  venue.deliverAll();
  await eventually('the sockets are closed', () => venue.openSockets() === 0, 2_000);
  expect(rig.told).toHaveLength(before);
});

test('the run has not ended before the last connection is closed', async () => {
  const emit = vi.spyOn(WebSocket.prototype, 'emit');
  await deliver(DEPTH, MARK);
  rig.streams.setStreams([MARK]);
  await rig.stop();
  // Those of the venue have no address.
  const closed = (emit.mock.contexts as WebSocket[]).filter(
    (socket, at) => socket.url && emit.mock.calls[at]?.[0] === 'close',
  );
  emit.mockRestore();
  expect(closed).toHaveLength(2);
});
