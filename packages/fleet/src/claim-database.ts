import { Records, Values } from '@helios/shared/contracts/catalog.ts';
import { nameOf, type RecordEntry } from '@helios/shared/contracts/entry.ts';
import type { DamagedKey } from '@helios/shared/domain/damaged-key.ts';
import { ServiceName } from '@helios/shared/domain/fleet.ts';
import { decodeRecord } from '@helios/shared/runtime/record-codec.ts';
import { PUT_ASIDE } from '@helios/shared/runtime/redis/put-aside.ts';
import type { RedisAdmin } from '@helios/shared/runtime/redis-admin.ts';
import { ARCHIVE } from './archive-run.ts';
import { putDamagedAside } from './put-damaged-aside.ts';
import { KEPT_ENTRIES } from './run-scope.ts';
import { StartRefused } from './start-refused.ts';

/** Increase it if names or formats in Redis change so that older keys are unreadable. */
export const SCHEMA_VERSION = 1;

/** The value of `fleet:schema` in a database that is ours. */
export const OUR_MARK = { project: 'helios', version: SCHEMA_VERSION } as const;

/** Patterns of the key names that our services and earlier starts write. */
const OUR_NAMES = [
  ...KEPT_ENTRIES.map(({ name }) => new RegExp(`^${name.replace(/\{\w+\}/g, '.+')}$`)),
  new RegExp(`^(${ARCHIVE}|${PUT_ASIDE})`),
];

/** Address of the database. */
export interface DatabasePlace {
  readonly host: string;
  readonly port: number;
  readonly db: number;
  /** True for our private server, whose file is in our data folder. */
  readonly isPrivate?: boolean;
}

const OTHER_DATABASE =
  '  • Give Helios another database or another Redis: REDIS_DB=1, or REDIS_PORT=6380 (in the environment or in .env).';

/**
 * Makes sure that the database is ours. It is ours if it is empty, if an earlier start marked it, or if it holds keys of our
 * services. The mark may be missing because Redis lost it or somebody overwrote it; keys of a wrong type are then put aside.
 * @returns what was put aside
 * @throws StartRefused if it holds somebody else's keys, or a newer Helios wrote it; nothing is changed then
 */
export async function claimDatabase(admin: RedisAdmin, place: DatabasePlace): Promise<readonly DamagedKey[]> {
  const key = Values.schemaVersion.name;
  const where = `database ${place.db} of the Redis at ${place.host}:${place.port}`;
  const marked = await admin.get(key).catch(() => 'not readable');
  const mark = marked === undefined ? undefined : readMark(marked);
  if (mark === undefined) {
    const isOurs = (await admin.size()) === 0 || (await isOfOurServices(admin, place.isPrivate === true));
    if (!isOurs) throw await foreignDatabase(admin, where);
    const damaged = await putDamagedAside(admin);
    // The database is ours, but the mark is not.
    if (marked !== undefined) await admin.delete([key]);
    await admin.setIfAbsent(key, JSON.stringify(OUR_MARK));
    return damaged;
  }
  if (mark.version === SCHEMA_VERSION) return putDamagedAside(admin);
  throw new StartRefused([
    `Another version of Helios wrote the ${where} (schema ${mark.version}, this one reads ${SCHEMA_VERSION}).`,
    '  • Start the version that wrote it, or',
    OTHER_DATABASE,
  ]);
}

/**
 * True if every key has one of our names and at least one key proves it: a heartbeat under its service's own name, or a complete
 * `fleet:mode`. A private server needs no proof.
 */
async function isOfOurServices(admin: RedisAdmin, isPrivate: boolean): Promise<boolean> {
  const keys = await admin.keys('*');
  if (!keys.every((key) => OUR_NAMES.some((name) => name.test(key)))) return false;
  if (isPrivate) return true;
  const read = async (entry: RecordEntry, key: string) =>
    entry.schema.safeParse(decodeRecord(entry, await admin.hash(key)));
  if ((await read(Records.fleetMode, Records.fleetMode.name)).success) return true;
  for (const service of ServiceName.options) {
    const beat = await read(Records.heartbeat, nameOf(Records.heartbeat, { service }));
    if (beat.success && beat.data.service === service) return true;
  }
  return false;
}

function readMark(text: string): { version: number } | undefined {
  try {
    const parsed = Values.schemaVersion.schema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    // Somebody else uses our key name.
    return undefined;
  }
}

async function foreignDatabase(admin: RedisAdmin, where: string): Promise<StartRefused> {
  const keys = (await admin.keys('*')).sort();
  const some = keys.slice(0, 3).join(', ');
  return new StartRefused([
    `The ${where} holds ${keys.length} keys that are not ours (${some}${keys.length > 3 ? ', …' : ''}).`,
    'Helios does not mix its keys with other keys, so nothing was started and nothing was changed.',
    OTHER_DATABASE,
    '  • Or empty that database yourself if nobody needs it.',
  ]);
}
