import { join, resolve } from 'node:path';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { runCommand } from '@helios/shared/runtime/cli/run-command.ts';
import { ExchangeProcess } from '../rehearse/exchange-process.ts';
import { flattenOut } from '../rehearse/flatten-out.ts';
import { readBooks } from '../rehearse/read-books.ts';
import { RehearsalFleet, until } from '../rehearse/rehearsal-fleet.ts';
import { rehearsalReport } from '../rehearse/rehearsal-report.ts';
import { REHEARSAL_KEY, rehearsalEnvironment } from '../rehearse/rehearsal-settings.ts';
import { takePort } from '../rehearse/take-port.ts';
import { openOf, VenueControl } from '../rehearse/venue-control.ts';
import { StartRefused } from '../start-refused.ts';
import { stopSignal } from '../stop-signal.ts';
import { runningSupervisor } from '../supervisor-file.ts';
import { ChaosCourse } from './chaos-course.ts';
import { type ChaosStep, chaosPlan } from './chaos-plan.ts';
import { stateDifferences } from './state-differences.ts';

const SYMBOLS = ['BTCUSDT', 'ETHUSDT'] as const;
const BALANCE = '10000';
const SAME_WITHIN_MS = 40_000;

/** `npm run chaos`: a live fleet on a local exchange; by a seeded plan the venue fails and processes die or stand still. */
async function main(line: CommandLine): Promise<number> {
  const root = resolve(import.meta.dirname, '../../../..');
  const folder = join(root, '.helios', 'chaos');
  const seed = line.number('seed', { fallback: 1, min: 0, max: 1_000_000, whole: true });
  const minutes = line.number('minutes', { fallback: 10, min: 0.3, max: 1_440 });
  const stop = stopSignal({ withParent: true });
  const other = runningSupervisor(join(folder, 'data'));
  if (other !== undefined) throw new StartRefused([`Another chaos run goes on here (process ${other.pid}).`]);
  const durationMs = minutes * 60_000;
  const plan = chaosPlan(SYMBOLS[0], seed, durationMs);
  showPlan(plan, seed, minutes);
  const exchange = await ExchangeProcess.start({
    ...{ root, env: process.env, key: REHEARSAL_KEY, balance: BALANCE, symbols: SYMBOLS, seed },
  });
  const dashboardPort = await takePort();
  const place = { folder, venue: exchange, redisPort: await takePort(), dashboardPort, symbols: SYMBOLS };
  const env = rehearsalEnvironment({ ...place, configFile: undefined }, process.env);
  const fleet = new RehearsalFleet(root, env, dashboardPort, (text) => console.log(`  │ ${text}`));
  try {
    const run = { seed, plan, durationMs, stop, dataDir: join(folder, 'data') };
    return await runChaos(new VenueControl(exchange.controlUrl), fleet, run);
  } finally {
    await fleet.end();
    await exchange.end();
    console.log(`Logs and ledger of this run: ${folder}`);
  }
}

interface ChaosRun {
  readonly seed: number;
  readonly plan: readonly ChaosStep[];
  readonly durationMs: number;
  readonly stop: AbortSignal;
  readonly dataDir: string;
}

async function runChaos(
  venue: VenueControl,
  fleet: RehearsalFleet,
  { seed, plan, durationMs, stop, dataDir }: ChaosRun,
): Promise<number> {
  if (!(await fleet.ready(stop))) return failed(stop.aborted ? 'Ended before the fleet traded.' : 'No fleet started.');
  const refusal = await fleet.pressStart(stop);
  if (refusal !== undefined) return failed(`Start is refused: ${refusal}`);
  console.log('Start is pressed: the fleet trades.');
  const startedTs = Date.now();
  const course = new ChaosCourse(venue, fleet, () => stop.aborted || fleet.hasEnded);
  await course.run(plan, durationMs);
  const endedTs = Date.now();
  console.log('Everything is healed.');
  const trading = await lastingDifferences(venue, fleet);
  const after = await flattenOut(venue, fleet);
  const flat = await lastingDifferences(venue, fleet);
  const deaths = fleet.hasEnded ? ['the supervisor', ...fleet.ownDeaths] : fleet.ownDeaths;
  await fleet.end();
  const books = readBooks(dataDir) ?? { executions: [], trades: [], signals: [] };
  const { lines, isClean } = rehearsalReport({
    title: `Chaos with seed ${seed}`,
    ...{ startedTs, endedTs, faults: course.done, silences: course.silences },
    ...{ walletBefore: BALANCE, walletAfter: after.wallet, leftOpen: openOf(after), books },
    ...{ ledger: await venue.ledger(), maxMinuteWeight: await venue.maxMinuteWeight() },
    alsoBroken: [
      ...[...trading, ...flat].map((what) => ({ code: 'STATE_DIFFERS', what })),
      ...deaths.map((what) => ({ code: 'DIED_BY_ITSELF', what })),
    ],
  });
  for (const text of ['', ...lines]) console.log(text);
  console.log(`VERDICT seed ${seed}: ${isClean ? 'no rule broken' : 'BROKEN, see above'}`);
  return isClean ? 0 : 1;
}

/** What differs between fleet and venue, although both had time to agree. */
async function lastingDifferences(venue: VenueControl, fleet: RehearsalFleet): Promise<readonly string[]> {
  let differences: readonly string[] = [];
  const isSame = async (): Promise<boolean> => {
    differences = await stateDifferences(venue, fleet);
    return differences.length === 0;
  };
  await until(isSame, SAME_WITHIN_MS, () => fleet.hasEnded);
  return differences;
}

function showPlan(plan: readonly ChaosStep[], seed: number, minutes: number): void {
  console.log(`Chaos with seed ${seed}, ${minutes} minutes, ${plan.length} steps. No real money. The plan:`);
  for (const { what, atMs, forMs } of plan) {
    const lasts = forMs === 0 ? '' : ` for ${(forMs / 1_000).toFixed(1)} s`;
    console.log(`  ${(atMs / 1_000).toFixed(1).padStart(6)} s  ${what}${lasts}`);
  }
}

function failed(why: string): number {
  console.log(why);
  return 1;
}

await runCommand('chaos', main);
