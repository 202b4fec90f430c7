import { setTimeout as pause } from 'node:timers/promises';
import { Maps, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { OperatorCommand } from '@helios/shared/domain/fleet.ts';
import type { ManagedBus } from '@helios/shared/runtime/managed-bus.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { Rng } from '@helios/synthetic-market/rng.ts';
import { WITHOUT_GATES } from './every-book-a-signal.ts';
import type { TestFleet } from './fleet.ts';
import { recordedIds, recordedSignals } from './ledger-reader.ts';
import { SignalLoad } from './signal-load.ts';

const STANDSTILL_MS = 20_000;
const LOOK_MS = 100;
/** After a start of signal-engine, exits on a symbol without a market wait a minute. */
const CLOSED_WITHIN_MS = 90_000;

/** No gates and short holding times: the strategy signals several times a second. */
export const BUSY = {
  ...WITHOUT_GATES,
  TRADING_SYMBOLS: Array.from({ length: 20 }, (_, i) => `COIN${i}USDT`).join(),
  TRADING_MAX_OPEN_POSITIONS: '100',
  SIGNALS_NOBI_THRESHOLD: '0.1',
  SENTIMENT_ENABLED: 'false',
  RISK_MAX_HOLD_SEC: '2',
};

/** A fleet under load, and buses to watch it. */
export interface BusyFleet {
  readonly fleet: TestFleet;
  readonly load: SignalLoad;
  readonly page: ManagedBus<'dashboard-api'>;
  /** Every signal received from the stream, by id, with the time of its append. */
  readonly streamed: ReadonlyMap<string, number>;
  /** Ends the load and the buses, but not the fleet. */
  leave(): Promise<void>;
}

/** Connects to a running fleet. Does not start the load; its signals are named after `name`. */
export async function openBusyFleet(fleet: TestFleet, name: string, seed: string): Promise<BusyFleet> {
  const engine = await fleet.connect('signal-engine');
  const page = await fleet.connect('dashboard-api');
  const observer = await fleet.connect('risk-manager');
  const streamed = new Map<string, number>();
  await observer.consume(Streams.signals, async ({ signal_id }, { id }) => {
    streamed.set(signal_id, Number.parseInt(id, 10));
  });
  const run = (await page.getRecord(Records.fleetMode))?.run ?? '';
  const load = new SignalLoad({ name, bus: engine, run, everyMs: 40, rng: new Rng(`${name} ${seed}`) });
  return {
    fleet,
    load,
    page,
    streamed,
    async leave() {
      load.abandon();
      for (const bus of [engine, page, observer]) await bus.close();
    },
  };
}

/** The signals that Redis accepted, by the load's records and by the stream. */
export function takenByRedis({ load, streamed }: BusyFleet): Map<string, number> {
  const taken = new Map(streamed);
  for (const { id, confirmedMs } of load.sent()) if (confirmedMs !== undefined) taken.set(id, confirmedMs);
  return taken;
}

/** The signals of these that the ledger lacks. */
export function notRecorded(
  taken: ReadonlyMap<string, number>,
  { fleet }: BusyFleet,
): { id: string; takenMs: number }[] {
  const recorded = recordedIds(fleet.dataDir);
  return [...taken].filter(([id]) => !recorded.has(id)).map(([id, takenMs]) => ({ id, takenMs }));
}

/** Waits until these signals are recorded, as long as anything is recorded meanwhile. So a slow machine does not fail the test. */
export async function untilRecorded(ids: Iterable<string>, { dataDir }: TestFleet): Promise<void> {
  const wanted = [...ids];
  let before = -1;
  for (;;) {
    const recorded = recordedIds(dataDir);
    const missing = wanted.filter((id) => !recorded.has(id));
    if (missing.length === 0) return;
    if (recorded.size === before)
      throw new Error(`nothing was recorded for ${STANDSTILL_MS} ms, and these are missing: ${missing.join(' ')}`);
    before = recorded.size;
    const goesOn = () => recordedSignals(dataDir) > before;
    await eventually('more is recorded', goesOn, STANDSTILL_MS).catch(() => {});
    await pause(LOOK_MS);
  }
}

/**
 * Waits until a new signal is recorded; all earlier ones are then recorded, too. Its position is too young to close
 * within a minute.
 */
export async function drained({ fleet, load }: BusyFleet): Promise<void> {
  const id = await load.send({
    symbol: 'LASTUSDT',
    direction: 'LONG',
    timestamp: Date.now() + 60_000,
  });
  await untilRecorded([id], fleet);
}

/**
 * Waits until everything is recorded and all positions are closed, by their holding time or the wait for a market.
 * After a stop nothing opens.
 */
export async function untilFlat(busyFleet: BusyFleet): Promise<void> {
  await drained(busyFleet);
  const held = async () => Object.values(await busyFleet.page.getMap(Maps.openPositions)).map(({ symbol }) => symbol);
  await eventually('what was open is closed', async () => (await held()).join() === 'LASTUSDT', CLOSED_WITHIN_MS);
}

/** Sends the operator's stop; resolves once it is applied. */
export async function pressStop({ page }: BusyFleet): Promise<void> {
  const command: OperatorCommand = {
    command_id: 'the-stop',
    action: 'stop',
    issued_by: 'chaos',
    issued_ts: Date.now(),
  };
  await page.write((batch) => batch.append(Streams.operatorCommands, command));
  await eventually('stopped', async () => (await page.getRecord(Records.fleetState))?.state === 'REDUCING');
}
