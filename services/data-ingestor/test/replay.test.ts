import { writeFileSync } from 'node:fs';
import { NotARecording } from '@helios/market-data/recording-fault.ts';
import { type Kline, KlineInterval, type MarketEvent } from '@helios/shared/domain/market-data.ts';
import { aMode } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { startOnFakeBus } from '@helios/shared/testing/start-on-fake-bus.ts';
import { beforeAll, describe, expect, test } from 'vitest';
import { dataIngestor } from '../src/service.ts';
import { createFleetHarness, type FleetHarness } from './fleet-harness.ts';
import { eventsOf, recordingOf, SYMBOLS, useRecordingFolder } from './market-recording.ts';

useRecordingFolder();

let file: string;
let expected: MarketEvent[];

beforeAll(async () => {
  file = await recordingOf(130);
  expected = await eventsOf(file);
});

function replayMode(speed: number | 'max', session = 'session-1') {
  return aMode({ session, source: { kind: 'replay', files: [file], speed, exit: false } });
}

function start(harness: FleetHarness, speed: number | 'max' = 'max', session?: string) {
  return startOnFakeBus(dataIngestor, { fake: harness.fake, mode: replayMode(speed, session) });
}

/** Events without the fields that differ between runs. */
function plain(events: readonly (MarketEvent & { seq?: number })[]): unknown[] {
  return events.map(({ seq: _, ...event }) => ({ ...event, ts_init: 0 }));
}

/** Each numbered event once, in order of its number. */
function numbered(harness: FleetHarness): { events: unknown[]; seqs: number[] } {
  const bySeq = new Map(harness.heard.map((event) => [event.seq ?? 0, event]));
  const seqs = [...bySeq.keys()].sort((a, b) => a - b);
  return { seqs, events: plain(seqs.flatMap((seq) => bySeq.get(seq) ?? [])) };
}

async function expectEverything(harness: FleetHarness): Promise<void> {
  const { seqs, events } = numbered(harness);
  expect(seqs).toEqual(expected.map((_, i) => i + 1));
  expect(events).toEqual(plain(expected));
  for (const symbol of SYMBOLS) {
    for (const interval of KlineInterval.options) {
      const closed = expected.filter(
        (e): e is Kline => e.type === 'kline' && e.symbol === symbol && e.interval === interval,
      );
      expect(plain(await harness.klines(symbol, interval)), `${symbol} ${interval}`).toEqual(
        plain(closed.toReversed()),
      );
    }
  }
}

describe('replay in lock-step', () => {
  test('publishes every event once, numbered and in order, with all its state', async () => {
    const harness = await createFleetHarness(SYMBOLS);
    const service = await start(harness);
    await harness.ended();
    expect(harness.heard.map((event) => event.seq)).toEqual(expected.map((_, i) => i + 1));
    await expectEverything(harness);
    expect(expected.filter((event) => event.type === 'kline').length).toBeGreaterThanOrEqual(4);
    expect(await harness.watchlist()).toEqual(SYMBOLS);
    expect((await harness.instruments()).sort()).toEqual(SYMBOLS);
    expect(await harness.sample('BTCUSDT')).toMatchObject({ type: 'book', symbol: 'BTCUSDT' });
    expect(await harness.progress()).toMatchObject({
      session: 'session-1',
      seq: expected.length,
      bad_lines: 0,
      tops_different: 0,
      gaps: 0,
      done: true,
    });
    expect((await harness.progress())?.tops_compared).toBeGreaterThan(400);
    expect(service.lines.map((line) => [line.level, line.message])).toEqual([
      ['info', 'replay starts'],
      ['info', 'replay ended'],
    ]);
    expect(service.clock.now()).toBe(expected.at(-1)?.ts_event);
    expect(await service.stop()).toBe(true);
    expect(service.faults).toEqual([]);
  });

  test('goes no further than the last acknowledgement', async () => {
    const harness = await createFleetHarness(SYMBOLS);
    harness.answers = false;
    const service = await start(harness);
    await eventually('the first frame', () => harness.heard.length > 0);
    await harness.fake.settle();
    const seqs = () => [...new Set(harness.heard.map(({ seq }) => seq))];
    const first = seqs();
    // Enough time to play everything: another replay of it has done so in this process.
    const other = await createFleetHarness(SYMBOLS);
    const answered = await start(other);
    await other.ended();
    await answered.stop();
    // Repeats are possible, but nothing new.
    expect(seqs()).toEqual(first);
    expect(first[0]).toBe(1);
    // Unacknowledged frames would be lost if the process died now.
    expect(await harness.progress()).toMatchObject({ seq: 0, done: false });
    harness.answers = true;
    await harness.ended();
    await expectEverything(harness);
    await service.stop();
  });

  test('continues where it stopped after a restart in the same session', async () => {
    const harness = await createFleetHarness(SYMBOLS);
    const first = await start(harness);
    await eventually('a third of the replay', () => harness.heard.length > expected.length / 3);
    await first.stop();
    await harness.fake.settle();
    const stoppedAt = (await harness.progress())?.seq ?? 0;
    const before = harness.heard.length;
    expect(stoppedAt).toBeGreaterThan(expected.length / 4);
    expect(stoppedAt).toBeLessThan(expected.length);
    harness.answers = false;
    const second = await start(harness);
    await eventually('the resumption', () => harness.heard.length > before);
    expect(harness.heard[before]?.seq).toBe(stoppedAt + 1);
    // A late answer to the first process: its signals were recorded long ago.
    await harness.answer(stoppedAt, ['signal-of-before']);
    harness.answers = true;
    await harness.ended();
    await expectEverything(harness);
    await second.stop();
    const third = await start(harness);
    await eventually('word that it is over', () =>
      third.lines.some((line) => line.message === 'replay has ended already'),
    );
    await third.stop();
    expect(harness.heard.filter((event) => event.type === 'break')).toHaveLength(2);
  });

  test('plays from the start in another session, with new klines', async () => {
    const harness = await createFleetHarness(SYMBOLS);
    const first = await start(harness);
    await harness.ended();
    await first.stop();
    harness.heard.length = 0;
    harness.answers = false;
    const second = await start(harness, 'max', 'session-2');
    await eventually('the first frame', () => harness.heard.length > 0);
    for (const symbol of SYMBOLS) {
      for (const interval of KlineInterval.options) expect(await harness.klines(symbol, interval)).toEqual([]);
    }
    harness.answers = true;
    await eventually(
      'the second session to end',
      async () => {
        const progress = await harness.progress();
        return progress?.session === 'session-2' && progress.done;
      },
      25_000,
    );
    await expectEverything(harness);
    await second.stop();
  });

  test('waits while Redis is away; nothing is lost or listed twice', async () => {
    const harness = await createFleetHarness(SYMBOLS);
    const service = await start(harness);
    const pauses = (): number => service.lines.filter((line) => line.message === 'paused until redis is back').length;
    for (const [i, share] of [0.3, 0.7].entries()) {
      // At once, not at the next look: the rest of the replay takes only milliseconds.
      harness.onFrame = () => {
        if (harness.heard.length > expected.length * share) harness.fake.goDown();
      };
      await eventually('the pause', () => pauses() > i);
      harness.onFrame = () => {};
      harness.fake.comeBack();
    }
    await harness.ended();
    await expectEverything(harness);
    expect(pauses()).toBe(2);
    await service.stop();
  });
});

describe('replay at a pace', () => {
  test('publishes everything, without numbers', async () => {
    const harness = await createFleetHarness(SYMBOLS);
    const service = await start(harness, 200);
    const begun = performance.now();
    await harness.ended();
    expect(performance.now() - begun).toBeGreaterThan(600);
    // Each channel of the fake Redis delivers in its own time.
    await eventually('the last events', () => harness.heard.length >= expected.length);
    expect(harness.heard.every((event) => event.seq === undefined)).toBe(true);
    expect(plain(harness.heard)).toEqual(plain(expected));
    await service.stop();
  });

  test('stops in the middle of a wait', async () => {
    const harness = await createFleetHarness(SYMBOLS);
    const service = await start(harness, 0.01);
    await eventually('the first events', () => harness.heard.length > 0);
    expect(await service.stop()).toBe(true);
    expect((await harness.progress())?.done).not.toBe(true);
  });
});

describe('invalid recordings', () => {
  test('end the start if the file is no recording', async () => {
    const prose = `${file}.txt`;
    writeFileSync(prose, 'hello\n');
    const mode = aMode({ source: { kind: 'replay', files: [prose], speed: 'max', exit: false } });
    await expect(startOnFakeBus(dataIngestor, { mode })).rejects.toThrow(NotARecording);
  });

  test('are logged once if damaged, counted, and the rest is played', async () => {
    const harness = await createFleetHarness(SYMBOLS);
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
    const service = await startOnFakeBus(dataIngestor, { fake: harness.fake, mode });
    await harness.ended();
    expect(plain(harness.heard)).toEqual(plain(expected));
    expect(await harness.progress()).toMatchObject({ bad_lines: 4, lines: lines.length });
    const warnings = service.lines.filter((line) => line.level === 'warn');
    expect(warnings.map((line) => line.fields)).toMatchObject([
      { file: spoilt, line: 401 },
      { file: spoilt, line: 402, detail: expect.stringContaining('trade: s') },
    ]);
    await service.stop();
  });
});
