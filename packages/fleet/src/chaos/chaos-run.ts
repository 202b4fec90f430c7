import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExchangeProcess } from '../rehearse/exchange-process.ts';
import { flattenOut } from '../rehearse/flatten-out.ts';
import { readBooks } from '../rehearse/read-books.ts';
import { RehearsalFleet } from '../rehearse/rehearsal-fleet.ts';
import { rehearsalReport } from '../rehearse/rehearsal-report.ts';
import { REHEARSAL_KEY, rehearsalEnvironment } from '../rehearse/rehearsal-settings.ts';
import { takePort } from '../rehearse/take-port.ts';
import { openOf } from '../rehearse/venue-control.ts';
import { ChaosCourse, type DoneStep } from './chaos-course.ts';
import { type ChaosLinks, openLinks } from './chaos-links.ts';
import type { ChaosResult } from './chaos-result.ts';
import type { ChaosStep } from './chaos-step.ts';
import { MachineLoad } from './machine-load.ts';
import { stateDifferences } from './state-differences.ts';
import { missingForTrading } from './trading-back.ts';
import { VenueFaults } from './venue-faults.ts';

/** The symbols of the market; faults of one symbol hit the first. */
export const CHAOS_SYMBOLS = ['BTCUSDT', 'ETHUSDT'] as const;
const BALANCE = '10000';
/** Twice as many trades as in a rehearsal: faults must find an order or a position on their way. */
const BUSY = { RISK_MAX_HOLD_SEC: '6', SIGNALS_COOLDOWN_SEC: '1' } as const;
const SAME_WITHIN_MS = 40_000;
/** After the last fault the fleet must trade as before within this time; time without a core does not count. */
const TRADES_WITHIN_MS = 60_000;

export interface ChaosRun {
  readonly seed: number;
  readonly minutes: number;
  readonly plan: readonly ChaosStep[];
  readonly root: string;
  /** Folder of settings, data, logs and evidence; emptied first. */
  readonly folder: string;
  readonly stop: AbortSignal;
}

interface Parts {
  readonly venue: VenueFaults;
  readonly fleet: RehearsalFleet;
  readonly links: ChaosLinks;
  /** How long the exchange and execution-manager, who place and carry out stops, waited for a core. */
  readonly load: MachineLoad;
  /** The same of every process. */
  readonly fleetLoad: MachineLoad;
}

/** Runs one plan on a fleet and an exchange of its own. Resolves to why there was no run, or to the result. */
export async function runChaos(run: ChaosRun): Promise<ChaosResult | string> {
  const { root, folder, seed } = run;
  const exchange = await ExchangeProcess.start({
    ...{ root, env: process.env, key: REHEARSAL_KEY, balance: BALANCE, symbols: CHAOS_SYMBOLS, seed },
  });
  const links = await openLinks(exchange.url);
  const dashboardPort = await takePort();
  const place = { folder, venue: links.venue, redisPort: links.redisPort, dashboardPort, symbols: CHAOS_SYMBOLS };
  const env = rehearsalEnvironment({ ...place, configFile: undefined }, process.env);
  const redis = links.redisServer(folder, process.env['HELIOS_REDIS_SERVER'] ?? 'redis-server');
  const show = (text: string): void => console.log(`  │ ${text}`);
  const fleet = new RehearsalFleet(root, { ...env, ...BUSY, HELIOS_REDIS_SERVER: redis }, dashboardPort, show);
  const load = new MachineLoad(() => [exchange.pid, fleet.members.runningPid('execution-manager')]);
  const fleetLoad = new MachineLoad(() => [exchange.pid, ...fleet.members.everyPid]);
  try {
    await links.joinRedis(() => run.stop.aborted || fleet.hasEnded);
    return await trade(run, { venue: new VenueFaults(exchange.controlUrl), fleet, links, load, fleetLoad });
  } finally {
    load.stop();
    fleetLoad.stop();
    await fleet.end();
    await exchange.end();
    await links.close();
  }
}

async function trade({ stop, plan, ...run }: ChaosRun, parts: Parts): Promise<ChaosResult | string> {
  const { venue, fleet } = parts;
  if (!(await fleet.ready(stop))) return stop.aborted ? 'Ended before the fleet traded.' : 'No fleet started.';
  const refusal = await fleet.pressStart(stop);
  if (refusal !== undefined) return `Start is refused: ${refusal}`;
  console.log('Start is pressed: the fleet trades.');
  const startedTs = Date.now();
  const course = new ChaosCourse(parts, () => stop.aborted || fleet.hasEnded);
  await course.run(plan, run.minutes * 60_000);
  const endedTs = Date.now();
  console.log('Everything is healed.');
  const back = await tradingBack(parts, stop);
  console.log(
    back.missing.length === 0 ? `The fleet trades again after ${back.tookMs} ms.` : 'The fleet does not trade.',
  );
  const trading = await lastingDifferences(parts);
  const after = await flattenOut(venue, fleet);
  const flat = await lastingDifferences(parts);
  const deaths = fleet.hasEnded ? ['the supervisor', ...fleet.ownDeaths] : fleet.ownDeaths;
  await fleet.end();
  parts.load.stop();
  const books = readBooks(join(run.folder, 'data')) ?? { executions: [], trades: [], signals: [] };
  const ledger = await venue.straightLedger();
  const { lines, violations, fills, maxBareMs } = rehearsalReport({
    title: `Chaos with seed ${run.seed}`,
    ...{ startedTs, endedTs, faults: course.done, silences: [...course.silences, ...parts.load.waits] },
    ...{ walletBefore: BALANCE, walletAfter: after.wallet, leftOpen: openOf(after), books, ledger },
    maxMinuteWeight: await venue.maxMinuteWeight(),
    alsoBroken: [
      ...back.missing.map((what) => ({ code: 'NOT_BACK', what: `${TRADES_WITHIN_MS / 1_000} s later ${what}` })),
      ...[...trading, ...flat].map((what) => ({ code: 'STATE_DIFFERS', what })),
      ...deaths.map((what) => ({ code: 'DIED_BY_ITSELF', what })),
      ...missedFaults(course.done),
    ],
  });
  for (const text of ['', ...lines, loadLine(parts.load)]) console.log(text);
  keepLedger(run.folder, ledger);
  const { sumMs, maxMs } = parts.load.summary;
  const met = course.done.filter(({ isMet }) => isMet).length;
  const figures = {
    steps: course.done.length,
    met,
    fills,
    trades: books.trades.length,
    maxBareMs,
    backMs: back.tookMs,
  };
  return {
    seed: run.seed,
    ...figures,
    ...{ waitedMs: sumMs, maxWaitMs: maxMs, violations: broken(violations, fills) },
  };
}

/** Waits until nothing is missing for trading as before. */
async function tradingBack({ venue, fleet, fleetLoad }: Parts, stop: AbortSignal) {
  const fromMs = performance.now();
  const sinceSeq = await venue.lastSeq();
  let missing: readonly string[] = [];
  let shown = '';
  const isBack = async (): Promise<boolean> => {
    missing = await missingForTrading(venue, fleet, sinceSeq);
    if (missing.length > 0 && missing.join('; ') !== shown) console.log(`  missing: ${missing.join('; ')}`);
    shown = missing.join('; ');
    return missing.length === 0;
  };
  await fleetLoad.until(isBack, TRADES_WITHIN_MS, () => stop.aborted || fleet.hasEnded);
  return { missing, tookMs: Math.round(performance.now() - fromMs) };
}

/** What differs between fleet and venue, although both had time to agree. */
async function lastingDifferences({ venue, fleet, fleetLoad }: Parts): Promise<readonly string[]> {
  let differences: readonly string[] = [];
  const isSame = async (): Promise<boolean> => {
    differences = await stateDifferences(venue, fleet);
    return differences.length === 0;
  };
  await fleetLoad.until(isSame, SAME_WITHIN_MS, () => fleet.hasEnded);
  return differences;
}

/** A plan whose steps hit nothing shows nothing. */
function missedFaults(done: readonly DoneStep[]): readonly { readonly code: string; readonly what: string }[] {
  const met = done.filter(({ isMet }) => isMet).length;
  return met * 2 >= done.length
    ? []
    : [{ code: 'FAULTS_MISSED', what: `only ${met} of ${done.length} steps hit anything` }];
}

function broken(violations: readonly string[], fills: number): readonly string[] {
  return fills > 0 ? violations : ['NOTHING: no order filled', ...violations];
}

function loadLine({ summary }: MachineLoad): string {
  const seconds = (summary.sumMs / 1_000).toFixed(1);
  return `  machine     the exchange and execution-manager waited ${seconds} s for a core, at most ${summary.maxMs} ms at once`;
}

/** The venue's history, one event a line: what the auditor has read. */
function keepLedger(folder: string, ledger: readonly unknown[]): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'venue-ledger.jsonl'), ledger.map((event) => `${JSON.stringify(event)}\n`).join(''));
}
