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
import { type MeasuredMemory, SearchMemory } from './search-memory.ts';

const RECORDED = join(
  process.env['HELIOS_DATA_DIR'] ?? join(import.meta.dirname, '../../shared/data'),
  'klines/NEARUSDT-1m-2024-02.csv.gz',
);
const THREADS = 2;
const FLOOR_ROUNDS = 3;
const MEGABYTE = 1e6;

/**
 * Any strong imbalance opens a position, so that each trial trades, and few do, so that the row measures the search and its memory
 * rather than trades. The part `candles` measures those.
 */
const SEARCHED = [
  ...['reasons.enabled=IMBALANCE', 'signals.edge_gate=observe', 'risk.min_target_costs=0'].map((set) => `--set=${set}`),
  ...['signals.nobi_threshold=0.8..0.95', 'risk.take_profit_atr=1..6'].map((search) => `--search=${search}`),
];

/**
 * Searches with trials of one month of candles in two threads, nothing stored. The floor is the time of a trial alone, shared by two
 * threads that cost nothing. The memory is what each thread uses after a garbage collection, after a tenth, two fifths and all of
 * the trials.
 */
export async function benchOptimise(trials: number): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'helios-bench-optimise-'));
  const made = join(folder, 'MADEUSDT-1m.csv');
  const isRecorded = existsSync(RECORDED);
  if (!isRecorded) writeCandles({ file: made, seed: 1, days: 29, edgeBp: 0 });
  const data = isRecorded ? RECORDED : made;
  const line = readCommandLine('optimise', ['--data', data, ...SEARCHED, `--trials=${trials}`]);
  const plan = await prepareStudy(line, { cwd: '/', root: folder, env: {}, nowMs: 0 }, new FileHashes());
  const aloneMs = await aloneMsOf(plan);
  const runner = new ThreadRunner(THREADS, join(import.meta.dirname, 'measured-trial-thread.ts'));
  const memory = new SearchMemory(THREADS, [trials / 10, (trials * 2) / 5].map(Math.ceil));
  const start = performance.now();
  const outcome = await new Study(plan, runner, (tried) => memory.onTrial(tried)).run();
  const seconds = (performance.now() - start) / 1_000;
  const tried = outcome.tried.length;
  memory.measure(tried);
  const figures = await memory.figures();
  await runner.close();
  rmSync(folder, { recursive: true, force: true });
  const trades = outcome.tried.reduce((sum, { summary }) => sum + summary.whole.trades, 0) / tried;
  const candles = `a month of ${isRecorded ? 'recorded' : 'made-up'} candles with ${trades.toFixed(1)} trades`;
  const what = `${tried} trials × ${candles}, two threads`;
  const floor = (aloneMs / 1_000) * (tried / THREADS);
  const rows: Row[] = [{ what, value: seconds, unit: 's', floor }, ...memoryRows(figures)];
  const thousand = { what: '  1,000 of them, extrapolated', value: (seconds * 1_000) / tried, unit: 's' };
  return tried >= 1_000 ? rows : [...rows, thousand];
}

/** The floor is the first figure: flat memory stays at 1 ×. */
function memoryRows(figures: readonly MeasuredMemory[]): Row[] {
  const [first] = figures;
  return figures.flatMap(({ tried, threads, rss }) => [
    {
      what: `  greatest heap of a thread after collection, after ${tried} trials`,
      value: threads / MEGABYTE,
      unit: 'MB',
      ...(first && { floor: first.threads / MEGABYTE }),
    },
    {
      what: `  resident memory of the process, garbage included, after ${tried} trials`,
      value: rss / MEGABYTE,
      unit: 'MB',
      ...(first && { floor: first.rss / MEGABYTE }),
    },
  ]);
}

/** Median time of a trial in the middle of the range, in this thread, the data open. */
async function aloneMsOf({ base, data, codeHash }: Awaited<ReturnType<typeof prepareStudy>>): Promise<number> {
  const opened = new OpenedData();
  const trial = trialOf({ ...base, 'signals.nobi_threshold': '0.87' }, data, codeHash);
  await runTrial(trial, opened);
  const times: number[] = [];
  for (let round = 0; round < FLOOR_ROUNDS; round += 1) {
    const start = performance.now();
    await runTrial(trial, opened);
    times.push(performance.now() - start);
  }
  return median(times);
}
