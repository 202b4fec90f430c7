import { join } from 'node:path';
import type { ServiceName } from '@helios/shared/domain/fleet.ts';
import { secretsKeptFrom } from '@helios/shared/domain/settings/secret-holders.ts';
import { ALL_SETTINGS } from '@helios/shared/runtime/config/setting-names.ts';

/** How a service is started. */
export interface ServiceCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * A young generation of 2 MB a half instead of 16, and early collections of the old one: half of a service's memory is
 * saved, since what is short-lived here (a parsed book) is small.
 */
const MEMORY = ['--max-semi-space-size=2', '--optimize-for-size'];
/**
 * Early collections are many, and on a machine of two cores a collector beside us holds up whoever the signal goes to next:
 * measured, 6 % of a signal's whole way. The heap is small enough to be gone through by ourselves.
 */
const ON_A_SIGNALS_WAY: ReadonlySet<ServiceName> = new Set<ServiceName>(['data-ingestor', 'signal-engine']);
const ALONE = ['--no-concurrent-marking'];

/** The command that runs a service from source. */
export function serviceCommand(root: string, service: ServiceName): ServiceCommand {
  const main = join(root, 'services', service, 'src', 'main.ts');
  const flags = ON_A_SIGNALS_WAY.has(service) ? [...MEMORY, ...ALONE] : MEMORY;
  return { command: process.execPath, args: [...flags, main] };
}

/** What a start adds to the environment of its services. */
export interface StartFacts {
  readonly session: string;
  /** Of the mode: a service that is started again takes no other one from Redis. */
  readonly modeDigest: string;
  /** Of the private Redis, where it was generated; undefined where settings name it, or none is needed. */
  readonly redisPassword?: string | undefined;
}

/** The environment of a service: ours and the facts of this start, without the secrets of other services. */
export function serviceEnvironment(
  env: NodeJS.ProcessEnv,
  service: ServiceName,
  { session, modeDigest, redisPassword }: StartFacts,
): NodeJS.ProcessEnv {
  const own: NodeJS.ProcessEnv = { ...env, HELIOS_SESSION: session, HELIOS_MODE_DIGEST: modeDigest };
  if (redisPassword !== undefined) own['REDIS_PASSWORD'] = redisPassword;
  const kept = new Set(secretsKeptFrom(service));
  for (const { path, environmentNames } of ALL_SETTINGS)
    if (kept.has(path)) for (const name of environmentNames) delete own[name];
  delete own['NODE_CHANNEL_FD'];
  return own;
}
