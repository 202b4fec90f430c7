import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileHashes } from '@helios/research/file-hashes.ts';
import { OpenedData } from '@helios/research/opened-data.ts';
import { prepareStudy } from '@helios/research/prepare-study.ts';
import { runTrial } from '@helios/research/run-trial.ts';
import { Study } from '@helios/research/study.ts';
import { ThreadRunner } from '@helios/research/threads/thread-runner.ts';
import { trialOf } from '@helios/research/trial.ts';
import { readCommandLine } from '@helios/shared/runtime/cli/run-command.ts';
import { writeCandles } from '../packages/research/test/made-candles.ts';
import { median } from './percentile.ts';
import type { Row } from './report.ts';

const RECORDED = join(
  process.env['HELIOS_DATA_DIR'] ?? join(import.meta.dirname, '../../shared/data'),
  'klines/NEARUSDT-1m-2024-02.csv.gz',
);
const THREADS = 2;
const FLOOR_ROUNDS = 3;
const MEGABYTE = 1e6;

/**
 * Searches with trials of one month of candles in two threads, nothing stored. The floor is the time of a trial alone, shared by two
 * threads that cost nothing.
 */
export async function benchOptimise(trials: number): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'helios-bench-optimise-'));
  const made = join(folder, 'MADEUSDT-1m.csv');
  const isRecorded = existsSync(RECORDED);
  if (!isRecorded) writeCandles({ file: made, seed: 1, days: 29, edgeBp: 0 });
  const args = ['--data', isRecorded ? RECORDED : made, '--search=signals.nobi_threshold=0.3..0.7'];
  const line = readCommandLine('optimise', [...args, '--search=risk.take_profit_atr', `--trials=${trials}`]);
  const plan = await prepareStudy(line, { cwd: '/', root: folder, env: {}, nowMs: 0 }, new FileHashes());
  const aloneMs = await aloneMsOf(plan);
  const runner = new ThreadRunner(THREADS);
  let early = 0;
  const start = performance.now();
  const outcome = await new Study(plan, runner, (tried) => {
    if (tried === Math.ceil(trials / 10)) early = process.memoryUsage().rss;
  }).run();
  const seconds = (performance.now() - start) / 1_000;
  const late = process.memoryUsage().rss;
  await runner.close();
  rmSync(folder, { recursive: true, force: true });
  const tried = outcome.tried.length;
  const what = `${tried} trials × a month of ${isRecorded ? 'recorded' : 'made-up'} candles, two threads`;
  const floor = (aloneMs / 1_000) * (tried / THREADS);
  const rows: Row[] = [
    { what, value: seconds, unit: 's', floor },
    { what: `  memory after ${Math.ceil(trials / 10)} trials`, value: early / MEGABYTE, unit: 'MB' },
    { what: `  memory after ${tried} trials`, value: late / MEGABYTE, unit: 'MB', floor: early / MEGABYTE },
  ];
  const thousand = { what: '  1,000 of them, extrapolated', value: (seconds * 1_000) / tried, unit: 's' };
  return tried >= 1_000 ? rows : [...rows, thousand];
}

/** Median time of a trial with the settings as they are, in this thread, the data open. */
async function aloneMsOf({ base, data, codeHash }: Awaited<ReturnType<typeof prepareStudy>>): Promise<number> {
  const opened = new OpenedData();
  const trial = trialOf(base, data, codeHash);
  await runTrial(trial, opened);
  const times: number[] = [];
  for (let round = 0; round < FLOOR_ROUNDS; round += 1) {
    const start = performance.now();
    await runTrial(trial, opened);
    times.push(performance.now() - start);
  }
  return median(times);
}
