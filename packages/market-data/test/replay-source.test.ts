import { describe, expect, test } from 'vitest';
import { writeRecording } from '../src/recording-writer.ts';
import { createReplaySource } from '../src/replay-source.ts';
import type { VenueFrame } from '../src/source.ts';
import { fileOf, gzipFileOf, tradeLine } from './recording-files.ts';

const T = 1_721_347_022_000;

async function framesOf(files: readonly string[]): Promise<VenueFrame[]> {
  const source = createReplaySource({ files, onFault: () => {} });
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

describe('createReplaySource', () => {
  test('merges symbols by the venue’s time, which never falls, and chains files of one symbol in whatever order', async () => {
    const btc1 = gzipFileOf('btc-1.gz', [tradeLine('BTCUSDT', T, 1), tradeLine('BTCUSDT', T + 50, 2)]);
    // Sent before the last of the first file, and recorded behind it: the files still follow one another.
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

  test('knows symbols, tick and step before the first frame', async () => {
    const lines = [tradeLine('SOLUSDT', T, 1, '20.1500'), tradeLine('SOLUSDT', T + 1, 2, '20.1450')];
    const source = createReplaySource({ files: [gzipFileOf('sol.gz', lines)], onFault: () => {} });
    expect(await source.instruments()).toEqual([
      { symbol: 'SOLUSDT', tick_size: '0.005', step_size: '0.01', min_notional: '5' },
    ]);
    expect(await source.history('SOLUSDT', '1m', 10)).toEqual([]);
  });

  test('stops when told to', async () => {
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

  test('a recording that names no symbol cannot be replayed', async () => {
    const source = createReplaySource({ files: [fileOf('mute.dat', `${T}000 {"id":1}`)], onFault: () => {} });
    await expect(source.instruments()).rejects.toThrow('no symbol is named in it');
  });
});

describe('writeRecording', () => {
  test('what is written reads back the same, snapshots of several symbols included', async () => {
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
      expect(back.map((frame) => JSON.parse(frame.text).stream)).toEqual([
        'aaausdt@depthSnapshot',
        'aaausdt@trade',
        'bbbusdt@depthSnapshot',
        'bbbusdt@trade',
      ]);
      const source = createReplaySource({ files: [file], onFault: () => {} });
      expect((await source.instruments()).map((one) => one.symbol)).toEqual(['AAAUSDT', 'BBBUSDT']);
    }
  });
});
