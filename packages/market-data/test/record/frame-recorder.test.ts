import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { checkDataFiles } from '@helios/market-data/check/check-data-files.ts';
import { FrameRecorder, type FrameRecorderOptions } from '@helios/market-data/record/frame-recorder.ts';
import { waitFor } from '@helios/shared/runtime/wait-for.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { createRecordingLog } from '@helios/shared/testing/silent-log.ts';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'helios-recorder-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const T = Date.UTC(2026, 10, 30, 2, 15, 7);
const HOUR_MS = 3_600_000;
const TRADE = '{"stream":"btcusdt@trade","data":{"e":"trade"}}';

/** A running recorder on a settable clock. `stop` ends it. */
function start(options: Partial<FrameRecorderOptions> = {}) {
  const abort = new AbortController();
  const log = createRecordingLog();
  /** `setBy`: how far somebody has set the wall clock, ms. */
  const clock = { now: T, setBy: 0 };
  const recorder = new FrameRecorder({
    folder,
    limits: { maxBytes: 1e9, maxAgeMs: 100 * HOUR_MS, minFreeBytes: 0 },
    now: () => clock.now,
    monotonic: () => clock.now - clock.setBy,
    // Ten times as fast as in operation.
    wait: (ms) => waitFor(ms / 10, abort.signal),
    stop: abort.signal,
    log,
    ...options,
  });
  const work = recorder.run();
  const stop = async (): Promise<void> => {
    abort.abort();
    await work;
  };
  onTestFinished(stop);
  return { recorder, clock, stop, lines: log.lines };
}

const names = () => readdirSync(folder).toSorted();
const linesOf = (name: string) =>
  gunzipSync(readFileSync(join(folder, name)))
    .toString()
    .trimEnd()
    .split('\n');

describe('FrameRecorder', () => {
  test('writes each frame with its receive time in µs, and names the symbol of a snapshot', async () => {
    const { recorder, stop } = start();
    recorder.take(TRADE);
    recorder.take('{"lastUpdateId":5,\n "bids":[]}', 'BTCUSDT');
    recorder.take('garbage');
    await stop();
    expect(names()).toEqual(['2026-11-30T02-15-07Z.jsonl.gz']);
    const lines = linesOf('2026-11-30T02-15-07Z.jsonl.gz');
    expect(lines.map((line) => line.slice(17))).toEqual([TRADE, '{"symbol":"BTCUSDT","lastUpdateId":5,  "bids":[]}']);
    expect(lines.map((line) => line.slice(0, 13))).toEqual([String(T), String(T)]);
    expect(recorder.counts).toMatchObject({ lines: 2, dropped: 0, files: 1 });
  });

  test('begins a file with each hour of UTC, and asks for the books again', async () => {
    const { recorder, clock, stop } = start();
    recorder.take(TRADE);
    const first = recorder.part;
    clock.now = Date.UTC(2026, 10, 30, 2, 59, 59, 999);
    recorder.take(TRADE);
    expect(recorder.part).toBe(first);
    clock.now += 1;
    recorder.take(TRADE);
    expect(recorder.part).not.toBe(first);
    await stop();
    expect(names().map((name) => [name, linesOf(name).length])).toEqual([
      ['2026-11-30T02-15-07Z.jsonl.gz', 2],
      ['2026-11-30T03-00-00Z.jsonl.gz', 1],
    ]);
  });

  test.each([-300_000, 300_000])('a clock that is set by %i ms begins a file with books of its own', async (ms) => {
    const { recorder, clock, stop } = start();
    const depth = (u: number) => {
      clock.now += 100;
      const E = clock.now - clock.setBy;
      const data = { e: 'depthUpdate', E, T: E, s: 'BTCUSDT', U: u, u, pu: u - 1, b: [['1', '1']], a: [['2', '1']] };
      recorder.take(JSON.stringify({ stream: 'btcusdt@depth@100ms', data }));
    };
    for (let u = 1; u <= 20; u += 1) depth(u);
    const before = recorder.part;
    clock.now += ms;
    clock.setBy += ms;
    depth(21);
    expect(recorder.part).not.toBe(before);
    for (let u = 22; u <= 40; u += 1) depth(u);
    await stop();
    expect(names()).toHaveLength(2);
    const faults: string[] = [];
    const files = names().map((name) => join(folder, name));
    for await (const checked of checkDataFiles(files, 'usdm')) faults.push(...checked.faults.map(({ kind }) => kind));
    // Without snapshots there is no book, but no line is dropped.
    expect(faults.filter((kind) => kind !== 'NO_BOOK')).toEqual([]);
  });

  test('never overwrites the file of an earlier start', async () => {
    for (let i = 0; i < 3; i += 1) {
      const { recorder, stop } = start();
      recorder.take(TRADE);
      await stop();
    }
    const name = '2026-11-30T02-15-07Z';
    expect(names()).toEqual([`${name}.2.jsonl.gz`, `${name}.3.jsonl.gz`, `${name}.jsonl.gz`]);
    for (const one of names()) expect(linesOf(one)).toHaveLength(1);
  });

  test('deletes its oldest files above the limits, and no other file', async () => {
    const old = (hour: string) => {
      const path = join(folder, `2026-11-29T${hour}-00-00Z.jsonl.gz`);
      writeFileSync(path, Buffer.alloc(1_000));
      utimesSync(path, T / 1_000 - 7_200, T / 1_000 - 7_200);
    };
    for (const hour of ['01', '02', '20', '21']) old(hour);
    for (const name of ['mine.jsonl.gz', '2026-11-29.jsonl.gz']) writeFileSync(join(folder, name), Buffer.alloc(1_000));
    const limits = { maxBytes: 1_500, maxAgeMs: 24 * HOUR_MS, minFreeBytes: 0 };
    const { recorder, stop } = start({ limits });
    recorder.take(TRADE);
    await stop();
    expect(names()).toEqual([
      '2026-11-29.jsonl.gz',
      '2026-11-29T21-00-00Z.jsonl.gz',
      '2026-11-30T02-15-07Z.jsonl.gz',
      'mine.jsonl.gz',
    ]);
  });

  test('a folder that cannot be written pauses the recording with one error, and it goes on by itself', async () => {
    const blocked = join(folder, 'recordings');
    writeFileSync(blocked, '');
    const { recorder, clock, lines, stop } = start({ folder: blocked });
    await eventually('the error', () => lines.length === 1);
    expect(lines[0]).toMatchObject({ level: 'error', fields: { folder: blocked } });
    expect(recorder.trouble).toMatchObject({
      code: 'UNWRITABLE',
      message: expect.stringMatching(/is a file[^.]*\. [^.]*\.$/),
    });
    for (let minute = 0; minute < 3; minute += 1) {
      recorder.take(TRADE);
      clock.now += 61_000;
      await waitFor(250, new AbortController().signal);
    }
    expect(lines).toHaveLength(1);
    rmSync(blocked);
    clock.now += 61_000;
    await eventually('a line', () => {
      recorder.take(TRADE);
      return recorder.counts.lines > 0;
    });
    expect(recorder.counts.dropped).toBeGreaterThan(0);
    expect(recorder.trouble).toBeUndefined();
    expect(lines.map(({ level, message }) => [level, message])).toEqual([
      ['error', 'the market is not recorded'],
      ['info', 'recording again'],
    ]);
    await stop();
  });

  test('a file that is deleted while it is written is followed by a new one within a minute', async () => {
    const { recorder, clock, lines, stop } = start();
    recorder.take(TRADE);
    await eventually('a line', () => recorder.counts.lines === 1);
    const [first = ''] = names();
    rmSync(join(folder, first));
    const before = recorder.part;
    clock.now += 61_000;
    await eventually('the notice', () => recorder.part !== before);
    recorder.take(TRADE);
    await stop();
    expect(names()).toEqual(['2026-11-30T02-16-08Z.jsonl.gz']);
    expect(linesOf(names()[0] ?? '')).toHaveLength(1);
    expect(lines.map(({ level, message }) => [level, message])).toEqual([
      ['warn', 'the file of the recording was deleted or moved, beginning a new one'],
    ]);
  });

  test('leaves free space to others', async () => {
    const { recorder, lines } = start({ limits: { maxBytes: 1e9, maxAgeMs: 1e9, minFreeBytes: 1e18 } });
    await eventually('the error', () => lines.length === 1);
    recorder.take(TRADE);
    expect(recorder.counts).toMatchObject({ dropped: 1, files: 0 });
    expect(String(Object.values(lines[0]?.fields ?? {}))).toContain('recording.min_free_gb');
    expect(recorder.trouble?.code).toBe('DISK_FULL');
  });
});
