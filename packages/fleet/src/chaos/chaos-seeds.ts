import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type ChaosResult, resultTable } from './chaos-result.ts';

/** Several seeds, each in a process of its own. */
export interface ChaosSeeds {
  readonly seeds: readonly number[];
  readonly minutes: number;
  /** How many at once. */
  readonly jobs: number;
  /** Holds a folder and a log for each seed. */
  readonly folder: string;
  /** Path of the program that runs one seed. */
  readonly script: string;
  readonly stop: AbortSignal;
}

/** `1-5`, `3` or `1,4,9-11` as numbers; undefined if it is none of these, or more than a thousand seeds. */
export function seedsOf(text: string): readonly number[] | undefined {
  const seeds: number[] = [];
  for (const part of text.split(',')) {
    const [, from, to = from] = /^(\d{1,7})(?:-(\d{1,7}))?$/.exec(part.trim()) ?? [];
    if (from === undefined || Number(to) < Number(from) || Number(to) - Number(from) > 999) return undefined;
    for (let seed = Number(from); seed <= Number(to); seed += 1) seeds.push(seed);
  }
  return seeds.length > 1_000 ? undefined : [...new Set(seeds)];
}

/** Runs every seed and prints one table. Evidence stays for seeds that broke a rule only. Resolves to whether none did. */
export async function runSeeds(run: ChaosSeeds): Promise<boolean> {
  const { seeds, jobs, folder, stop } = run;
  mkdirSync(folder, { recursive: true });
  const results: ChaosResult[] = [];
  const waiting = [...seeds];
  const work = async (): Promise<void> => {
    for (let seed = waiting.shift(); seed !== undefined && !stop.aborted; seed = waiting.shift())
      results.push(await runSeed(run, seed));
  };
  await Promise.all(Array.from({ length: jobs }, work));
  for (const line of ['', ...resultTable(results.toSorted((a, b) => a.seed - b.seed))]) console.log(line);
  const isClean = results.length === seeds.length && results.every(({ violations }) => violations.length === 0);
  if (stop.aborted) console.log(`Ended early: ${results.length} of ${seeds.length} seeds.`);
  return isClean;
}

async function runSeed({ minutes, folder, script }: ChaosSeeds, seed: number): Promise<ChaosResult> {
  const log = join(folder, `seed-${seed}.log`);
  console.log(`Seed ${seed} begins; its steps are in ${log}`);
  rmSync(join(folder, `seed-${seed}`, RESULT_FILE), { force: true });
  const child = spawn(process.execPath, [script, '--seed', String(seed), '--minutes', String(minutes)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const file = createWriteStream(log);
  child.stdout.pipe(file, { end: false });
  child.stderr.pipe(file, { end: false });
  await once(child, 'close');
  file.end();
  const result = resultIn(join(folder, `seed-${seed}`)) ?? noResult(seed);
  const { violations } = result;
  console.log(`Seed ${seed}: ${violations.length === 0 ? 'no rule broken' : `BROKEN, ${violations.length}`}`);
  if (violations.length === 0) rmSync(join(folder, `seed-${seed}`), { recursive: true, force: true });
  else {
    console.log(`  evidence  ${join(folder, `seed-${seed}`)} and ${log}`);
    console.log(`  repeat    npm run chaos -- --seed ${seed} --minutes ${minutes}`);
  }
  return result;
}

/** What a run writes into its folder as it ends. */
export const RESULT_FILE = 'result.json';

function resultIn(folder: string): ChaosResult | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, RESULT_FILE), 'utf8')) as ChaosResult;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function noResult(seed: number): ChaosResult {
  const figures = { steps: 0, met: 0, fills: 0, trades: 0, maxBareMs: 0, backMs: 0, waitedMs: 0, maxWaitMs: 0 };
  return { seed, ...figures, violations: ['NO_RESULT: the run did not come to its end'] };
}
