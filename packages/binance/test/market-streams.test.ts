import { eventually } from '@helios/shared/testing/eventually.ts';
import { expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { startStreamsHarness, streamsHarnessPerTest } from './streams-harness.ts';

const at = streamsHarnessPerTest();

const DEPTH = 'btcusdt@depth@100ms';
const MARK = 'btcusdt@markPrice@1s';
const names = (count: number, kind: string) => Array.from({ length: count }, (_, at) => `s${at}usdt@${kind}`);
const subscribed = () => at.venue.present().flatMap(({ streams }) => [...streams]);

/** Waits until the streams are open and one frame of each has arrived. */
async function deliver(...streams: string[]): Promise<void> {
  at.harness.streams.setStreams(streams);
  await at.harness.until('all are open', () => streams.every((name) => at.harness.opened().includes(name)));
  at.venue.deliverAll();
  await at.harness.until('the first frames have arrived', () => at.harness.frames().length >= streams.length);
}

test('each stream uses its own route, and its frames arrive unchanged with their receive time', async () => {
  await deliver(DEPTH, MARK);
  const byPath = at.venue.present().map(({ path, streams }) => [path, ...streams]);
  expect(byPath.sort()).toEqual([
    ['/market/stream', MARK],
    ['/public/stream', DEPTH],
  ]);
  expect(at.harness.frames().sort()).toEqual([
    `{"stream":"${DEPTH}","data":{"e":"x"}}`,
    `{"stream":"${MARK}","data":{"e":"x"}}`,
  ]);
  expect(
    at.harness.callbacks.every((each) => each.kind !== 'FRAME' || Math.abs(each.ts - at.harness.now()) <= 1_000),
  ).toBe(true);
});

test('F31 450 streams use three connections, with at most 200 streams each and 100 names per request', async () => {
  at.harness.streams.setStreams(names(450, 'depth'));
  await at.harness.until('all are subscribed', () => subscribed().length === 450);
  expect(at.venue.guests.map(({ streams }) => streams.size)).toEqual([200, 200, 50]);
  expect(at.venue.guests.flatMap(({ arrivals }) => arrivals.map((each) => each.names))).toEqual([
    100, 100, 100, 100, 50,
  ]);
  expect(new Set(at.harness.opened()).size).toBe(450);
  at.harness.streams.setStreams(names(450, 'depth'));
  await at.harness.pass(2_000);
  expect(at.venue.guests.flatMap(({ arrivals }) => arrivals).filter(({ kind }) => kind !== 'ping')).toHaveLength(5);
});

test('a new name goes to a connection with room; a removed one is unsubscribed and silent at once', async () => {
  const first = names(200, 'depth');
  at.harness.streams.setStreams(first);
  await at.harness.until('all are subscribed', () => subscribed().length === 200);
  at.harness.streams.setStreams([...first.slice(1), 'newusdt@depth']);
  at.venue.deliver('s0usdt@depth');
  at.venue.deliver('s1usdt@depth');
  await at.harness.until('the new one is subscribed', () => at.harness.opened().includes('newusdt@depth'));
  expect(at.venue.guests).toHaveLength(1);
  expect(subscribed()).toHaveLength(200);
  expect(subscribed()).not.toContain('s0usdt@depth');
  expect(at.harness.frames()).toEqual(['{"stream":"s1usdt@depth","data":{"e":"x"}}']);
  expect(at.harness.lost()).toEqual([]);
});

test('a stream that is removed and added again is subscribed again, and reported as open once more', async () => {
  await deliver(DEPTH, 'ethusdt@depth');
  at.harness.streams.setStreams(['ethusdt@depth']);
  at.harness.streams.setStreams(['ethusdt@depth', DEPTH]);
  await at.harness.until('it is open again', () => at.harness.opened().filter((name) => name === DEPTH).length === 2);
  const kinds = at.venue.guests[0]?.arrivals.map(({ kind }) => kind);
  expect(kinds).toEqual(['SUBSCRIBE', 'UNSUBSCRIBE', 'SUBSCRIBE']);
});

test('a connection without streams is closed, and opened again for new streams', async () => {
  await deliver(DEPTH, MARK);
  at.harness.streams.setStreams([MARK]);
  await at.harness.until('one connection is closed', () => at.venue.present().length === 1);
  expect(at.venue.present()[0]?.path).toBe('/market/stream');
  at.harness.streams.setStreams([MARK, DEPTH]);
  await at.harness.until('it is open again', () => at.venue.present().length === 2 && subscribed().includes(DEPTH));
});

test('changes while connecting count: the names wanted at the end are subscribed', async () => {
  at.venue.manners.ignoreUpgrades = true;
  at.harness.streams.setStreams([DEPTH, 'ethusdt@depth']);
  await at.harness.until('it is connecting', () => at.venue.attempts === 1);
  at.harness.streams.setStreams(['ethusdt@depth', 'solusdt@depth']);
  at.venue.manners.ignoreUpgrades = false;
  await at.harness.until('it is open', () => at.harness.opened().length === 2);
  expect(subscribed()).toEqual(['ethusdt@depth', 'solusdt@depth']);
  expect(at.harness.lines[0]?.fields).toMatchObject({
    code: 'DOWN',
    problem: expect.stringContaining('no connection within 10 s'),
  });
});

test('a stream is reported as open before its first frame, even if the frame comes before the answer', async () => {
  at.venue.manners.deliversEarly = true;
  at.harness.streams.setStreams([DEPTH, 'ethusdt@depth']);
  await at.harness.until('both have delivered', () => at.harness.frames().length === 2);
  await at.harness.pass(1_000);
  expect(at.harness.callbacks.map(({ kind }) => kind)).toEqual(['OPEN', 'FRAME', 'OPEN', 'FRAME']);
});

test('answers to our requests are not passed on, but garbage and foreign data are', async () => {
  await deliver(DEPTH);
  const [guest] = at.venue.guests;
  const foreign = ['no json {', '', '[1,2]', '{"stream":"other@trade","data":{}}', '{"stream":7}', '{"stream":"cut'];
  for (const text of foreign) guest?.socket.send(text);
  guest?.socket.send(` {"stream":"${DEPTH}","data":{"spaced":1}}`);
  guest?.socket.send(Buffer.from([1, 2, 3]), { binary: true });
  at.venue.deliver(DEPTH, { last: 1 });
  await at.harness.until('the last has arrived', () => at.harness.frames().at(-1)?.includes('last'));
  expect(at.harness.frames().slice(1, -1)).toEqual([...foreign, ` {"stream":"${DEPTH}","data":{"spaced":1}}`]);
  expect(at.harness.lines.map(({ fields }) => fields['notice'])).toEqual([
    expect.stringContaining('binary frame dropped'),
  ]);
  expect(at.harness.lost()).toEqual([]);
});

test('one refused name does not block the subscription of the others', async () => {
  at.venue.manners.badNames = new Set(['s37usdt@depth']);
  at.harness.streams.setStreams(names(120, 'depth'));
  await at.harness.until('the others are open', () => at.harness.opened().length === 119);
  await at.harness.pass(60_000, () => at.venue.deliver('s1usdt@depth'));
  expect(at.harness.opened()).not.toContain('s37usdt@depth');
  const asked = at.venue.guests[0]?.arrivals.filter(({ kind }) => kind === 'SUBSCRIBE').length ?? 0;
  expect(asked).toBeLessThan(20);
  expect(at.harness.lines.map(({ fields }) => fields['notice'])).toContainEqual(
    expect.stringContaining('s37usdt@depth'),
  );
});

test('an error in our handler rejects the run, and closes every connection', async () => {
  const faulty = startStreamsHarness(at.venue.url, {
    onFrame: () => {
      throw new Error('ours');
    },
  });
  faulty.streams.setStreams([DEPTH, MARK]);
  await faulty.until('all are subscribed', () => subscribed().length === 2);
  at.venue.deliverAll();
  await faulty.until('it has ended', () => at.venue.present().length === 0);
  await faulty.pass(250);
  await expect(faulty.running).rejects.toThrow('ours');
});

test('a stop while connecting ends at once and leaves nothing behind', async () => {
  at.venue.manners.ignoreUpgrades = true;
  at.harness.streams.setStreams([DEPTH, MARK]);
  await at.harness.until('both are connecting', () => at.venue.attempts === 2);
  await at.harness.stop();
  await eventually('the sockets are closed', () => at.venue.openSockets() === 0, 2_000);
  expect(at.harness.callbacks).toEqual([]);
  expect(at.harness.lines).toEqual([]);
});

test('after the stop nothing is passed on, and every connection is closed', async () => {
  await deliver(DEPTH, MARK);
  const before = at.harness.callbacks.length;
  at.harness.abort();
  at.venue.deliverAll();
  await eventually('the sockets are closed', () => at.venue.openSockets() === 0, 2_000);
  expect(at.harness.callbacks).toHaveLength(before);
});

test('the run ends only after the last connection is closed', async () => {
  const emit = vi.spyOn(WebSocket.prototype, 'emit');
  await deliver(DEPTH, MARK);
  at.harness.streams.setStreams([MARK]);
  await at.harness.stop();
  // The venue's own sockets have no URL.
  const closed = (emit.mock.contexts as WebSocket[]).filter(
    (socket, at) => socket.url && emit.mock.calls[at]?.[0] === 'close',
  );
  emit.mockRestore();
  expect(closed).toHaveLength(2);
});
