import { Values } from '@helios/shared/contracts/catalog.ts';
import { TRIAL_PREFIX } from '@helios/shared/contracts/trial-keys.ts';
import { BusUnavailable, StartBlocked } from '@helios/shared/runtime/errors.ts';
import type { RedisAddress } from '@helios/shared/runtime/redis/connection.ts';
import { isRedisTooOld, MIN_REDIS_VERSION } from '@helios/shared/runtime/redis/server-version.ts';
import { connectAdmin, type RedisAdmin } from '@helios/shared/runtime/redis-admin.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';

const CONNECT_MS = 5_000;

const quiet: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Proves that a Redis can carry a search: it answers, takes writes, never deletes keys by itself, and serves no fleet.
 * @returns warnings about results that may be lost
 * @throws StartBlocked with what to do
 */
export async function checkQueueServer(address: RedisAddress): Promise<readonly string[]> {
  const at = `The Redis at ${address.host}:${address.port}`;
  try {
    await refuseFleets(address, at);
    const admin = await connectAdmin(address, quiet, CONNECT_MS);
    try {
      return await inspect(admin, at);
    } finally {
      admin.close();
    }
  } catch (error) {
    if (error instanceof BusUnavailable) throw new StartBlocked(`${at} ${whyUnavailable(error)}`);
    throw error;
  }
}

async function inspect(admin: RedisAdmin, at: string): Promise<string[]> {
  const [server, cluster, replication] = await Promise.all(
    ['server', 'cluster', 'replication'].map((section) => admin.info(section)),
  );
  const version = server?.['redis_version'];
  if (isRedisTooOld(version))
    throw new StartBlocked(`${at} has version ${version}. Install ${MIN_REDIS_VERSION} or later.`);
  if (cluster?.['cluster_enabled'] === '1')
    throw new StartBlocked(
      `${at} is part of a cluster, and a queue writes several keys in one step. Use a single Redis.`,
    );
  const { role, master_host, master_port } = replication ?? {};
  if (role === 'slave' || role === 'replica')
    throw new StartBlocked(
      `${at} is a read-only replica. Name its primary, ${master_host}:${master_port}, in --queue.`,
    );
  const policy = await admin.serverSetting('maxmemory-policy');
  if (policy?.startsWith('allkeys-'))
    throw new StartBlocked(
      `${at} deletes any key when its memory is full (maxmemory-policy ${policy}), and so trials and results. ` +
        'Type: redis-cli CONFIG SET maxmemory-policy noeviction',
    );
  const probe = `${TRIAL_PREFIX}:write-check`;
  await admin.setIfAbsent(probe, '1');
  await admin.delete([probe]);
  if ((await admin.serverSetting('appendonly')) !== 'no') return [];
  return [
    `${at} keeps no append-only file. If it dies, the open trials run again. Type: redis-cli CONFIG SET appendonly yes`,
  ];
}

/** A search fills the memory of its Redis and keeps it busy. A fleet that shares the server would trade late, or not at all. */
async function refuseFleets(address: RedisAddress, at: string): Promise<void> {
  const first = await connectAdmin({ ...address, db: 0 }, quiet, CONNECT_MS);
  const databases = Object.keys(await first.info('keyspace').finally(() => first.close()));
  for (const name of databases) {
    const db = Number(name.replace('db', ''));
    const admin = await connectAdmin({ ...address, db }, quiet, CONNECT_MS);
    const isFleet = await admin.exists(Values.schemaVersion.name).finally(() => admin.close());
    if (!isFleet) continue;
    throw new StartBlocked(
      `${at} serves a trading fleet (database ${db}). A search would slow its trading, and could fill its memory. ` +
        'Start another Redis for searches: redis-server --port 6380 --appendonly yes --requirepass <password>',
    );
  }
}

/** Advice in the words of this command line: a search does not read the settings of the Redis of a fleet. */
function whyUnavailable(error: BusUnavailable): string {
  const said =
    (error.cause instanceof Error ? error.cause.message : /\(([^()]*)\)$/.exec(error.message)?.[1]) ?? error.code;
  switch (error.code) {
    case 'REDIS_AUTH':
      return `refused the password (${said}). Write it in the address: --queue redis://:password@host:port, with a user before the colon if it has one.`;
    case 'REDIS_PERMISSION':
      return `does not allow this user a command. Give it all: ACL SETUSER <name> +@all ~${TRIAL_PREFIX}* &* (${said}).`;
    case 'REDIS_TLS':
      return `failed to set up an encrypted connection (${said}). Use rediss:// only if this port uses TLS, and name its certificate authority in REDIS_TLS_CA.`;
    case 'REDIS_LOADING':
      return 'is still loading its data. Run the command again when it is done.';
    case 'REDIS_OUT_OF_MEMORY':
      return `has reached its memory limit and takes no writes (${said}). Raise it: redis-cli CONFIG SET maxmemory 1gb`;
    case 'REDIS_DISK':
      return `cannot write its file and takes no writes (${said}). Free disk space where it keeps its data.`;
    case 'REDIS_READONLY':
      return `is a read-only replica (${said}). Name its primary in --queue.`;
    default:
      return `cannot be used (${said}). Start it, or correct the address: --queue redis://:password@host:port`;
  }
}
