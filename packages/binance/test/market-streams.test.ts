import { eventually } from '@helios/shared/testing/eventually.ts';
import { expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { rigPerTest, startRig } from './streams-rig.ts';

const at = rigPerTest();

const DEPTH = 'btcusdt@depth@100ms';
const MARK = 'btcusdt@markPrice@1s';
const names = (count: number, kind: string) => Array.from({ length: count }, (_, at) => `s${at}usdt@${kind}`);
const subscribed = () => at.venue.present().flatMap(({ streams }) => [...streams]);

/** `names` are open, and one frame of each has come. */
async function deliver(...streams: string[]): Promise<void> {
  at.rig.streams.setStreams(streams);
  await at.rig.until('everything is open', () => streams.every((name) => at.rig.opened().includes(name)));
  at.venue.deliverAll();
  await at.rig.until('the first frames are here', () => at.rig.frames().length >= streams.length);
}

test('each stream goes over its own route, and its frames come as they were sent, with their time', async () => {
  await deliver(DEPTH, MARK);
  const byPath = at.venue.present().map(({ path, streams }) => [path, ...streams]);
  expect(byPath.sort()).toEqual([
    ['/market/stream', MARK],
    ['/public/stream', DEPTH],
  ]);
  expect(at.rig.frames().sort()).toEqual([
    `{"stream":"${DEPTH}","data":{"e":"x"}}`,
    `{"stream":"${MARK}","data":{"e":"x"}}`,
  ]);
  expect(at.rig.told.every((each) => each.kind !== 'FRAME' || Math.abs(each.ts - at.rig.now()) <= 1_000)).toBe(true);
});

test('450 streams need three connections, each within 200 and in requests of at most 100', async () => {
  at.rig.streams.setStreams(names(450, 'depth'));
  await at.rig.until('all are subscribed', () => subscribed().length === 450);
  expect(at.venue.guests.map(({ streams }) => streams.size)).toEqual([200, 200, 50]);
  expect(at.venue.guests.flatMap(({ arrivals }) => arrivals.map((each) => each.names))).toEqual([
    100, 100, 100, 100, 50,
  ]);
  expect(new Set(at.rig.opened()).size).toBe(450);
  at.rig.streams.setStreams(names(450, 'depth'));
  await at.rig.pass(2_000);
  expect(at.venue.guests.flatMap(({ arrivals }) => arrivals).filter(({ kind }) => kind !== 'ping')).toHaveLength(5);
});

test('a new name goes to a connection with room, and a removed one is unsubscribed and silent at once', async () => {
  const first = names(200, 'depth');
  at.rig.streams.setStreams(first);
  await at.rig.until('all are subscribed', () => subscribed().length === 200);
  at.rig.streams.setStreams([...first.slice(1), 'newusdt@depth']);
  at.venue.deliver('s0usdt@depth');
  at.venue.deliver('s1usdt@depth');
  await at.rig.until('the new one is subscribed', () => at.rig.opened().includes('newusdt@depth'));
  expect(at.venue.guests).toHaveLength(1);
  expect(subscribed()).toHaveLength(200);
  expect(subscribed()).not.toContain('s0usdt@depth');
  expect(at.rig.frames()).toEqual(['{"stream":"s1usdt@depth","data":{"e":"x"}}']);
  expect(at.rig.lost()).toEqual([]);
});

test('what is removed and named again is subscribed anew: it is told as open once more', async () => {
  await deliver(DEPTH, 'ethusdt@depth');
  at.rig.streams.setStreams(['ethusdt@depth']);
  at.rig.streams.setStreams(['ethusdt@depth', DEPTH]);
  await at.rig.until('it is open again', () => at.rig.opened().filter((name) => name === DEPTH).length === 2);
  const kinds = at.venue.guests[0]?.arrivals.map(({ kind }) => kind);
  expect(kinds).toEqual(['SUBSCRIBE', 'UNSUBSCRIBE', 'SUBSCRIBE']);
});

test('a connection without streams is closed, and opened again when there are some', async () => {
  await deliver(DEPTH, MARK);
  at.rig.streams.setStreams([MARK]);
  await at.rig.until('one connection is closed', () => at.venue.present().length === 1);
  expect(at.venue.present()[0]?.path).toBe('/market/stream');
  at.rig.streams.setStreams([MARK, DEPTH]);
  await at.rig.until('it is open again', () => at.venue.present().length === 2 && subscribed().includes(DEPTH));
});

test('changes while connecting count: what stands when the connection is open is subscribed', async () => {
  at.venue.manners.ignoreUpgrades = true;
  at.rig.streams.setStreams([DEPTH, 'ethusdt@depth']);
  await at.rig.until('it is connecting', () => at.venue.attempts === 1);
  at.rig.streams.setStreams(['ethusdt@depth', 'solusdt@depth']);
  at.venue.manners.ignoreUpgrades = false;
  await at.rig.until('it is open', () => at.rig.opened().length === 2);
  expect(subscribed()).toEqual(['ethusdt@depth', 'solusdt@depth']);
  expect(at.rig.lines[0]?.fields).toMatchObject({
    code: 'DOWN',
    problem: expect.stringContaining('no connection within 10 s'),
  });
});

test('a stream is told as open before its first frame, even where that comes before the answer', async () => {
  at.venue.manners.deliversEarly = true;
  at.rig.streams.setStreams([DEPTH, 'ethusdt@depth']);
  await at.rig.until('both have delivered', () => at.rig.frames().length === 2);
  await at.rig.pass(1_000);
  expect(at.rig.told.map(({ kind }) => kind)).toEqual(['OPEN', 'FRAME', 'OPEN', 'FRAME']);
});

test('answers to our requests are kept back, garbage and foreign data are passed on', async () => {
  await deliver(DEPTH);
  const [guest] = at.venue.guests;
  const foreign = ['no json {', '', '[1,2]', '{"stream":"other@trade","data":{}}', '{"stream":7}', '{"stream":"cut'];
  for (const text of foreign) guest?.socket.send(text);
  guest?.socket.send(` {"stream":"${DEPTH}","data":{"spaced":1}}`);
  guest?.socket.send(Buffer.from([1, 2, 3]), { binary: true });
  at.venue.deliver(DEPTH, { last: 1 });
  await at.rig.until('the last is here', () => at.rig.frames().at(-1)?.includes('last'));
  expect(at.rig.frames().slice(1, -1)).toEqual([...foreign, ` {"stream":"${DEPTH}","data":{"spaced":1}}`]);
  expect(at.rig.lines.map(({ fields }) => fields['remark'])).toEqual([
    expect.stringContaining('a binary frame was dropped'),
  ]);
  expect(at.rig.lost()).toEqual([]);
});

test('one name that the venue refuses does not keep the others from being subscribed', async () => {
  at.venue.manners.badNames = new Set(['s37usdt@depth']);
  at.rig.streams.setStreams(names(120, 'depth'));
  await at.rig.until('the others are open', () => at.rig.opened().length === 119);
  await at.rig.pass(60_000, () => at.venue.deliver('s1usdt@depth'));
  expect(at.rig.opened()).not.toContain('s37usdt@depth');
  const asked = at.venue.guests[0]?.arrivals.filter(({ kind }) => kind === 'SUBSCRIBE').length ?? 0;
  expect(asked).toBeLessThan(20);
  expect(at.rig.lines.map(({ fields }) => fields['remark'])).toContainEqual(expect.stringContaining('s37usdt@depth'));
});

test('a fault of ours in a handler rejects the run, and closes every connection', async () => {
  const faulty = startRig(at.venue.url, {
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
  at.rig.streams.setStreams([DEPTH, MARK]);
  await at.rig.until('both are connecting', () => at.venue.attempts === 2);
  await at.rig.stop();
  await eventually('the sockets are closed', () => at.venue.openSockets() === 0, 2_000);
  expect(at.rig.told).toEqual([]);
  expect(at.rig.lines).toEqual([]);
});

test('from the moment of the stop nothing is passed on, and every connection is closed', async () => {
  await deliver(DEPTH, MARK);
  const before = at.rig.told.length;
  at.rig.abort();
  at.venue.deliverAll();
  await eventually('the sockets are closed', () => at.venue.openSockets() === 0, 2_000);
  expect(at.rig.told).toHaveLength(before);
});

test('the run has not ended before the last connection is closed', async () => {
  const emit = vi.spyOn(WebSocket.prototype, 'emit');
  await deliver(DEPTH, MARK);
  at.rig.streams.setStreams([MARK]);
  await at.rig.stop();
  // Those of the venue have no address.
  const closed = (emit.mock.contexts as WebSocket[]).filter(
    (socket, at) => socket.url && emit.mock.calls[at]?.[0] === 'close',
  );
  emit.mockRestore();
  expect(closed).toHaveLength(2);
});
