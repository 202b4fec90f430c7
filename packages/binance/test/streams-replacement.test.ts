import { beforeEach, expect, test } from 'vitest';
import { streamsHarnessPerTest } from './streams-harness.ts';

const at = streamsHarnessPerTest();
beforeEach(() => {
  sent = 0;
});

const DEPTH = 'btcusdt@depth@100ms';
const MARK = 'btcusdt@markPrice@1s';
const HOUR_MS = 3_600_000;
const deliverAll = () => at.venue.deliverAll();

/** Number of rounds of frames so far; each frame has its round's number. */
let sent = 0;

function deliverCounted(): void {
  sent += 1;
  for (const stream of [DEPTH, MARK]) at.venue.deliver(stream, { count: sent });
}

/** The round numbers received from a stream. */
function countsOf(stream: string): number[] {
  const frames = at.harness.frames().map((text) => JSON.parse(text) as { stream: string; data: { count?: number } });
  return frames.flatMap(({ stream: name, data }) => (name === stream && data.count ? [data.count] : []));
}

async function open(...streams: string[]): Promise<void> {
  at.harness.streams.setStreams(streams);
  await at.harness.until('all are open', () => streams.every((name) => at.harness.opened().includes(name)));
  at.venue.deliverAll();
  await at.harness.until('all deliver', () => at.harness.frames().length >= streams.length);
}

test('F32 before the venue’s 24 h limit, a delivering connection replaces each connection without a gap, one after another', async () => {
  await open(DEPTH, MARK);
  await at.harness.jump(23 * HOUR_MS + 20 * 60_000);
  await at.harness.pass(5_000, deliverCounted);
  expect(at.venue.guests).toHaveLength(2);
  await at.harness.jump(29 * 60_000);
  let most = 0;
  await at.harness.until(
    'both are replaced',
    () => at.venue.guests.length === 4 && at.venue.present().length === 2,
    () => {
      most = Math.max(most, at.venue.present().length);
      deliverCounted();
    },
  );
  expect(most).toBe(3);
  expect(at.harness.lost()).toEqual([]);
  expect(at.harness.opened()).toEqual([DEPTH, MARK]);
  expect(at.harness.lines.map(({ level, message }) => [level, message])).toEqual([
    ['info', 'market streams notice'],
    ['info', 'market streams notice'],
  ]);
  await at.harness.until(
    'the last has arrived',
    () => countsOf(DEPTH).at(-1) === sent,
    () => {},
  );
  expect(countsOf(DEPTH)).toEqual(Array.from({ length: sent }, (_, at) => at + 1));
  expect(countsOf(MARK)).toEqual(countsOf(DEPTH));
});

test('a quiet stream is also handed over without a gap, after ten seconds', async () => {
  await open(DEPTH, 'ethusdt@depth');
  await at.harness.jump(24 * HOUR_MS);
  const before = at.harness.now();
  await at.harness.until(
    'it is replaced',
    () => at.venue.guests.length === 2 && at.venue.present().length === 1,
    () => at.venue.deliver(DEPTH),
  );
  expect(at.harness.now() - before).toBeGreaterThan(9_000);
  expect(at.harness.lost()).toEqual([]);
  at.venue.deliver('ethusdt@depth', { last: 1 });
  await at.harness.until('it delivers', () => at.harness.frames().at(-1)?.includes('last'));
});

test('a stream with different texts on both connections has a gap, which is reported', async () => {
  await open(DEPTH, 'ethusdt@depth');
  await at.harness.jump(24 * HOUR_MS);
  let count = 0;
  await at.harness.until(
    'it is replaced',
    () => at.venue.guests.length === 2 && at.venue.present().length === 1,
    () => {
      at.venue.deliver(DEPTH);
      for (const { socket, streams } of at.venue.present()) {
        count += 1;
        if (streams.size === 2) socket.send(`{"stream":"ethusdt@depth","data":{"own":${count}}}`);
      }
    },
  );
  expect(at.harness.lost()).toEqual([
    { kind: 'LOST', streams: ['ethusdt@depth'], reason: expect.stringContaining('24 h') },
  ]);
  expect(at.harness.callbacks.filter(({ kind }) => kind === 'OPEN').at(-1)).toEqual({
    kind: 'OPEN',
    streams: ['ethusdt@depth'],
  });
});

test('a replacement that is cut gives its streams back, with a gap', async () => {
  await open(DEPTH, 'ethusdt@depth');
  await at.harness.jump(24 * HOUR_MS);
  await at.harness.until(
    'both exist',
    () => at.venue.guests[1]?.streams.size === 2,
    () => at.venue.deliver(DEPTH),
  );
  await at.harness.pass(1_000, () => at.venue.deliver(DEPTH));
  at.venue.guests[1]?.socket.terminate();
  await at.harness.until('it is reported', () => at.harness.lost().length === 1);
  expect(at.harness.lost()[0]?.streams).toEqual([DEPTH]);
  at.venue.guests[0]?.socket.send(`{"stream":"${DEPTH}","data":{"last":1}}`);
  await at.harness.until('the old one delivers', () => at.harness.frames().at(-1)?.includes('last'));
});

test.each([
  JSON.stringify({ e: 'serverShutdown', E: 1 }),
  JSON.stringify({ stream: '!x', data: { e: 'serverShutdown', E: 1 } }),
])('a shutdown notice causes a replacement of the connection: %s', async (notice) => {
  await open(DEPTH, MARK);
  at.venue.guests.find(({ path }) => path.startsWith('/public'))?.socket.send(notice);
  await at.harness.until(
    'it is replaced',
    () => at.venue.guests.length === 3 && at.venue.present().length === 2,
    deliverAll,
  );
  expect(at.harness.lost()).toEqual([]);
  expect(at.harness.lines.map(({ fields }) => fields['notice'])).toEqual([expect.stringContaining('shut down')]);
  expect(at.harness.frames().some((text) => text.includes('serverShutdown'))).toBe(false);
  await at.harness.pass(10_000, deliverAll);
  expect(at.venue.guests).toHaveLength(3);
});

test('a replacement that fails to open leaves the old connection alone; a later cut of that is an ordinary loss', async () => {
  await open(DEPTH);
  at.venue.manners.refuse = { status: 503 };
  await at.harness.jump(24 * HOUR_MS);
  await at.harness.pass(300_000, deliverAll);
  expect(at.harness.lost()).toEqual([]);
  expect(at.venue.attempts).toBeGreaterThan(4);
  expect(at.venue.attempts).toBeLessThan(14);
  expect(at.harness.lines).toHaveLength(1);
  at.venue.present()[0]?.socket.terminate();
  at.venue.manners.refuse = undefined;
  await at.harness.until('it is open again', () => at.harness.opened().length === 2);
  expect(at.harness.lost()).toHaveLength(1);
});

test('a replacement takes over at once if the old connection is cut', async () => {
  await open(DEPTH);
  at.venue.manners.isMute = true;
  await at.harness.jump(24 * HOUR_MS);
  await at.harness.until('both exist', () => at.venue.guests[1]?.streams.size === 1);
  await at.harness.pass(500);
  at.venue.guests[0]?.socket.terminate();
  await at.harness.until('it took over', () => at.harness.opened().length === 2);
  expect(at.venue.guests).toHaveLength(2);
  at.venue.manners.isMute = false;
  at.venue.deliver(DEPTH, { last: 1 });
  await at.harness.until('it delivers', () => at.harness.frames().at(-1)?.includes('last'));
});

test('streams added during a replacement are on the new connection', async () => {
  await open(DEPTH);
  await at.harness.jump(24 * HOUR_MS);
  await at.harness.until('both exist', () => at.venue.present().length === 2);
  at.harness.streams.setStreams([DEPTH, 'ethusdt@depth']);
  await at.harness.until('it is replaced', () => at.venue.present().length === 1, deliverAll);
  expect([...(at.venue.present()[0]?.streams ?? [])].sort()).toEqual([DEPTH, 'ethusdt@depth'].sort());
  const before = at.harness.frames().length;
  at.venue.deliverAll();
  await at.harness.until('both deliver', () => at.harness.frames().length === before + 2);
});
