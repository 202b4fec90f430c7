import { expect, test } from 'vitest';
import { streamsHarnessPerTest } from './streams-harness.ts';

const at = streamsHarnessPerTest();

const DEPTH = 'btcusdt@depth@100ms';
const OTHER = 'ethusdt@depth@100ms';
const MARK = 'btcusdt@markPrice@1s';
const TRADE = 'btcusdt@aggTrade';
const HOUR_MS = 3_600_000;
const deliverAll = () => at.venue.deliverAll();
const messages = () => at.harness.lines.map(({ message }) => message);
const requests = () => at.venue.guests.flatMap(({ arrivals }) => arrivals).filter(({ kind }) => kind !== 'ping');

async function open(...streams: string[]): Promise<void> {
  at.harness.streams.setStreams(streams);
  await at.harness.until('all are open', () => streams.every((name) => at.harness.opened().includes(name)));
  at.venue.deliverAll();
  await at.harness.until('all deliver', () => at.harness.frames().length >= streams.length);
}

/** Waits until the stream is open for the `count`-th time. */
async function reopened(stream: string, count: number): Promise<void> {
  await at.harness.until(
    'it is open again',
    () => at.harness.opened().filter((name) => name === stream).length >= count,
  );
}

test('a cut connection is logged once and opened again, and the end of the outage is logged', async () => {
  await open(DEPTH, OTHER, MARK);
  for (const { socket } of at.venue.present()) socket.terminate();
  await at.harness.until('both are lost', () => at.harness.lost().length === 2);
  await reopened(DEPTH, 2);
  await reopened(MARK, 2);
  await at.harness.pass(2_000, deliverAll);
  expect(
    at.harness
      .lost()
      .flatMap(({ streams }) => streams)
      .sort(),
  ).toEqual([DEPTH, MARK, OTHER].sort());
  expect(messages()).toEqual(['market streams lost', 'market streams restored']);
  expect(at.harness.lines[0]?.fields).toMatchObject({ code: 'CUT', problem: expect.stringContaining('broken off') });
});

test('a close by the venue is reported with its code and text', async () => {
  await open(DEPTH);
  at.venue.guests[0]?.socket.close(1008, 'Too many requests');
  await reopened(DEPTH, 2);
  expect(at.harness.lost()[0]?.reason).toContain('the venue closed the connection with 1008 “Too many requests”');
});

test('the connection does not wait for a venue that never closes its end after its close frame', async () => {
  await open(DEPTH);
  const socket = at.venue.guests[0]?.socket as unknown as { _socket: { end: () => void; destroy: () => void } };
  socket._socket.end = () => {};
  at.venue.guests[0]?.socket.close(1001);
  const before = at.harness.now();
  await reopened(DEPTH, 2);
  expect(at.harness.now() - before).toBeLessThan(10_000);
  socket._socket.destroy();
});

test('F29 a half-open connection, which answers no ping, is given up after ten seconds and opened again', async () => {
  await open(DEPTH);
  at.venue.manners.answersPings = false;
  await at.harness.pass(9_500);
  expect(at.harness.lost()).toEqual([]);
  await at.harness.pass(1_500);
  expect(at.harness.lost()).toEqual([
    { kind: 'LOST', streams: [DEPTH], reason: expect.stringContaining('answer to a ping') },
  ]);
  await reopened(DEPTH, 2);
});

test('no ping is sent while data comes', async () => {
  await open(DEPTH);
  await at.harness.pass(60_000, deliverAll);
  expect(at.venue.guests[0]?.arrivals.map(({ kind }) => kind)).toEqual(['SUBSCRIBE']);
  expect(at.harness.lost()).toEqual([]);
});

test('F29 a connection with pongs but without data is opened again after 30 s, and then after growing waits', async () => {
  await open(DEPTH);
  at.venue.manners.isMute = true;
  await at.harness.pass(29_000);
  expect(at.harness.lost()).toEqual([]);
  await at.harness.pass(3_000);
  expect(at.harness.lost()).toEqual([
    { kind: 'LOST', streams: [DEPTH], reason: expect.stringContaining('no data for 30 s') },
  ]);
  await at.harness.pass(HOUR_MS);
  expect(at.harness.lost().length).toBeGreaterThan(6);
  expect(at.harness.lost().length).toBeLessThan(14);
  expect(messages()).toEqual(['market streams lost']);
  at.venue.manners.isMute = false;
  await at.harness.pass(2_000, deliverAll);
  expect(messages()).toEqual(['market streams lost', 'market streams restored']);
});

test('if only trade streams are open, silence may last eight minutes', async () => {
  await open(TRADE);
  await at.harness.pass(470_000);
  expect(at.harness.lost()).toEqual([]);
  await at.harness.pass(20_000);
  expect(at.harness.lost()).toHaveLength(1);
});

test('a connection is given up after a request without an answer', async () => {
  at.venue.manners.acknowledges = false;
  at.harness.streams.setStreams([DEPTH]);
  await at.harness.until('it is given up', () => at.harness.lines.length > 0);
  expect(at.harness.lines[0]?.fields).toMatchObject({
    code: 'UNANSWERED',
    problem: expect.stringContaining('within 5 s'),
  });
  expect(at.harness.callbacks).toEqual([]);
  at.venue.manners.acknowledges = true;
  await reopened(DEPTH, 1);
});

test('F44 a process that slept reads its sockets before it judges the venue as silent', async () => {
  await open(DEPTH, MARK);
  for (let round = 0; round < 5; round += 1) {
    await at.harness.jump(40_000);
    await at.harness.pass(2_000, deliverAll);
  }
  await at.harness.jump(-HOUR_MS);
  await at.harness.pass(5_000, deliverAll);
  expect(at.harness.lost()).toEqual([]);
  at.venue.guests[0]?.socket.terminate();
  await at.harness.jump(-HOUR_MS);
  const attempts = at.venue.attempts;
  await at.harness.pass(3_000);
  expect(at.venue.attempts).toBe(attempts + 1);
});

test('an oversized frame ends the connection, not the process', async () => {
  await open(DEPTH);
  at.venue.guests[0]?.socket.send('x'.repeat(5 * 1024 * 1024));
  await reopened(DEPTH, 2);
  expect(at.harness.lines[0]?.fields).toMatchObject({
    code: 'BROKEN_FRAME',
    problem: expect.stringContaining('payload'),
  });
});

test('an outage of an hour gives two log lines and about sixty tries', async () => {
  await open(DEPTH, MARK);
  at.venue.manners.refuse = { status: 503 };
  for (const { socket } of at.venue.present()) socket.terminate();
  const attempts = at.venue.attempts;
  await at.harness.pass(HOUR_MS);
  expect(messages()).toEqual(['market streams lost', 'market streams cannot be opened']);
  expect(at.harness.lines.map(({ fields }) => fields['code'])).toEqual(['CUT', 'DOWN']);
  expect(at.venue.attempts - attempts).toBeGreaterThan(60);
  expect(at.venue.attempts - attempts).toBeLessThan(150);
  expect(at.harness.lost()).toHaveLength(2);
  at.venue.manners.refuse = undefined;
  await reopened(DEPTH, 2);
  await reopened(MARK, 2);
  await at.harness.pass(120_000, deliverAll);
  expect(messages().slice(2)).toEqual(['market streams restored']);
});

test('an unsteady venue gives few log lines, and the waits grow', async () => {
  await open(DEPTH);
  const cutAtOnce = () => {
    for (const { socket, streams } of at.venue.present()) if (streams.size > 0) socket.close(1008, 'again');
  };
  const before = at.venue.attempts;
  await at.harness.pass(HOUR_MS, () => {
    at.venue.deliverAll();
    cutAtOnce();
  });
  expect(at.venue.attempts - before).toBeLessThan(80);
  expect(at.harness.lines.length).toBeLessThan(4);
  await at.harness.pass(180_000, deliverAll);
  expect(messages().at(-1)).toContain('steady');
});

test('F30 a stream without any data is logged once, and a steady kind is subscribed again', async () => {
  await open(DEPTH, MARK);
  const wanted = [DEPTH, OTHER, MARK, 'ethusdt@markPrice@1s', TRADE];
  at.harness.streams.setStreams(wanted);
  const some = () => {
    at.venue.deliver(DEPTH);
    at.venue.deliver(MARK);
  };
  await at.harness.until('all are open', () => wanted.every((name) => at.harness.opened().includes(name)), some);
  await at.harness.pass(55_000, some);
  expect(at.harness.lines).toEqual([]);
  await at.harness.pass(10_000, some);
  expect(
    at.harness
      .lost()
      .flatMap(({ streams }) => streams)
      .sort(),
  ).toEqual([OTHER, 'ethusdt@markPrice@1s']);
  expect(at.harness.lines.map(({ level, fields }) => [level, fields['streams']])).toEqual([
    ['warn', [OTHER]],
    ['warn', ['ethusdt@markPrice@1s']],
    ['info', [TRADE]],
  ]);
  const asked = requests().length;
  await at.harness.pass(500_000, some);
  expect(requests().length).toBe(asked);
  await at.harness.pass(200_000, some);
  expect(requests().length).toBe(asked + 4);
  expect(at.harness.lines).toHaveLength(3);
});

test('F30 a stream that falls silent is subscribed again after two minutes', async () => {
  await open(DEPTH, OTHER);
  const some = () => at.venue.deliver(DEPTH);
  await at.harness.pass(118_000, some);
  expect(at.harness.lost()).toEqual([]);
  await at.harness.pass(4_000, some);
  expect(at.harness.lost().map(({ streams }) => streams)).toEqual([[OTHER]]);
  await reopened(OTHER, 2);
  expect(at.venue.guests).toHaveLength(1);
});
