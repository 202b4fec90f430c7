import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { runCommand } from '@helios/shared/runtime/cli/run-command.ts';
import { StartRefused } from '../start-refused.ts';
import { stopSignal } from '../stop-signal.ts';
import { runningSupervisor } from '../supervisor-file.ts';
import { chaosPlan } from './chaos-plan.ts';
import { CHAOS_SYMBOLS, runChaos } from './chaos-run.ts';
import { RESULT_FILE, runSeeds, seedsOf } from './chaos-seeds.ts';
import type { ChaosStep } from './chaos-step.ts';

const MAX_SEED = 1_000_000;
const MAX_JOBS = 16;

/** `npm run chaos`: a live fleet on a local exchange; by a seeded plan venue and network fail and processes die or stand still. */
async function main(line: CommandLine): Promise<number> {
  const root = resolve(import.meta.dirname, '../../../..');
  const folder = join(root, '.helios', 'chaos');
  const seed = line.number('seed', { fallback: 1, min: 0, max: MAX_SEED, whole: true });
  const minutes = line.number('minutes', { fallback: 10, min: 0.3, max: 1_440 });
  const jobs = line.number('jobs', { fallback: 1, min: 1, max: MAX_JOBS, whole: true });
  const stop = stopSignal({ withParent: true });
  const list = line.text('seeds');
  if (list === undefined) return runSeed(root, join(folder, `seed-${seed}`), { seed, minutes, stop });
  const seeds = seedsOf(list);
  if (seeds === undefined) throw line.problem(`--seeds takes a list such as 1-5 or 1,4,9, not “${list}”.`);
  return (await runSeeds({ seeds, minutes, jobs, folder, script: import.meta.filename, stop })) ? 0 : 1;
}

async function runSeed(
  root: string,
  folder: string,
  run: { readonly seed: number; readonly minutes: number; readonly stop: AbortSignal },
): Promise<number> {
  const other = runningSupervisor(join(folder, 'data'));
  if (other !== undefined) throw new StartRefused([`Another chaos run goes on here (process ${other.pid}).`]);
  const plan = chaosPlan(CHAOS_SYMBOLS[0], run.seed, run.minutes * 60_000);
  showPlan(plan, run.seed, run.minutes);
  const result = await runChaos({ ...run, root, folder, plan });
  console.log(`Logs and ledgers of this run: ${folder}`);
  if (typeof result === 'string') {
    console.log(result);
    return 1;
  }
  writeFileSync(join(folder, RESULT_FILE), `${JSON.stringify(result)}\n`);
  const isClean = result.violations.length === 0;
  console.log(`VERDICT seed ${run.seed}: ${isClean ? 'no rule broken' : 'BROKEN, see above'}`);
  return isClean ? 0 : 1;
}

function showPlan(plan: readonly ChaosStep[], seed: number, minutes: number): void {
  console.log(`Chaos with seed ${seed}, ${minutes} minutes, ${plan.length} steps. No real money. The plan:`);
  for (const { kind, what, atMs, forMs } of plan) {
    const seconds = (forMs / 1_000).toFixed(1);
    const lasts = kind === 'AMBUSH' ? ` within ${seconds} s` : ` for ${seconds} s`;
    console.log(`  ${(atMs / 1_000).toFixed(1).padStart(6)} s  ${what}${forMs === 0 ? '' : lasts}`);
  }
}

await runCommand('chaos', main);
