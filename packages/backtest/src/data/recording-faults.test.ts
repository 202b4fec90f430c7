import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importData } from '@helios/market-data/import/import-data.ts';
import { readCommandLine } from '@helios/shared/runtime/cli/run-command.ts';
import { settingsFolder } from '@helios/shared/testing/settings-folder.ts';
import { afterAll, describe, expect, test } from 'vitest';
import { readBacktestOptions } from '../backtest-options.ts';
import { reportOf } from '../report/make-reports.ts';
import { runBacktest } from '../run-backtest.ts';

const folder = mkdtempSync(join(tmpdir(), 'helios-recording-faults-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const T = 1_700_000_040_000;
const line = (atMs: number, data: object, stream?: string) =>
  `${(T + atMs) * 1_000} ${JSON.stringify(stream === undefined ? data : { stream, data })}`;
const snapshot = line(0, { lastUpdateId: 1, E: T, T, symbol: 'BTCUSDT', bids: [['99', '1']], asks: [['101', '1']] });
const depth = (atMs: number, pu: number, u: number, bids: string[][] = [['98', '2']]) =>
  line(
    atMs,
    { e: 'depthUpdate', E: T + atMs, T: T + atMs, s: 'BTCUSDT', U: pu + 1, u, pu, b: bids, a: [] },
    'btcusdt@depth',
  );
const trade = (atMs: number, t: number) =>
  line(
    atMs,
    { e: 'trade', E: T + atMs, T: T + atMs, s: 'BTCUSDT', t, p: '100', q: '2', X: 'MARKET', m: false },
    'btcusdt@trade',
  );
const updates = Array.from({ length: 20 }, (_, n) => depth(100 + n * 1_000, n + 1, n + 2));
const whole = [snapshot, ...updates.slice(0, 3), trade(2_500, 1), trade(2_600, 2), ...updates.slice(3)];

/** Faults of the recording, which its cache must repeat. */
async function playedOf(name: string, lines: readonly string[]) {
  const file = join(folder, `${name}.jsonl`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  const cache = join(folder, `${name}.helios`);
  await importData({ files: [file], market: 'usdm', out: cache, stop: new AbortController().signal });
  const [played, cached] = [await play(file), await play(cache)];
  expect(cached.faults).toEqual(played.faults);
  expect(cached.events).toBe(played.events);
  return played;
}

async function play(...files: readonly string[]) {
  const options = readBacktestOptions(readCommandLine('backtest', ['--data', ...files]), {
    ...{ cwd: folder, root: settingsFolder(), env: {}, nowMs: 0 },
  });
  return await runBacktest(options);
}

const kindsOf = ({ faults }: Awaited<ReturnType<typeof play>>) => faults.map(({ kind, line: at }) => [kind, at]);

describe('a backtest names what is wrong with a recording', () => {
  test('none where it is sound', async () => {
    expect(await playedOf('sound', whole)).toMatchObject({ faults: [], badFrames: 0 });
  });

  test('a missing update, and the time without a book after it', async () => {
    const played = await playedOf('gap', whole.toSpliced(8, 1));
    expect(kindsOf(played)).toEqual([
      ['DEPTH_GAP', 9],
      ['NO_BOOK', 22],
    ]);
    const text = reportOf(played)
      .verdict.map((remark) => remark.text)
      .join('\n');
    expect(text).toContain('The recordings have 2 faults and 0 frames that were no message: 1 DEPTH_GAP, 1 NO_BOOK.');
    expect(text).toMatch(/BTCUSDT: no valid book for \d+ of 19 s/);
  });

  test('a crossed book', async () => {
    const crossed = depth(5_100, 6, 7, [['500', '1']]);
    expect(kindsOf(await playedOf('crossed', whole.toSpliced(8, 1, crossed)))).toContainEqual(['CROSSED_BOOK', 9]);
  });

  test('a recording without a snapshot, or without depth updates', async () => {
    const noSnapshot = await playedOf('no-snapshot', whole.slice(1));
    expect(noSnapshot.faults).toMatchObject([{ kind: 'NO_BOOK', detail: /no snapshot fits/ }].map(withText));
    const onlyTrades = await playedOf('only-trades', [trade(0, 1), trade(1_000, 2), trade(9_000, 3)]);
    expect(onlyTrades.faults).toMatchObject([{ kind: 'NO_BOOK', detail: /no depth update/ }].map(withText));
  });

  test('trades that come twice, or too late: they count once', async () => {
    const sound = await playedOf('sound', whole);
    const played = await playedOf('twice', whole.toSpliced(6, 0, trade(2_500, 1), trade(2_600, 2)));
    expect(played.events).toBe(sound.events);
    expect(kindsOf(played)).toEqual([
      ['REPEATED_TRADE', 7],
      ['REPEATED_TRADE', 8],
    ]);
  });

  test('ids that begin again with newer times are new trades', async () => {
    const sound = await playedOf('sound', whole);
    const played = await playedOf('again', [...whole, trade(30_000, 1)]);
    expect(played).toMatchObject({ faults: [], events: sound.events + 1 });
  });
});

test('a file that is named twice is refused: its trades would count twice', async () => {
  const file = join(folder, 'sound.jsonl');
  await expect(play(file, file)).rejects.toThrow(/sound.jsonl is named twice/);
  await expect(play(file, join(folder, '.', 'sound.jsonl'))).rejects.toThrow(/is named twice/);
});

function withText<T extends { readonly detail: RegExp }>(fault: T) {
  return { ...fault, detail: expect.stringMatching(fault.detail) };
}
