import { join } from 'node:path';
import type { ServiceName } from '@helios/shared/domain/fleet.ts';
import { secretsKeptFrom } from '@helios/shared/domain/settings/secret-holders.ts';
import { ALL_SETTINGS } from '@helios/shared/runtime/config/setting-names.ts';

/** Command and arguments that start a service. */
export interface ServiceCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * Semi-spaces of 2 MB instead of 16 MB, and early collections of the old generation. This halves a service's memory;
 * short-lived objects (a parsed book) are small here.
 */
const MEMORY = ['--max-semi-space-size=2', '--optimize-for-size'];
/**
 * Early collections are frequent. On two cores a concurrent collector delays the next service that handles the signal:
 * measured, 6 % of a signal's total latency. The heap is small enough to mark in the main thread.
 */
const ON_A_SIGNALS_WAY: ReadonlySet<ServiceName> = new Set<ServiceName>(['data-ingestor', 'signal-engine']);
const ALONE = ['--no-concurrent-marking'];

/** The command that runs a service from source. */
export function serviceCommand(root: string, service: ServiceName): ServiceCommand {
  const main = join(root, 'services', service, 'src', 'main.ts');
  const flags = ON_A_SIGNALS_WAY.has(service) ? [...MEMORY, ...ALONE] : MEMORY;
  return { command: process.execPath, args: [...flags, main] };
}

/** Facts that a start adds to the environment of its services. */
export interface StartFacts {
  readonly session: string;
  /** Digest of the mode: a restarted service accepts no other mode from Redis. */
  readonly modeDigest: string;
  /** Generated password of the private Redis; undefined if the settings have one, or if none is needed. */
  readonly redisPassword?: string | undefined;
}

/** The environment of a service: ours plus the facts of this start, without other services' secrets. */
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
