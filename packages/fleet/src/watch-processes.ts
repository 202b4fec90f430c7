import { setTimeout as pause } from 'node:timers/promises';
import { Records, Values } from '@helios/shared/contracts/catalog.ts';
import type { FleetMode } from '@helios/shared/domain/fleet.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { digestOf, isReplaced } from '@helios/shared/runtime/await-mode.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { OUR_MARK } from './claim-database.ts';
import type { FleetDependencies } from './fleet-dependencies.ts';
import type { KeepGoing } from './keep-going.ts';
import { replaySummary } from './replay-watch.ts';
import { describeTradingState } from './status-table.ts';
import type { SupervisedProcesses } from './supervised-processes.ts';

const READY_WITHIN_MS = 60_000;
const LOOK_MS = 250;
/** Rounds between two checks of Redis. */
const CHECK_REDIS_EVERY = 20;

interface Started {
  readonly processes: SupervisedProcesses;
  readonly mode: FleetMode;
  readonly bus: Bus<'fleet'>;
  readonly keepGoing: KeepGoing;
}

/** Waits until every service is up, then shows the dashboard's address, the trading state and a new password, which is shown only now. */
export async function untilReady(
  { processes, mode, bus, keepGoing }: Started,
  settings: Settings,
  password: string | undefined,
  dependencies: FleetDependencies,
): Promise<void> {
  const { say } = dependencies;
  const deadline = Date.now() + READY_WITHIN_MS;
  // A service that was given up never starts.
  const starting = () => processes.children.some(({ state }) => state !== 'RUNNING' && state !== 'GIVEN_UP');
  while (starting() && Date.now() < deadline && !dependencies.stop.aborted) {
    await processes.look();
    await pause(LOOK_MS / 2);
  }
  if (dependencies.stop.aborted) return;
  const { host, port, login } = settings.dashboard;
  say('');
  say(`Dashboard: http://${host.includes(':') ? `[${host}]` : host}:${port}`);
  if (password !== undefined)
    say(
      `Password:  ${password}   (shown only now; if you lose it, delete ${settings.system.data_dir}/dashboard-auth.json and start again)`,
    );
  else if (!login) say('           without a login (dashboard.login=false)');
  else say('           with the password shown at the first start, or DASHBOARD_PASSWORD if that is set');
  say(
    (await keepGoing('read the trading state', () => tradingStateLine(bus, mode))) ??
      'Trading state: unknown, because Redis does not answer now; npm run status shows it later',
  );
  const missing = processes.missing();
  const idle = processes.standingBy();
  const standby = idle.length === 0 ? '' : ` Standing by, because they have no work in this mode: ${idle.join(', ')}.`;
  if (missing.length === 0) say(`All ${processes.children.length} services are running.${standby}`);
  else say(`Not running: ${missing.join(', ')}. Why: ${settings.system.log_dir}/helios.log`);
  dependencies.onReady(missing.length === 0 ? undefined : `not running: ${missing.join(', ')}`);
}

/** The trading state as signal-engine has set it in this start. */
async function tradingStateLine(bus: Bus<'fleet'>, { run }: FleetMode): Promise<string> {
  const state = await bus.getRecord(Records.fleetState);
  const ours = state?.run === undefined || state.run === run ? state : undefined;
  const needsStart = ours !== undefined && ours.state !== 'ACTIVE';
  return `${describeTradingState(ours)}${needsStart ? ': no entries until Start is pressed' : ''}`;
}

/**
 * Watches the processes until the stop, or until the end of a replay with `--exit`.
 * @returns the exit code
 */
export async function attend(started: Started, { say, stop }: FleetDependencies): Promise<number> {
  const { processes, mode, bus, keepGoing } = started;
  const over = new AbortController();
  const end = AbortSignal.any([stop, over.signal]);
  let code = 0;
  const exits = mode.source?.kind === 'replay' && mode.source.exit;
  const summary =
    mode.source?.kind === 'replay'
      ? replaySummary(started, end).then((result) => {
          for (const line of result?.lines ?? []) say(line);
          if (result?.hadBook === false) code = 1;
          if (exits) over.abort();
          else if (result !== undefined) say('The fleet stays up: Ctrl-C or npm stop ends it.');
        })
      : Promise.resolve();
  for (let round = 0; !end.aborted; round += 1) {
    await processes.look();
    const isCheck = round % CHECK_REDIS_EVERY === 0;
    if (isCheck && (await keepGoing('check whose redis it is', () => holdsRedis(bus, mode, say))) === false) {
      say('Another start has taken this Redis over (fleet:mode names another session). This fleet stops.');
      code = 1;
      over.abort();
    }
    if (exits && processes.children.some((child) => child.state === 'GIVEN_UP')) {
      say('A service has stopped for good, so the replay cannot finish. The fleet stops.');
      code = 1;
      over.abort();
    }
    await pause(LOOK_MS, undefined, { signal: end }).catch(() => {});
  }
  await summary;
  return code;
}

/**
 * False if a later start has taken over. If Redis has lost our mode, or holds an earlier or a changed one, writes it again:
 * starting services wait for it, and the next start must recognise the database as ours.
 */
async function holdsRedis(bus: Bus<'fleet'>, mode: FleetMode, say: (line: string) => void): Promise<boolean> {
  const current = await bus.getRecord(Records.fleetMode);
  if (isReplaced(current, mode)) return false;
  const isMarked = (await bus.get(Values.schemaVersion)) !== undefined;
  const isOurs = current !== undefined && digestOf(current) === digestOf(mode);
  if (isOurs && isMarked) return true;
  await bus.write((batch) => {
    batch.set(Values.schemaVersion, OUR_MARK);
    batch.setRecord(Records.fleetMode, mode);
  });
  if (current === undefined)
    say('Redis had no fleet:mode, so it has lost data. Helios wrote the mode of this start again.');
  else if (current.session !== mode.session)
    say(
      'Redis had the fleet:mode of an earlier start, so it has lost data. Helios wrote the mode of this start again.',
    );
  else if (!isOurs)
    say(
      `Somebody overwrote fleet:mode (${current.mode}, ${current.network}). Helios wrote it again: ${mode.mode}, ` +
        `${mode.network}. To change the mode, stop the fleet, change the settings, and start it again.`,
    );
  else say('Redis had no fleet:schema. Helios wrote it again.');
  return true;
}
