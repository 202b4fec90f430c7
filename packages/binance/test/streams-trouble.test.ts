import { eventually } from '@helios/shared/testing/eventually.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
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
const OTHER = 'ethusdt@depth@100ms';
const MARK = 'btcusdt@markPrice@1s';
const TRADE = 'btcusdt@aggTrade';
const HOUR_MS = 3_600_000;
const deliverAll = () => venue.deliverAll();
const messages = () => rig.lines.map(({ message }) => message);
const requests = () => venue.guests.flatMap(({ arrivals }) => arrivals).filter(({ kind }) => kind !== 'ping');

async function open(...streams: string[]): Promise<void> {
  rig.streams.setStreams(streams);
  await rig.until('all are open', () => streams.every((name) => rig.opened().includes(name)));
  venue.deliverAll();
  await rig.until('all deliver', () => rig.frames().length >= streams.length);
}

/** The streams are open for the `count`-th time. */
async function reopened(stream: string, count: number): Promise<void> {
  await rig.until('it is open again', () => rig.opened().filter((name) => name === stream).length >= count);
}

test('a cut connection is told once, opened again, and the end of the outage is told', async () => {
  await open(DEPTH, OTHER, MARK);
  for (const { socket } of venue.present()) socket.terminate();
  await rig.until('both are lost', () => rig.lost().length === 2);
  await reopened(DEPTH, 2);
  await reopened(MARK, 2);
  await rig.pass(2_000, deliverAll);
  expect(
    rig
      .lost()
      .flatMap(({ streams }) => streams)
      .sort(),
  ).toEqual([DEPTH, MARK, OTHER].sort());
  expect(messages()).toEqual(['market streams lost', 'market streams restored']);
  expect(rig.lines[0]?.fields).toMatchObject({ code: 'CUT', problem: expect.stringContaining('broken off') });
});

test('a close of the venue is told with its code and words', async () => {
  await open(DEPTH);
  venue.guests[0]?.socket.close(1008, 'Too many requests');
  await reopened(DEPTH, 2);
  expect(rig.lost()[0]?.reason).toContain('closed by the venue with 1008 “Too many requests”');
});

test('a venue that never closes its end after its close frame is not waited for', async () => {
  await open(DEPTH);
  const socket = venue.guests[0]?.socket as unknown as { _socket: { end: () => void; destroy: () => void } };
  socket._socket.end = () => {};
  venue.guests[0]?.socket.close(1001);
  const before = rig.now();
  await reopened(DEPTH, 2);
  expect(rig.now() - before).toBeLessThan(10_000);
  socket._socket.destroy();
});

test('a half-open connection, which answers no ping, is given up after ten seconds and opened anew', async () => {
  await open(DEPTH);
  venue.manners.answersPings = false;
  await rig.pass(9_500);
  expect(rig.lost()).toEqual([]);
  await rig.pass(1_500);
  expect(rig.lost()).toEqual([{ kind: 'LOST', streams: [DEPTH], reason: expect.stringContaining('answer to a ping') }]);
  await reopened(DEPTH, 2);
});

test('no ping goes out while data comes', async () => {
  await open(DEPTH);
  await rig.pass(60_000, deliverAll);
  expect(venue.guests[0]?.arrivals.map(({ kind }) => kind)).toEqual(['SUBSCRIBE']);
  expect(rig.lost()).toEqual([]);
});

test('a connection that answers pings but delivers nothing is opened anew after 30 s, and ever more seldom', async () => {
  await open(DEPTH);
  venue.manners.isMute = true;
  await rig.pass(29_000);
  expect(rig.lost()).toEqual([]);
  await rig.pass(3_000);
  expect(rig.lost()).toEqual([{ kind: 'LOST', streams: [DEPTH], reason: expect.stringContaining('no data for 30 s') }]);
  await rig.pass(HOUR_MS);
  expect(rig.lost().length).toBeGreaterThan(6);
  expect(rig.lost().length).toBeLessThan(14);
  expect(messages()).toEqual(['market streams lost']);
  venue.manners.isMute = false;
  await rig.pass(2_000, deliverAll);
  expect(messages()).toEqual(['market streams lost', 'market streams restored']);
});

test('where only trades are open, silence is given eight minutes', async () => {
  await open(TRADE);
  await rig.pass(470_000);
  expect(rig.lost()).toEqual([]);
  await rig.pass(20_000);
  expect(rig.lost()).toHaveLength(1);
});

test('a request without an answer means a dead connection', async () => {
  venue.manners.acknowledges = false;
  rig.streams.setStreams([DEPTH]);
  await rig.until('it is given up', () => rig.lines.length > 0);
  expect(rig.lines[0]?.fields).toMatchObject({ code: 'UNANSWERED', problem: expect.stringContaining('within 5 s') });
  expect(rig.told).toEqual([]);
  venue.manners.acknowledges = true;
  await reopened(DEPTH, 1);
});

test('a frozen process reads what waits for it before it takes the venue for silent', async () => {
  await open(DEPTH, MARK);
  for (let at = 0; at < 5; at += 1) {
    await rig.jump(40_000);
    await rig.pass(2_000, deliverAll);
  }
  await rig.jump(-HOUR_MS);
  await rig.pass(5_000, deliverAll);
  expect(rig.lost()).toEqual([]);
  venue.guests[0]?.socket.terminate();
  await rig.jump(-HOUR_MS);
  const attempts = venue.attempts;
  await rig.pass(3_000);
  expect(venue.attempts).toBe(attempts + 1);
});

test('a frame that is too long ends the connection, not the process', async () => {
  await open(DEPTH);
  venue.guests[0]?.socket.send('x'.repeat(5 * 1024 * 1024));
  await reopened(DEPTH, 2);
  expect(rig.lines[0]?.fields).toMatchObject({ code: 'BROKEN_FRAME', problem: expect.stringContaining('payload') });
});

test('an outage of an hour is two lines in the log, and some sixty tries', async () => {
  await open(DEPTH, MARK);
  venue.manners.refuse = { status: 503 };
  for (const { socket } of venue.present()) socket.terminate();
  const attempts = venue.attempts;
  await rig.pass(HOUR_MS);
  expect(messages()).toEqual(['market streams lost', 'market streams cannot be opened']);
  expect(rig.lines.map(({ fields }) => fields['code'])).toEqual(['CUT', 'DOWN']);
  expect(venue.attempts - attempts).toBeGreaterThan(60);
  expect(venue.attempts - attempts).toBeLessThan(150);
  expect(rig.lost()).toHaveLength(2);
  venue.manners.refuse = undefined;
  await reopened(DEPTH, 2);
  await reopened(MARK, 2);
  await rig.pass(120_000, deliverAll);
  expect(messages().slice(2)).toEqual(['market streams restored']);
});

test('a venue that comes and goes makes few lines, and is left alone ever longer', async () => {
  await open(DEPTH);
  const cutAtOnce = () => {
    for (const { socket, streams } of venue.present()) if (streams.size > 0) socket.close(1008, 'again');
  };
  const before = venue.attempts;
  await rig.pass(HOUR_MS, () => {
    venue.deliverAll();
    cutAtOnce();
  });
  expect(venue.attempts - before).toBeLessThan(80);
  expect(rig.lines.length).toBeLessThan(4);
  await rig.pass(180_000, deliverAll);
  expect(messages().at(-1)).toContain('steady');
});

test('a stream that never delivers is told once and, if it is one that should, subscribed anew', async () => {
  await open(DEPTH, MARK);
  const wanted = [DEPTH, OTHER, MARK, 'ethusdt@markPrice@1s', TRADE];
  rig.streams.setStreams(wanted);
  const some = () => {
    venue.deliver(DEPTH);
    venue.deliver(MARK);
  };
  await rig.until('all are open', () => wanted.every((name) => rig.opened().includes(name)), some);
  await rig.pass(55_000, some);
  expect(rig.lines).toEqual([]);
  await rig.pass(10_000, some);
  expect(
    rig
      .lost()
      .flatMap(({ streams }) => streams)
      .sort(),
  ).toEqual([OTHER, 'ethusdt@markPrice@1s']);
  expect(rig.lines.map(({ level, fields }) => [level, fields['streams']])).toEqual([
    ['warn', [OTHER]],
    ['warn', ['ethusdt@markPrice@1s']],
    ['info', [TRADE]],
  ]);
  const asked = requests().length;
  await rig.pass(500_000, some);
  expect(requests().length).toBe(asked);
  await rig.pass(200_000, some);
  expect(requests().length).toBe(asked + 4);
  expect(rig.lines).toHaveLength(3);
});

test('a stream that falls silent is subscribed anew after two minutes', async () => {
  await open(DEPTH, OTHER);
  const some = () => venue.deliver(DEPTH);
  await rig.pass(118_000, some);
  expect(rig.lost()).toEqual([]);
  await rig.pass(4_000, some);
  expect(rig.lost().map(({ streams }) => streams)).toEqual([[OTHER]]);
  await reopened(OTHER, 2);
  expect(venue.guests).toHaveLength(1);
});
