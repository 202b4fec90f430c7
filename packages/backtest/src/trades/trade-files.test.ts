import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { importData } from '@helios/market-data/import/import-data.ts';
import { NotImportable } from '@helios/market-data/import/not-importable.ts';
import { readCommandLine } from '@helios/shared/runtime/cli/run-command.ts';
import { IMBALANCE_ALONE_ENVIRONMENT } from '@helios/shared/testing/imbalance-alone.ts';
import { settingsFolder } from '@helios/shared/testing/settings-folder.ts';
import { Rng } from '@helios/synthetic-market/rng.ts';
import { afterAll, expect, test } from 'vitest';
import { readBacktestOptions } from '../backtest-options.ts';
import { runBacktest } from '../run-backtest.ts';

const folder = mkdtempSync(join(tmpdir(), 'helios-trades-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const START = Date.UTC(2026, 0, 1);
const HEADER = 'agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker';

/** Ten minutes of trades in both directions, in runs: takers of one side follow each other. */
function rowsOf(from: number, count: number, unit: number): string[] {
  const rng = new Rng(`trades ${from}`);
  let side = true;
  let units = 1_000_000;
  return Array.from({ length: count }, (_, n) => {
    if (rng.uniform() < 0.05) side = !side;
    units += (side ? -1 : 1) * rng.below(20);
    const id = from + n;
    const price = ((units + (side ? 0 : 5)) / 100).toFixed(2);
    const time = (START + id * 150) * unit;
    return `${id},${price},${(0.001 + rng.below(900) / 1_000).toFixed(3)},${id},${id},${time},${side}`;
  });
}

// The archive began to write headers, and spot to write µs: both must read alike.
writeFileSync(join(folder, 'BTCUSDT-aggTrades-2026-01-01.csv'), `${rowsOf(0, 2_000, 1).join('\n')}\n`);
writeFileSync(
  join(folder, 'BTCUSDT-aggTrades-2026-01-02.csv.gz'),
  gzipSync([HEADER, ...rowsOf(2_000, 2_000, 1_000)].join('\n')),
);
const FILES = ['BTCUSDT-aggTrades-2026-01-02.csv.gz', 'BTCUSDT-aggTrades-2026-01-01.csv'];

function optionsOf(data: readonly string[], ...more: string[]) {
  const line = readCommandLine('backtest', ['--data', ...data, ...more]);
  return readBacktestOptions(line, { cwd: folder, root: settingsFolder(), env: IMBALANCE_ALONE_ENVIRONMENT, nowMs: 0 });
}

async function play(data: readonly string[], ...more: string[]) {
  return await runBacktest(optionsOf(data, '--set', 'signals.nobi_threshold=0.3', ...more));
}

test('files of trades play to their end, twice alike, and the report says what is made up', async () => {
  const result = await play(FILES);
  expect(await play(FILES)).toEqual(result);
  expect([result.firstTs, result.lastTs]).toEqual([START, START + 3_999 * 150]);
  expect(result.decisions.length + result.refusals.length).toBeGreaterThan(0);
  expect(result.assumptions.join()).toContain('Trades hold no book');
  expect(result.faults).toEqual([]);
});

test('a cache of them gives the same result', async () => {
  const out = join(folder, 'trades.helios');
  const files = FILES.map((name) => join(folder, name));
  await importData({ files, market: 'usdm', out, stop: new AbortController().signal });
  expect({ ...(await play([out])), files: [] }).toEqual({ ...(await play(FILES)), files: [] });
});

test('damaged rows are reported, and the rest is played', async () => {
  const rows = rowsOf(0, 2_000, 1);
  rows[1_000] = '1000,NaN,1,1000,1000,,true';
  writeFileSync(join(folder, 'ETHUSDT-aggTrades-2026-01-01.csv'), rows.join('\n'));
  const { faults, lastTs } = await play(['ETHUSDT-aggTrades-2026-01-01.csv']);
  expect(faults).toMatchObject([{ kind: 'BAD_LINE', line: 1_001 }]);
  expect(lastTs).toBe(START + 1_999 * 150);
});

test.each([
  ['SOLUSDT-aggTrades-none.csv', ''],
  ['SOLUSDT-trades-odd.csv', 'a,b,c\n1,2,3\n'],
  ['SOLUSDT-trades-klines.csv', 'open_time,open,high,low,close,volume\n1767225600000,1,1,1,1,1\n'],
])('%s is refused before anything is played', async (name, text) => {
  writeFileSync(join(folder, name), text);
  await expect(play([name])).rejects.toThrow(NotImportable);
});

test('trades and candles do not mix', () =>
  expect(() => optionsOf([...FILES, 'BTCUSDT-1m-2026-01.csv'])).toThrow(/one kind of them/));
