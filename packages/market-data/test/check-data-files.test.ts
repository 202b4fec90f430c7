import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type CheckedFile, checkDataFiles } from '@helios/market-data/check/check-data-files.ts';
import { describe, expect, test } from 'vitest';
import { DATA, fileOf, gzipFileOf, tradeLine, useRecordingFolder } from './recording-files.ts';

useRecordingFolder();

const T = 1_721_347_022_000;

async function check(files: readonly string[], market: 'usdm' | 'spot' = 'usdm'): Promise<CheckedFile[]> {
  const results: CheckedFile[] = [];
  for await (const checked of checkDataFiles(files, market)) results.push(checked);
  return results;
}

/** Kind, symbol, count and first line of each fault. */
const shown = (files: readonly CheckedFile[]) =>
  files.map(({ faults }) => faults.map(({ kind, symbol, count, line }) => [kind, symbol, count, line]));

let atMs = T;
function line(stream: string, data: object): string {
  return `${(atMs + 5) * 1_000} ${JSON.stringify({ stream, data })}`;
}

/** A depth update of BTCUSDT with one id, 100 ms after the line before. */
function depth(id: number, previous = id - 1, bid = '100.0'): string {
  atMs += 100;
  const ids = { U: previous + 1, u: id, pu: previous };
  const data = { e: 'depthUpdate', E: atMs, T: atMs, s: 'BTCUSDT', ...ids, b: [[bid, '1.0']], a: [['101.0', '1.0']] };
  return line('btcusdt@depth@100ms', data);
}

function snapshot(id: number): string {
  const book = { lastUpdateId: id, E: atMs, T: atMs, bids: [['99.0', '1.0']], asks: [['101.0', '1.0']] };
  return `${(atMs + 5) * 1_000} ${JSON.stringify(book)}`;
}

function aggTrade(id: number): string {
  atMs += 10;
  const data = { e: 'aggTrade', E: atMs, T: atMs, s: 'BTCUSDT', a: id, p: '100.0', q: '1.0', f: id, l: id, m: false };
  return line('btcusdt@aggTrade', data);
}

describe('checkDataFiles', () => {
  test('finds nothing in good files, and the book goes on from file to file', async () => {
    const first = gzipFileOf('good-1.gz', [snapshot(9), depth(10), aggTrade(1), depth(11)]);
    const second = gzipFileOf('good-2.gz', [depth(12), aggTrade(2), depth(13)]);
    const [one, two] = await check([first, second]);
    expect([one?.faults, two?.faults]).toEqual([[], []]);
    expect(one?.symbols.get('BTCUSDT')).toMatchObject({ depth: 2, trades: 1, snapshots: 1, longestSilenceMs: 100 });
    expect(two?.symbols.get('BTCUSDT')).toMatchObject({ withoutBookMs: 0, clock: { medianMs: 5, maxMs: 5 } });
  });

  test('checks files in the order of the market, also if the clock of the recorder was set between them', async () => {
    const first = gzipFileOf('2026-11-30T03-00-00Z.gz', [snapshot(9), depth(10), aggTrade(1), depth(11)]);
    const lines = [depth(12), aggTrade(2), depth(13)];
    // An hour before by the clock of the recorder.
    const setBack = lines.map((each) => `${Number(each.slice(0, 16)) - 3_600_000_000}${each.slice(16)}`);
    const second = gzipFileOf('2026-11-30T02-00-00Z.gz', setBack);
    const checked = await check([second, first]);
    expect(checked.map(({ file }) => file)).toEqual([first, second]);
    expect(shown(checked)).toEqual([[], []]);
  });

  test('names each fault of order with its number and its first line', async () => {
    const lines = [
      ...[snapshot(9), depth(10), depth(11)],
      ...[depth(13), depth(14), depth(16)],
      ...[depth(16, 15), depth(12)],
      ...[aggTrade(1), aggTrade(1), aggTrade(4), aggTrade(3)],
      'no message',
    ];
    expect(shown(await check([gzipFileOf('faulty.gz', lines)]))).toEqual([
      [
        ['DEPTH_GAP', 'BTCUSDT', 2, 4],
        ['DUPLICATE', 'BTCUSDT', 2, 7],
        ['UNSORTED', 'BTCUSDT', 2, 8],
        ['TRADE_GAP', 'BTCUSDT', 1, 11],
        ['BAD_LINE', undefined, 1, 13],
      ],
    ]);
  });

  test('counts crossed books and the time without a book', async () => {
    const lines = [snapshot(9), depth(10), depth(11), depth(12, 11, '102.0'), depth(13), depth(14)];
    const [checked] = await check([gzipFileOf('crossed.gz', lines)]);
    expect(shown(checked === undefined ? [] : [checked])).toEqual([[['CROSSED_BOOK', 'BTCUSDT', 1, 4]]]);
    expect(checked?.symbols.get('BTCUSDT')?.withoutBookMs).toBe(300);
  });

  test('finds a silence, a clock that goes back, an overlap of files and a missing snapshot', async () => {
    const first = [depth(10), depth(11)];
    atMs += 90_000;
    first.push(depth(12));
    const early = first[0] ?? '';
    const file = gzipFileOf('silent.gz', [...first, tradeLine('ETHUSDT', atMs - 50, 1)]);
    expect(shown(await check([file, gzipFileOf('again.gz', [early])]))).toEqual([
      [
        ['SILENCE', 'BTCUSDT', 1, 3],
        ['CLOCK_BACK', undefined, 1, 4],
        ['NO_BOOK', 'BTCUSDT', 1, 0],
      ],
      [
        ['OVERLAPPING_FILES', 'BTCUSDT', 1, 1],
        ['UNSORTED', 'BTCUSDT', 1, 1],
        ['NO_BOOK', 'BTCUSDT', 1, 0],
      ],
    ]);
  });

  test('mixed symbols: a snapshot that names none is a fault, one that names its symbol is not', async () => {
    const named = snapshot(9).replace('{', '{"symbol":"BTCUSDT",');
    const lines = [named, tradeLine('ETHUSDT', atMs + 100, 1), depth(10), snapshot(10), depth(11)];
    expect(shown(await check([gzipFileOf('mixed.gz', lines)]))).toEqual([[['BAD_MESSAGE', undefined, 1, 4]]]);
  });

  test('a damaged, an empty and a missing file are results, not errors', async () => {
    const whole = gzipSync(`${Array.from({ length: 5_000 }, (_, i) => tradeLine('BTCUSDT', T + i, i)).join('\n')}\n`);
    const cut = fileOf('cut.gz', whole.subarray(0, whole.length - 2_000));
    const results = await check([cut, fileOf('empty.gz', ''), 'missing.gz']);
    expect(results.map(({ faults }) => faults.map(({ kind }) => kind))).toEqual([
      ['TRUNCATED_FILE'],
      ['NOT_A_RECORDING'],
      ['NOT_A_RECORDING'],
    ]);
    expect(results[0]?.lines).toBeGreaterThan(3_000);
  });

  test('the wrong market is named', async () => {
    const [checked] = await check([gzipFileOf('usdm.gz', [depth(10)])], 'spot');
    expect(checked?.faults[0]?.detail).toContain('leave out --market spot');
  });
});

test.skipIf(!existsSync(join(DATA, 'depth')))(
  'the real recordings have no faults',
  async () => {
    const folder = join(DATA, 'depth');
    const names = readdirSync(folder).filter((name) => name.startsWith('usdm_') && name.endsWith('.gz'));
    const usdm = await check(names.toSorted().map((name) => join(folder, name)));
    const spot = await check(
      ['nexousdt_20240723.gz', 'nexousdt_20240724.gz'].map((name) => join(folder, 'spot', name)),
      'spot',
    );
    expect(shown([...usdm, ...spot]).flat()).toEqual([]);
  },
  120_000,
);
