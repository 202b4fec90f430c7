import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reportsOf } from '@helios/backtest/report/make-reports.ts';
import { saveReports } from '@helios/backtest/saved-result.ts';
import { madeResult, tradesWith } from '@helios/backtest/testing/made-result.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';

const BACKTEST = join(import.meta.dirname, '../src/backtest.ts');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'helios-foreign-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('results that somebody else wrote can neither move the cursor nor break the report by their size', async () => {
  const own = join(folder, 'own.json');
  const foreign = join(folder, 'foreign.json');
  await saveReports(own, reportsOf([madeResult()], undefined));
  const trades = tradesWith([1e308, -1e308, 1]);
  await saveReports(foreign, reportsOf([{ ...madeResult(), run: 'red\u001b[31m', trades }], undefined));
  const env = { ...process.env, HELIOS_SETTINGS_DIR: folder };
  const { status, stdout, stderr } = spawnSync(process.execPath, [BACKTEST, '--compare', own, foreign], {
    env,
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain('red\\u001b[31m');
  expect(stdout).not.toContain('\u001b');
}, 60_000);
