import { Records, Values } from '@helios/shared/contracts/catalog.ts';
import { nameOf } from '@helios/shared/contracts/entry.ts';
import { ServiceName } from '@helios/shared/domain/fleet.ts';
import { decodeRecord } from '@helios/shared/runtime/record-codec.ts';
import type { RedisAdmin } from '@helios/shared/runtime/redis-admin.ts';
import { KEPT_ENTRIES } from './run-scope.ts';
import { StartRefused } from './start-refused.ts';

/** Raised when the names or shapes in Redis change so that older keys cannot be read. */
export const SCHEMA_VERSION = 1;

/** What `fleet:schema` says of a database that is ours. */
export const OUR_MARK = { project: 'helios', version: SCHEMA_VERSION } as const;

/** The names that our services write, holes filled. */
const OUR_NAMES = KEPT_ENTRIES.map(({ name }) => new RegExp(`^${name.replace(/\{\w+\}/g, '.+')}$`));

const OTHER_DATABASE =
  '  • Give Helios another database or another Redis: REDIS_DB=1, or REDIS_PORT=6380 (in the environment or in .env).';

/**
 * Makes sure that the database is ours: empty, marked by an earlier start, or written anew by our services since Redis lost
 * the mark with all its data.
 * @throws StartRefused where somebody else's keys are in it, or a newer Helios wrote it. Nothing is changed then.
 */
export async function claimDatabase(
  admin: RedisAdmin,
  place: { host: string; port: number; db: number },
): Promise<void> {
  const key = Values.schemaVersion.name;
  const where = `database ${place.db} of the Redis at ${place.host}:${place.port}`;
  const marked = await admin.get(key).catch(() => 'not readable');
  if (marked === undefined) {
    if ((await admin.size()) > 0 && !(await isOfOurServices(admin))) throw await foreignDatabase(admin, where);
    await admin.setIfAbsent(key, JSON.stringify(OUR_MARK));
    return;
  }
  const mark = readMark(marked);
  if (mark === undefined) throw await foreignDatabase(admin, where);
  if (mark.version === SCHEMA_VERSION) return;
  throw new StartRefused([
    `The ${where} was written by another version of Helios (schema ${mark.version}, this one reads ${SCHEMA_VERSION}).`,
    '  • Start the version that wrote it, or',
    OTHER_DATABASE,
  ]);
}

/** True where every key has a name of ours and one at least is a heartbeat, whole and under its service's own name. */
async function isOfOurServices(admin: RedisAdmin): Promise<boolean> {
  const keys = await admin.keys('*');
  if (!keys.every((key) => OUR_NAMES.some((name) => name.test(key)))) return false;
  for (const service of ServiceName.options) {
    const key = nameOf(Records.heartbeat, { service });
    if (!keys.includes(key)) continue;
    // A key of another type is nobody's heartbeat.
    const fields = await admin.hash(key).catch(() => ({}));
    const beat = Records.heartbeat.schema.safeParse(decodeRecord(Records.heartbeat, fields));
    if (beat.success && beat.data.service === service) return true;
  }
  return false;
}

function readMark(text: string): { version: number } | undefined {
  try {
    const parsed = Values.schemaVersion.schema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    // Somebody else's text under our name: not ours.
    return undefined;
  }
}

async function foreignDatabase(admin: RedisAdmin, where: string): Promise<StartRefused> {
  const keys = (await admin.keys('*')).sort();
  const some = keys.slice(0, 3).join(', ');
  return new StartRefused([
    `The ${where} holds ${keys.length} keys that are not ours (${some}${keys.length > 3 ? ', …' : ''}).`,
    'Helios does not mix its keys with others, so nothing was started and nothing was changed.',
    OTHER_DATABASE,
    '  • Or empty that database yourself if nobody needs it.',
  ]);
}
