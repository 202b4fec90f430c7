import { Values } from '@helios/shared/contracts/catalog.ts';
import type { RedisAdmin } from '@helios/shared/runtime/redis-admin.ts';
import { StartRefused } from './start-refused.ts';

/** Raised when the names or shapes in Redis change so that older keys cannot be read. */
export const SCHEMA_VERSION = 1;

/** What `fleet:schema` says of a database that is ours. */
export const OUR_MARK = { project: 'helios', version: SCHEMA_VERSION } as const;

const OTHER_DATABASE =
  '  • Give Helios another database or another Redis: REDIS_DB=1, or REDIS_PORT=6380 (in the environment or in .env).';

/**
 * Makes sure that the database is ours: empty, or marked by an earlier start.
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
    if ((await admin.size()) > 0) throw await foreignDatabase(admin, where);
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
