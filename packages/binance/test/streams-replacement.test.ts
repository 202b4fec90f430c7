import { eventually } from '@helios/shared/testing/eventually.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type StreamsRig, startRig } from './streams-rig.ts';
import { startTinyVenue, type TinyVenue } from './tiny-venue.ts';

let venue: TinyVenue;
let rig: StreamsRig;

beforeEach(async () => {
  venue = await startTinyVenue();
  rig = startRig(venue.url);
  sent = 0;
});
afterEach(async () => {
  await rig.stop();
  await eventually('no socket is left open', () => venue.openSockets() === 0);
  await venue.close();
});

const DEPTH = 'btcusdt@depth@100ms';
const MARK = 'btcusdt@markPrice@1s';
const HOUR_MS = 3_600_000;
const deliverAll = () => venue.deliverAll();

/** How many rounds of frames were sent; each carries its number. */
let sent = 0;

function deliverCounted(): void {
  sent += 1;
  for (const stream of [DEPTH, MARK]) venue.deliver(stream, { count: sent });
}

/** The numbers that came of a stream. */
function countsOf(stream: string): number[] {
  const frames = rig.frames().map((text) => JSON.parse(text) as { stream: string; data: { count?: number } });
  return frames.flatMap(({ stream: name, data }) => (name === stream && data.count ? [data.count] : []));
}

async function open(...streams: string[]): Promise<void> {
  rig.streams.setStreams(streams);
  await rig.until('all are open', () => streams.every((name) => rig.opened().includes(name)));
  venue.deliverAll();
  await rig.until('all deliver', () => rig.frames().length >= streams.length);
}

test('before the venue’s 24 h end, each connection is replaced without a hole by one that delivers already, one after the other', async () => {
  await open(DEPTH, MARK);
  await rig.jump(23 * HOUR_MS + 20 * 60_000);
  await rig.pass(5_000, deliverCounted);
  expect(venue.guests).toHaveLength(2);
  await rig.jump(29 * 60_000);
  let most = 0;
  await rig.until(
    'both are replaced',
    () => venue.guests.length === 4 && venue.present().length === 2,
    () => {
      most = Math.max(most, venue.present().length);
      deliverCounted();
    },
  );
  expect(most).toBe(3);
  expect(rig.lost()).toEqual([]);
  expect(rig.opened()).toEqual([DEPTH, MARK]);
  expect(rig.lines.map(({ level, message }) => [level, message])).toEqual([
    ['info', 'market streams remark'],
    ['info', 'market streams remark'],
  ]);
  await rig.until(
    'the last is here',
    () => countsOf(DEPTH).at(-1) === sent,
    () => {},
  );
  expect(countsOf(DEPTH)).toEqual(Array.from({ length: sent }, (_, at) => at + 1));
  expect(countsOf(MARK)).toEqual(countsOf(DEPTH));
});

test('a quiet stream is handed over without a hole as well, after ten seconds', async () => {
  await open(DEPTH, 'ethusdt@depth');
  await rig.jump(24 * HOUR_MS);
  const before = rig.now();
  await rig.until(
    'it is replaced',
    () => venue.guests.length === 2 && venue.present().length === 1,
    () => venue.deliver(DEPTH),
  );
  expect(rig.now() - before).toBeGreaterThan(9_000);
  expect(rig.lost()).toEqual([]);
  venue.deliver('ethusdt@depth', { last: 1 });
  await rig.until('it delivers', () => rig.frames().at(-1)?.includes('last'));
});

test('a stream whose texts are not the same on both connections has a hole, which is told', async () => {
  await open(DEPTH, 'ethusdt@depth');
  await rig.jump(24 * HOUR_MS);
  let count = 0;
  await rig.until(
    'it is replaced',
    () => venue.guests.length === 2 && venue.present().length === 1,
    () => {
      venue.deliver(DEPTH);
      for (const { socket, streams } of venue.present()) {
        count += 1;
        if (streams.size === 2) socket.send(`{"stream":"ethusdt@depth","data":{"own":${count}}}`);
      }
    },
  );
  expect(rig.lost()).toEqual([{ kind: 'LOST', streams: ['ethusdt@depth'], reason: expect.stringContaining('24 h') }]);
  expect(rig.told.filter(({ kind }) => kind === 'OPEN').at(-1)).toEqual({ kind: 'OPEN', streams: ['ethusdt@depth'] });
});

test('a replacement that is cut in the middle gives back what it had taken over, with a hole', async () => {
  await open(DEPTH, 'ethusdt@depth');
  await rig.jump(24 * HOUR_MS);
  await rig.until(
    'both are there',
    () => venue.guests[1]?.streams.size === 2,
    () => venue.deliver(DEPTH),
  );
  await rig.pass(1_000, () => venue.deliver(DEPTH));
  venue.guests[1]?.socket.terminate();
  await rig.until('it is told', () => rig.lost().length === 1);
  expect(rig.lost()[0]?.streams).toEqual([DEPTH]);
  venue.guests[0]?.socket.send(`{"stream":"${DEPTH}","data":{"last":1}}`);
  await rig.until('the old one delivers', () => rig.frames().at(-1)?.includes('last'));
});

test.each([
  JSON.stringify({ e: 'serverShutdown', E: 1 }),
  JSON.stringify({ stream: '!x', data: { e: 'serverShutdown', E: 1 } }),
])('a notice that the server shuts down has its connection replaced: %s', async (notice) => {
  await open(DEPTH, MARK);
  venue.guests.find(({ path }) => path.startsWith('/public'))?.socket.send(notice);
  await rig.until('it is replaced', () => venue.guests.length === 3 && venue.present().length === 2, deliverAll);
  expect(rig.lost()).toEqual([]);
  expect(rig.lines.map(({ fields }) => fields['remark'])).toEqual([expect.stringContaining('shut down')]);
  expect(rig.frames().some((text) => text.includes('serverShutdown'))).toBe(false);
  await rig.pass(10_000, deliverAll);
  expect(venue.guests).toHaveLength(3);
});

test('a replacement that cannot be opened leaves the old connection alone; when that is cut, it is an ordinary loss', async () => {
  await open(DEPTH);
  venue.manners.refuse = { status: 503 };
  await rig.jump(24 * HOUR_MS);
  await rig.pass(300_000, deliverAll);
  expect(rig.lost()).toEqual([]);
  expect(venue.attempts).toBeGreaterThan(4);
  expect(venue.attempts).toBeLessThan(14);
  expect(rig.lines).toHaveLength(1);
  venue.present()[0]?.socket.terminate();
  venue.manners.refuse = undefined;
  await rig.until('it is open again', () => rig.opened().length === 2);
  expect(rig.lost()).toHaveLength(1);
});

test('a replacement under way takes over at once where the old connection is cut', async () => {
  await open(DEPTH);
  venue.manners.isMute = true;
  await rig.jump(24 * HOUR_MS);
  await rig.until('both are there', () => venue.guests[1]?.streams.size === 1);
  await rig.pass(500);
  venue.guests[0]?.socket.terminate();
  await rig.until('it took over', () => rig.opened().length === 2);
  expect(venue.guests).toHaveLength(2);
  venue.manners.isMute = false;
  venue.deliver(DEPTH, { last: 1 });
  await rig.until('it delivers', () => rig.frames().at(-1)?.includes('last'));
});

test('streams named while one is being replaced are on the new one', async () => {
  await open(DEPTH);
  await rig.jump(24 * HOUR_MS);
  await rig.until('both are there', () => venue.present().length === 2);
  rig.streams.setStreams([DEPTH, 'ethusdt@depth']);
  await rig.until('it is replaced', () => venue.present().length === 1, deliverAll);
  expect([...(venue.present()[0]?.streams ?? [])].sort()).toEqual([DEPTH, 'ethusdt@depth'].sort());
  const before = rig.frames().length;
  venue.deliverAll();
  await rig.until('both deliver', () => rig.frames().length === before + 2);
});
