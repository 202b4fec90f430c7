import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { RecordingFault } from '../src/recording-fault.ts';
import { writeRecording } from '../src/recording-writer.ts';
import { createReplaySource } from '../src/replay-source.ts';
import type { VenueFrame } from '../src/source.ts';
import { fileOf, gzipFileOf, tradeLine, useRecordingFolder } from './recording-files.ts';

useRecordingFolder();

const T = 1_721_347_022_000;

async function framesOf(files: readonly string[], faults: RecordingFault[] = []): Promise<VenueFrame[]> {
  const source = createReplaySource({ files, onFault: (fault) => faults.push(fault) });
  const frames: VenueFrame[] = [];
  for await (const frame of source.frames(new AbortController().signal)) frames.push(frame);
  return frames;
}

/** Times since T and ids of trade frames. */
function shown(frames: readonly VenueFrame[]): [string, number, number][] {
  return frames.map(({ text, tsMarket }) => {
    const { s, t } = JSON.parse(text).data;
    return [s, t, (tsMarket ?? 0) - T];
  });
}

/** True if a file descriptor of this process belongs to a file with this text in its path. */
function isOpen(fd: string, text: string): boolean {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`).includes(text);
  } catch {
    return false;
  }
}

describe('createReplaySource', () => {
  test('merges symbols by the venue’s time, which never falls, and chains files of one symbol in any given order', async () => {
    const btc1 = gzipFileOf('btc-1.gz', [tradeLine('BTCUSDT', T, 1), tradeLine('BTCUSDT', T + 50, 2)]);
    // Sent before the last message of the first file, and recorded after it: the files still play one after the other.
    const btc2 = gzipFileOf('btc-2.gz', [tradeLine('BTCUSDT', T + 40, 3), tradeLine('BTCUSDT', T + 90, 4)]);
    const eth = fileOf('eth.dat', [tradeLine('ETHUSDT', T + 20, 7), tradeLine('ETHUSDT', T + 60, 8)].join('\n'));
    const expected = [
      ['BTCUSDT', 1, 0],
      ['ETHUSDT', 7, 20],
      ['BTCUSDT', 2, 50],
      ['BTCUSDT', 3, 50],
      ['ETHUSDT', 8, 60],
      ['BTCUSDT', 4, 90],
    ];
    expect(shown(await framesOf([btc1, btc2, eth]))).toEqual(expected);
    expect(shown(await framesOf([eth, btc2, btc1]))).toEqual(expected);
  });

  test('merges files of recorders whose clocks differ by hours by the venue’s time, without a fault', async () => {
    const hoursBehind = tradeLine('ETHUSDT', T + 20, 7).replace(/^\d{13}/, String(T - 5 * 3_600_000));
    const files = [
      gzipFileOf('right.gz', [tradeLine('BTCUSDT', T, 1), tradeLine('BTCUSDT', T + 50, 2)]),
      fileOf('behind.dat', hoursBehind),
    ];
    const faults: RecordingFault[] = [];
    expect(shown(await framesOf(files, faults)).map(([, id]) => id)).toEqual([1, 7, 2]);
    expect(faults).toEqual([]);
  });

  test('knows symbols, tick and step before the first frame', async () => {
    const lines = [tradeLine('SOLUSDT', T, 1, '20.1500'), tradeLine('SOLUSDT', T + 1, 2, '20.1450')];
    const source = createReplaySource({ files: [gzipFileOf('sol.gz', lines)], onFault: () => {} });
    expect(await source.instruments()).toEqual([
      { symbol: 'SOLUSDT', tick_size: '0.005', step_size: '0.01', min_qty: '0.01', min_notional: '5' },
    ]);
    expect(await source.history('SOLUSDT', '1m', 10)).toEqual([]);
  });

  test('announces a symbol that begins late, and assigns a nameless snapshot in its file to no symbol', async () => {
    const snapshot = `${T + 5_000} {"lastUpdateId":5,"E":${T + 5_000},"T":${T + 5_000},"bids":[["1.10","2"]],"asks":[["1.20","2"]]}`;
    const first = Array.from({ length: 4_000 }, (_, i) => tradeLine('BTCUSDT', T + i, i));
    const lines = [
      ...first,
      snapshot,
      tradeLine('ETHUSDT', T + 5_001, 1, '2000.05'),
      tradeLine('ETHUSDT', T + 5_002, 2, '2000.10'),
    ];
    const file = gzipFileOf('late.gz', lines);
    const source = createReplaySource({ files: [file], onFault: () => {} });
    expect(await source.instruments()).toMatchObject([
      { symbol: 'BTCUSDT', tick_size: '0.1' },
      { symbol: 'ETHUSDT', tick_size: '0.05' },
    ]);
    const frames = await framesOf([file]);
    expect(frames.every((frame) => frame.symbol === undefined)).toBe(true);
    const alone = await framesOf([gzipFileOf('alone.gz', lines.slice(0, -2))]);
    expect(alone.every((frame) => frame.symbol === 'BTCUSDT')).toBe(true);
  });

  test('reports overlapping files of one symbol, once each, but not adjacent ones', async () => {
    const minute = (name: string, symbol: string, atMs: number): string =>
      gzipFileOf(name, [tradeLine(symbol, T + atMs, 1), tradeLine(symbol, T + atMs + 60_000, 2)]);
    const files = [
      minute('a.gz', 'BTCUSDT', 0),
      minute('b.gz', 'BTCUSDT', 48_000),
      minute('c.gz', 'BTCUSDT', 107_900),
      minute('eth.gz', 'ETHUSDT', 0),
    ];
    const faults: RecordingFault[] = [];
    await framesOf(files, faults);
    expect(faults).toMatchObject([
      { kind: 'OVERLAPPING_FILES', file: files[1], detail: expect.stringContaining('12 s before a.gz ends') },
    ]);
  });

  test.skipIf(!existsSync('/proc/self/fd'))('opens only a few of many files at once', async () => {
    const names = Array.from({ length: 60 }, (_, i) => `hour-${String(i).padStart(2, '0')}.gz`);
    const files = names.map((name, i) =>
      gzipFileOf(
        name,
        Array.from({ length: 2_000 }, (_, n) => tradeLine('BTCUSDT', T + (i * 2_000 + n) * 10, i * 2_000 + n)),
      ),
    );
    let most = 0;
    const count = () => {
      const open = readdirSync('/proc/self/fd').filter((fd) => isOpen(fd, 'hour-'));
      most = Math.max(most, open.length);
    };
    const sampled = setInterval(count, 1);
    const source = createReplaySource({ files, onFault: () => {} });
    expect(await source.instruments()).toHaveLength(1);
    clearInterval(sampled);
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThan(12);
  });

  test('stops on request', async () => {
    const file = gzipFileOf(
      'many.gz',
      Array.from({ length: 500 }, (_, i) => tradeLine('BTCUSDT', T + i, i)),
    );
    const abort = new AbortController();
    let count = 0;
    for await (const _ of createReplaySource({ files: [file], onFault: () => {} }).frames(abort.signal)) {
      count += 1;
      if (count === 10) abort.abort();
    }
    expect(count).toBe(10);
  });

  test('rejects a recording that names no symbol', async () => {
    const source = createReplaySource({ files: [fileOf('mute.dat', `${T}000 {"id":1}`)], onFault: () => {} });
    await expect(source.instruments()).rejects.toThrow('no symbol is named in it');
  });
});

describe('writeRecording', () => {
  test('writes frames that read back unchanged, also snapshots of several symbols', async () => {
    const snapshot = `{"lastUpdateId":5,"E":${T},"T":${T},"bids":[["1.10","2"]],"asks":[["1.20","2"]]}`;
    const trade = (symbol: string): string => tradeLine(symbol, T + 5, 1).slice(17);
    const frames: VenueFrame[] = ['AAAUSDT', 'BBBUSDT'].flatMap((symbol) => [
      { tsReceived: T, text: snapshot, symbol },
      { tsReceived: T + 5, text: trade(symbol), symbol },
    ]);
    for (const name of ['twin.dat', 'twin.gz']) {
      const file = fileOf(name, '');
      await writeRecording(file, frames);
      const back = await framesOf([file]);
      expect(back.map((frame) => frame.tsReceived)).toEqual([T, T + 5, T, T + 5]);
      const named = back.map((frame) => JSON.parse(frame.text)).map(({ symbol, stream }) => symbol ?? stream);
      expect(named).toEqual(['AAAUSDT', 'aaausdt@trade', 'BBBUSDT', 'bbbusdt@trade']);
      const source = createReplaySource({ files: [file], onFault: () => {} });
      expect((await source.instruments()).map((one) => one.symbol)).toEqual(['AAAUSDT', 'BBBUSDT']);
    }
  });
});
