import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { Records } from '@helios/shared/contracts/catalog.ts';
import type { FleetMode } from '@helios/shared/domain/fleet.ts';
import { SupervisorBeat } from '@helios/shared/domain/supervision.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { decodeRecord } from '@helios/shared/runtime/record-codec.ts';
import type { RedisAdmin } from '@helios/shared/runtime/redis-admin.ts';
import type { KeepGoing } from './keep-going.ts';
import { StartRefused } from './start-refused.ts';
import { processBegan, type RedisSettings } from './supervisor-file.ts';

const BEAT_EVERY_MS = 5_000;
/** A supervisor on another machine counts as gone after this time without a heartbeat. */
const GONE_AFTER_MS = 15_000;
const LOOK_EVERY_MS = 250;

/** Describes the database of these settings, for messages. */
export const describeDatabase = ({ redis_host: host, redis_port: port, redis_db: db }: RedisSettings): string =>
  `database ${db} of the Redis at ${host}:${port}`;

type ReadBeat = () => Promise<SupervisorBeat | undefined>;

/** Reads the heartbeat and changes nothing: the database may belong to somebody else. */
export async function readBeat(admin: RedisAdmin): Promise<SupervisorBeat | undefined> {
  const fields = await admin.hash(Records.supervisorBeat.name);
  return SupervisorBeat.safeParse(decodeRecord(Records.supervisorBeat, fields)).data;
}

/** The heartbeat of this supervisor. */
export function beatOf({ session }: FleetMode, folder: string): SupervisorBeat {
  const { pid } = process;
  return { session, pid, began: processBegan(pid) ?? '', host: hostname(), folder, ts: Date.now() };
}

/** Sends heartbeats from now on; returns a function that stops this. */
export async function startBeating(
  bus: Bus<'fleet'>,
  beat: SupervisorBeat,
  keepGoing: KeepGoing,
): Promise<() => Promise<void>> {
  const write = async () => {
    await keepGoing('beat', () =>
      bus.write((batch) => batch.setRecord(Records.supervisorBeat, { ...beat, ts: Date.now() })),
    );
  };
  await write();
  const timer = setInterval(() => void write(), BEAT_EVERY_MS);
  return async () => {
    clearInterval(timer);
    await keepGoing('end the beat', async () => {
      const last = await bus.getRecord(Records.supervisorBeat);
      if (last?.session === beat.session) await bus.write((batch) => batch.remove(Records.supervisorBeat));
    });
  };
}

/**
 * Refuses a start on a database that another supervisor uses: the later one would take over, and both fleets would end if one
 * of them runs the Redis. Looks for the process on this machine; for another machine, waits for a new heartbeat.
 * @throws StartRefused
 */
export async function refuseBesideAnother(
  read: ReadBeat,
  own: Pick<SupervisorBeat, 'host'>,
  where: string,
  goneAfterMs = GONE_AFTER_MS,
): Promise<void> {
  const other = await read();
  if (other === undefined) return;
  const isHere = other.host === own.host;
  if (isHere ? processBegan(other.pid) === other.began : await beatsAgain(read, other, goneAfterMs))
    throw beside(other, isHere, where);
}

/** True if a new heartbeat arrives. Stamps alone prove nothing: the other clock may differ. */
async function beatsAgain(read: ReadBeat, before: SupervisorBeat, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    await pause(LOOK_EVERY_MS);
    const now = await read();
    if (now === undefined) return false;
    if (now.ts !== before.ts || now.session !== before.session) return true;
  }
  return false;
}

function beside({ pid, folder, session }: SupervisorBeat, isHere: boolean, where: string): StartRefused {
  const who = isHere ? `process ${pid}, in ${folder}` : `on another machine, in ${folder}`;
  return new StartRefused([
    `Another fleet runs on the ${where} (${who}, session ${session}).`,
    'Two fleets on one database would end each other, so nothing was started and nothing was changed.',
    `  • Stop that fleet: npm stop in ${folder}.`,
    '  • Or give this fleet its own Redis: REDIS_PORT=6380, or another database: REDIS_DB=1 (in the environment or in .env).',
  ]);
}
