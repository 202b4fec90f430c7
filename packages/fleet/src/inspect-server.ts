import type { Settings } from '@helios/shared/domain/settings.ts';
import { isRedisTooOld, MIN_REDIS_VERSION } from '@helios/shared/runtime/redis/server-version.ts';
import type { RedisAdmin } from '@helios/shared/runtime/redis-admin.ts';
import { StartRefused } from './start-refused.ts';

const MB = 1_048_576;
/** An idle fleet with its streams and lists needs about this much. */
const MIN_MEMORY_MB = 32;
/** A hundred symbols with full streams need less than this. */
const ADVISED_MEMORY_MB = 256;

const OWN_REDIS = '  • Or set REDIS_HOST=127.0.0.1 and REDIS_PORT to a free port: npm start then runs a private one.';

/** The facts that matter here; undefined if the server does not report them. */
interface ServerFacts {
  readonly version: string | undefined;
  readonly isCluster: boolean;
  /** `host:port` of the primary; undefined if this server is no replica. */
  readonly primary: string | undefined;
  readonly appendOnly: string | undefined;
  readonly evictionPolicy: string | undefined;
  /** Bytes; 0: no limit. */
  readonly memoryLimit: number | undefined;
}

/**
 * Refuses a server that cannot keep the fleet's data: a server that is too old, a cluster, a replica, a server that evicts any key
 * when it is full, or one with too little memory. Returns warnings about a server that may lose data.
 * @throws StartRefused
 */
export async function inspectServer(admin: RedisAdmin, system: Settings['system']): Promise<string[]> {
  const facts = await factsOf(admin);
  const why = refusalOf(facts);
  if (why !== undefined)
    throw new StartRefused([
      `The Redis at ${system.redis_host}:${system.redis_port} ${why.what}.`,
      `  • ${why.fix}.`,
      OWN_REDIS,
    ]);
  return warningsOf(facts);
}

async function factsOf(admin: RedisAdmin): Promise<ServerFacts> {
  const [server, cluster, replication, memory] = await Promise.all(
    ['server', 'cluster', 'replication', 'memory'].map((section) => admin.info(section)),
  );
  const limit = memory?.['maxmemory'] ?? (await admin.serverSetting('maxmemory'));
  const { role, master_host, master_port } = replication ?? {};
  return {
    version: server?.['redis_version'],
    isCluster: cluster?.['cluster_enabled'] === '1',
    primary: role === 'slave' || role === 'replica' ? `${master_host}:${master_port}` : undefined,
    appendOnly: await admin.serverSetting('appendonly'),
    evictionPolicy: memory?.['maxmemory_policy'] ?? (await admin.serverSetting('maxmemory-policy')),
    memoryLimit: limit === undefined ? undefined : Number(limit),
  };
}

function refusalOf(facts: ServerFacts): { what: string; fix: string } | undefined {
  const { version, isCluster, primary, evictionPolicy, memoryLimit = 0 } = facts;
  if (isRedisTooOld(version))
    return {
      what: `has version ${version}; Helios needs ${MIN_REDIS_VERSION} or later`,
      fix: 'Install a later version',
    };
  if (isCluster)
    return {
      what: 'is part of a cluster; Helios writes several keys in one step, which a cluster refuses',
      fix: 'Set REDIS_HOST and REDIS_PORT to a single Redis',
    };
  if (primary !== undefined)
    return {
      what: `is a read-only replica of the Redis at ${primary}`,
      fix: `Set REDIS_HOST and REDIS_PORT to ${primary}`,
    };
  if (memoryLimit > 0 && memoryLimit < MIN_MEMORY_MB * MB)
    return {
      what: `may use ${inMb(memoryLimit)} MB of memory; Helios needs at least ${MIN_MEMORY_MB} MB`,
      fix: `Raise its maxmemory to ${ADVISED_MEMORY_MB}mb (redis-cli CONFIG SET maxmemory ${ADVISED_MEMORY_MB}mb)`,
    };
  if (memoryLimit > 0 && evictionPolicy?.startsWith('allkeys-'))
    return {
      what: `deletes arbitrary keys when its memory is full (maxmemory-policy ${evictionPolicy}); Helios would lose unread signals and orders`,
      fix: 'Make it refuse writes instead (redis-cli CONFIG SET maxmemory-policy noeviction)',
    };
  return undefined;
}

function warningsOf({ appendOnly, evictionPolicy, memoryLimit = 0 }: ServerFacts): string[] {
  const warnings: string[] = [];
  if (appendOnly === 'no')
    warnings.push(
      'This Redis keeps no append-only file: if it dies, its data is lost. Type: redis-cli CONFIG SET appendonly yes',
    );
  if (memoryLimit > 0 && evictionPolicy !== undefined && evictionPolicy !== 'noeviction')
    warnings.push(
      `This Redis deletes keys that expire (decision_logs, samples) when its memory is full (maxmemory-policy ${evictionPolicy}); set it to noeviction.`,
    );
  if (memoryLimit > 0 && memoryLimit < ADVISED_MEMORY_MB * MB)
    warnings.push(
      `This Redis may use ${inMb(memoryLimit)} MB of memory, which may be too little for many symbols; ${ADVISED_MEMORY_MB} MB is enough.`,
    );
  return warnings;
}

const inMb = (bytes: number): string => String(Math.round((bytes / MB) * 10) / 10);
