import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { importData } from '@helios/market-data/import/import-data.ts';
import type { RecordedMarket } from '@helios/market-data/recorded-market.ts';
import { readCommandLine } from '@helios/shared/runtime/cli/run-command.ts';
import { IMBALANCE_ALONE_ENVIRONMENT } from '@helios/shared/testing/imbalance-alone.ts';
import { settingsFolder } from '@helios/shared/testing/settings-folder.ts';
import { afterAll, describe, expect, test } from 'vitest';
import { readBacktestOptions } from '../backtest-options.ts';
import { runBacktest } from '../run-backtest.ts';

const DATA = resolve(process.env['HELIOS_DATA_DIR'] ?? '../shared/data', 'depth');
const folder = mkdtempSync(join(tmpdir(), 'helios-cache-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The result as text. The names of the files differ, and nothing else. */
async function resultOf(data: readonly string[], market: RecordedMarket, ...more: string[]): Promise<string> {
  const line = readCommandLine('backtest', ['--data', ...data, '--market', market, ...more]);
  const result = await runBacktest(
    readBacktestOptions(line, { cwd: folder, root: settingsFolder(), env: IMBALANCE_ALONE_ENVIRONMENT, nowMs: 0 }),
  );
  return JSON.stringify({ ...result, files: [], mids: [...result.mids], prices: [...result.prices] });
}

async function cacheOf(files: readonly string[], market: RecordedMarket = 'usdm'): Promise<string> {
  const out = join(folder, `${Math.abs(files.join().length)}-${files.length}.helios`);
  await importData({ files, market, out, stop: new AbortController().signal });
  return out;
}

describe.skipIf(!existsSync(DATA))('a cache of a recording of the venue gives the same backtest', () => {
  const files = (pattern: RegExp, below = '') =>
    readdirSync(join(DATA, below))
      .filter((name) => pattern.test(name))
      .map((name) => join(DATA, below, name));

  test.each([
    ['BTCUSDT 2023', 'usdm', () => files(/^usdm_btcusdt_2023/)],
    ['BTCUSDT and ETHUSDT 2024, together', 'usdm', () => files(/^usdm_.*_2024/)],
    ['NEXOUSDT spot', 'spot', () => files(/^nexousdt/, 'spot')],
  ] as const)(
    '%s',
    async (_, market, list) => {
      const cache = await cacheOf(list(), market);
      expect(await resultOf([cache], market)).toBe(await resultOf(list(), market));
    },
    120_000,
  );
});
