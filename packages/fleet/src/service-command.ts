import { join } from 'node:path';
import type { ServiceName } from '@helios/shared/domain/fleet.ts';
import { secretsKeptFrom } from '@helios/shared/domain/settings/secret-holders.ts';
import { ALL_SETTINGS } from '@helios/shared/runtime/config/setting-names.ts';

/** Command and arguments that start a service. */
export interface ServiceCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/** Semi-spaces of 2 MB instead of 16 MB: short-lived objects (a parsed book) are small here. */
const SMALL_SEMI_SPACES = '--max-semi-space-size=2';
/** Early collections of the old generation. They save 25 MB a service; without them a live signal passes its services 5 % faster. */
const EARLY_COLLECTIONS = '--optimize-for-size';
/**
 * On two cores a concurrent collector delays the next service that handles the signal: measured, 6 % of a signal's total latency. The
 * heap is small enough to mark in the main thread.
 */
const NO_OTHER_THREAD = '--no-concurrent-marking';

/** Services that decide on a signal. */
const DECIDES: ReadonlySet<ServiceName> = new Set<ServiceName>(['signal-engine', 'risk-manager', 'execution-manager']);

function flagsOf(service: ServiceName): readonly string[] {
  if (DECIDES.has(service)) return [SMALL_SEMI_SPACES, NO_OTHER_THREAD];
  const small = [SMALL_SEMI_SPACES, EARLY_COLLECTIONS];
  return service === 'data-ingestor' ? [...small, NO_OTHER_THREAD] : small;
}

/** The command that runs a service from source. */
export function serviceCommand(root: string, service: ServiceName): ServiceCommand {
  const main = join(root, 'services', service, 'src', 'main.ts');
  return { command: process.execPath, args: [...flagsOf(service), main] };
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
