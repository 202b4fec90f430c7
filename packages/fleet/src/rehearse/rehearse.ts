import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type RunningExchange, startExchange } from '@helios/exchange-simulator/start-exchange.ts';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { runCommand, typedFolder } from '@helios/shared/runtime/cli/run-command.ts';
import { StartRefused } from '../start-refused.ts';
import { stopSignal } from '../stop-signal.ts';
import { runningSupervisor } from '../supervisor-file.ts';
import { faultPlan, type PlannedFault } from './fault-plan.ts';
import { flattenOut } from './flatten-out.ts';
import { readBooks } from './read-books.ts';
import { RehearsalFleet } from './rehearsal-fleet.ts';
import { type InjectedFault, rehearsalReport } from './rehearsal-report.ts';
import { REHEARSAL_KEY, rehearsalEnvironment } from './rehearsal-settings.ts';
import { takePort } from './take-port.ts';
import { openOf, VenueControl } from './venue-control.ts';

const SYMBOLS = ['BTCUSDT', 'ETHUSDT'];
const BALANCE = '10000';
const STEP_MS = 250;

/** `npm run rehearse`: a local exchange, a live fleet that trades there, faults, and what they would have cost. */
async function main(line: CommandLine): Promise<number> {
  const root = resolve(import.meta.dirname, '../../../..');
  const folder = join(root, '.helios', 'rehearsal');
  const files = line.texts('data').map((file) => resolve(typedFolder(), file));
  const seed = line.number('seed', { fallback: 1, min: 0, max: 1_000_000 });
  const minutes = line.number('minutes', { fallback: 5, min: 0.2, max: 1_440 });
  const stop = stopSignal({ withParent: true });
  const other = runningSupervisor(join(folder, 'data'));
  if (other !== undefined) throw new StartRefused([`Another rehearsal runs here (process ${other.pid}).`]);
  const market =
    files.length > 0
      ? ({ kind: 'recordings', files } as const)
      : ({ kind: 'generator', seed, symbols: SYMBOLS } as const);
  const account = { id: 'rehearsal', keys: [REHEARSAL_KEY], balance: BALANCE };
  const venue = await startExchange({ market, accounts: [account], past: 'made-up' });
  const dashboardPort = await takePort();
  const symbols = await symbolsOf(venue);
  const place = { folder, venue, redisPort: await takePort(), dashboardPort, symbols };
  const configFile = line.has('own-settings') ? join(root, 'config/config.ini') : undefined;
  const fleet = new RehearsalFleet(
    root,
    rehearsalEnvironment({ ...place, configFile }, process.env),
    dashboardPort,
    (text) => console.log(`  │ ${text}`),
  );
  console.log(`Rehearsal on a local exchange: no real money, ${BALANCE} USDT of play money. Ctrl-C ends it early.`);
  try {
    const plan = line.has('calm') ? [] : faultPlan(symbols[0] ?? '', seed, minutes * 60_000);
    return await rehearse(venue, fleet, {
      plan,
      durationMs: minutes * 60_000,
      stop,
      dashboardPort,
      dataDir: join(folder, 'data'),
    });
  } finally {
    await fleet.end();
    await venue.stop();
    console.log(`Logs and ledger of the rehearsal: ${folder}`);
  }
}

interface RehearsalCourse {
  readonly plan: readonly PlannedFault[];
  readonly durationMs: number;
  readonly stop: AbortSignal;
  readonly dashboardPort: number;
  readonly dataDir: string;
}

async function rehearse(venue: RunningExchange, fleet: RehearsalFleet, course: RehearsalCourse): Promise<number> {
  const { stop, dashboardPort, plan, durationMs } = course;
  if (!(await fleet.ready(stop)))
    return failed(
      stop.aborted ? 'Ended before the fleet traded.' : 'The fleet did not start; its lines above say why.',
    );
  console.log(`Watch it: http://127.0.0.1:${dashboardPort}`);
  const refusal = await fleet.pressStart(stop);
  if (refusal !== undefined) return failed(`Start is refused: ${refusal}`);
  console.log('Start is pressed: the fleet trades.');
  const startedTs = venue.now();
  const control = new VenueControl(venue.controlUrl);
  const faults = await inject(venue, fleet, plan, startedTs + durationMs, stop);
  const endedTs = venue.now();
  const after = await flattenOut(control, fleet);
  await fleet.end();
  const books = readBooks(course.dataDir) ?? { executions: [], trades: [], signals: [] };
  const { lines, isClean } = rehearsalReport({
    ...{ startedTs, endedTs, faults, walletBefore: BALANCE, walletAfter: after.wallet, leftOpen: openOf(after) },
    ...{ ledger: await control.ledger(), books, maxMinuteWeight: await control.maxMinuteWeight() },
  });
  for (const text of ['', ...lines]) console.log(text);
  return isClean ? 0 : 1;
}

/** Injects each fault at its time and heals it, until the end or Ctrl-C. */
async function inject(
  venue: RunningExchange,
  fleet: RehearsalFleet,
  plan: readonly PlannedFault[],
  endTs: number,
  stop: AbortSignal,
): Promise<readonly InjectedFault[]> {
  const beganTs = venue.now();
  const injected: InjectedFault[] = [];
  const isOver = (): boolean => stop.aborted || fleet.hasEnded || venue.now() >= endTs;
  const pass = async (untilTs: number): Promise<void> => {
    while (venue.now() < untilTs && !isOver()) await pause(STEP_MS);
  };
  for (const { what, atMs, forMs, faults, action, isSilent = false } of plan) {
    await pass(beganTs + atMs);
    if (isOver()) break;
    const fromTs = venue.now();
    console.log(`▶ ${what}`);
    await venue.setFaults(faults);
    if (action !== undefined) await new VenueControl(venue.controlUrl).act(action);
    await pass(fromTs + forMs);
    await venue.setFaults([]);
    injected.push({ what, isSilent, fromTs, toTs: venue.now() });
  }
  await pass(endTs);
  return injected;
}

async function symbolsOf({ url }: RunningExchange): Promise<readonly string[]> {
  const answer = await fetch(`${url}/fapi/v1/exchangeInfo`);
  const { symbols } = (await answer.json()) as { symbols: readonly { readonly symbol: string }[] };
  return symbols.map(({ symbol }) => symbol);
}

function failed(why: string): number {
  console.log(why);
  return 1;
}

await runCommand('rehearse', main);
