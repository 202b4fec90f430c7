import { writeFileSync } from 'node:fs';
import { NotARecording } from '@helios/market-data/recording-fault.ts';
import { type Kline, KlineInterval, type MarketEvent } from '@helios/shared/domain/market-data.ts';
import { aMode } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { startOnFakeBus } from '@helios/shared/testing/start-on-fake-bus.ts';
import { beforeAll, describe, expect, test } from 'vitest';
import { dataIngestor } from '../src/service.ts';
import { createFleetAround, type FleetAround } from './fleet-around.ts';
import { eventsOf, recordingOf, SYMBOLS } from './market-recording.ts';

let file: string;
let expected: MarketEvent[];

beforeAll(async () => {
  file = await recordingOf(130);
  expected = await eventsOf(file);
});

function replayMode(speed: number | 'max', session = 'session-1') {
  return aMode({ session, source: { kind: 'replay', files: [file], speed, exit: false } });
}

function start(around: FleetAround, speed: number | 'max' = 'max', session?: string) {
  return startOnFakeBus(dataIngestor, { fake: around.fake, mode: replayMode(speed, session) });
}

/** Events without what differs from run to run. */
function plain(events: readonly (MarketEvent & { seq?: number })[]): unknown[] {
  return events.map(({ seq: _, ...event }) => ({ ...event, ts_init: 0 }));
}

/** Each numbered event once, in order of its number. */
function numbered(around: FleetAround): { events: unknown[]; seqs: number[] } {
  const bySeq = new Map(around.heard.map((event) => [event.seq ?? 0, event]));
  const seqs = [...bySeq.keys()].sort((a, b) => a - b);
  return { seqs, events: plain(seqs.flatMap((seq) => bySeq.get(seq) ?? [])) };
}

async function expectEverything(around: FleetAround): Promise<void> {
  const { seqs, events } = numbered(around);
  expect(seqs).toEqual(expected.map((_, i) => i + 1));
  expect(events).toEqual(plain(expected));
  for (const symbol of SYMBOLS) {
    for (const interval of KlineInterval.options) {
      const closed = expected.filter(
        (e): e is Kline => e.type === 'kline' && e.symbol === symbol && e.interval === interval,
      );
      expect(plain(await around.klines(symbol, interval)), `${symbol} ${interval}`).toEqual(plain(closed.toReversed()));
    }
  }
}

describe('replay in lock-step', () => {
  test('publishes every event once, numbered and in order, with all its state', async () => {
    const around = await createFleetAround(SYMBOLS);
    const service = await start(around);
    await around.ended();
    expect(around.heard.map((event) => event.seq)).toEqual(expected.map((_, i) => i + 1));
    await expectEverything(around);
    expect(expected.filter((event) => event.type === 'kline').length).toBeGreaterThanOrEqual(4);
    expect(await around.watchlist()).toEqual(SYMBOLS);
    expect((await around.instruments()).sort()).toEqual(SYMBOLS);
    expect(await around.sample('BTCUSDT')).toMatchObject({ type: 'book', symbol: 'BTCUSDT' });
    expect(await around.progress()).toMatchObject({
      session: 'session-1',
      seq: expected.length,
      bad_lines: 0,
      tops_different: 0,
      gaps: 0,
      done: true,
    });
    expect((await around.progress())?.tops_compared).toBeGreaterThan(400);
    expect(service.lines.map((line) => [line.level, line.message])).toEqual([
      ['info', 'replay starts'],
      ['info', 'replay ended'],
    ]);
    expect(service.clock.now()).toBe(expected.at(-1)?.ts_event);
    expect(await service.stop()).toBe(true);
    expect(service.faults).toEqual([]);
  });

  test('goes no further than what is acknowledged', async () => {
    const around = await createFleetAround(SYMBOLS);
    around.answers = false;
    const service = await start(around);
    await eventually('the first frame', () => around.heard.length > 0);
    await around.fake.settle();
    const seqs = () => [...new Set(around.heard.map(({ seq }) => seq))];
    const first = seqs();
    // Time enough to have played everything: another replay of it has, in this very process.
    const other = await createFleetAround(SYMBOLS);
    const answered = await start(other);
    await other.ended();
    await answered.stop();
    // Said again, perhaps, but nothing new.
    expect(seqs()).toEqual(first);
    expect(first[0]).toBe(1);
    // What nobody has answered for would be lost if the process died now.
    expect(await around.progress()).toMatchObject({ seq: 0, done: false });
    around.answers = true;
    await around.ended();
    await expectEverything(around);
    await service.stop();
  });

  test('started again in the same session it goes on where it stopped', async () => {
    const around = await createFleetAround(SYMBOLS);
    const first = await start(around);
    await eventually('a third of the replay', () => around.heard.length > expected.length / 3);
    await first.stop();
    await around.fake.settle();
    const stoppedAt = (await around.progress())?.seq ?? 0;
    const before = around.heard.length;
    expect(stoppedAt).toBeGreaterThan(expected.length / 4);
    expect(stoppedAt).toBeLessThan(expected.length);
    around.answers = false;
    const second = await start(around);
    await eventually('the resumption', () => around.heard.length > before);
    expect(around.heard[before]?.seq).toBe(stoppedAt + 1);
    // A late answer to the first process: what it names was recorded long ago.
    await around.answer(stoppedAt, ['signal-of-before']);
    around.answers = true;
    await around.ended();
    await expectEverything(around);
    await second.stop();
    const third = await start(around);
    await eventually('word that it is over', () =>
      third.lines.some((line) => line.message === 'replay has ended already'),
    );
    await third.stop();
    expect(around.heard.filter((event) => event.type === 'break')).toHaveLength(2);
  });

  test('another session plays it from the start, candles begun anew', async () => {
    const around = await createFleetAround(SYMBOLS);
    const first = await start(around);
    await around.ended();
    await first.stop();
    around.heard.length = 0;
    around.answers = false;
    const second = await start(around, 'max', 'session-2');
    await eventually('the first frame', () => around.heard.length > 0);
    for (const symbol of SYMBOLS) {
      for (const interval of KlineInterval.options) expect(await around.klines(symbol, interval)).toEqual([]);
    }
    around.answers = true;
    await eventually(
      'the second session to end',
      async () => {
        const progress = await around.progress();
        return progress?.session === 'session-2' && progress.done;
      },
      25_000,
    );
    await expectEverything(around);
    await second.stop();
  });

  test('while Redis is away the market waits; nothing is lost or listed twice', async () => {
    const around = await createFleetAround(SYMBOLS);
    const service = await start(around);
    const pauses = (): number => service.lines.filter((line) => line.message === 'paused until redis is back').length;
    for (const [i, share] of [0.3, 0.7].entries()) {
      await eventually(`${share} of the replay`, () => around.heard.length > expected.length * share);
      around.fake.goDown();
      await eventually('the pause', () => pauses() > i);
      around.fake.comeBack();
    }
    await around.ended();
    await expectEverything(around);
    expect(pauses()).toBe(2);
    await service.stop();
  });
});

describe('replay at a pace', () => {
  test('publishes everything, without numbers', async () => {
    const around = await createFleetAround(SYMBOLS);
    const service = await start(around, 200);
    const begun = performance.now();
    await around.ended();
    expect(performance.now() - begun).toBeGreaterThan(600);
    expect(around.heard.every((event) => event.seq === undefined)).toBe(true);
    expect(plain(around.heard)).toEqual(plain(expected));
    await service.stop();
  });

  test('stops in the middle of a wait', async () => {
    const around = await createFleetAround(SYMBOLS);
    const service = await start(around, 0.01);
    await eventually('the first events', () => around.heard.length > 0);
    expect(await service.stop()).toBe(true);
    expect((await around.progress())?.done).not.toBe(true);
  });
});

describe('what cannot be played', () => {
  test('a file that is no recording ends the start', async () => {
    const prose = `${file}.txt`;
    writeFileSync(prose, 'hello\n');
    const mode = aMode({ source: { kind: 'replay', files: [prose], speed: 'max', exit: false } });
    await expect(startOnFakeBus(dataIngestor, { mode })).rejects.toThrow(NotARecording);
  });

  test('damage in a recording is said once, counted, and played around', async () => {
    const around = await createFleetAround(SYMBOLS);
    const spoilt = `${file}.dat`;
    const { gunzipSync } = await import('node:zlib');
    const { readFileSync } = await import('node:fs');
    const lines = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n');
    lines.splice(
      400,
      0,
      'rubbish',
      '1700000041000000 {"stream":"btcusdt@trade","data":{"e":"trade"}}',
      'rubbish',
      '1700000041000000 {x}',
    );
    writeFileSync(spoilt, lines.join('\n'));
    const mode = aMode({ source: { kind: 'replay', files: [spoilt], speed: 'max', exit: false } });
    const service = await startOnFakeBus(dataIngestor, { fake: around.fake, mode });
    await around.ended();
    expect(plain(around.heard)).toEqual(plain(expected));
    expect(await around.progress()).toMatchObject({ bad_lines: 4, lines: lines.length });
    const warnings = service.lines.filter((line) => line.level === 'warn');
    expect(warnings.map((line) => line.fields)).toMatchObject([
      { file: spoilt, line: 401 },
      { file: spoilt, line: 402, detail: expect.stringContaining('trade: s') },
    ]);
    await service.stop();
  });
});
