import { join } from 'node:path';
import type { ServiceName } from '@helios/shared/domain/fleet.ts';

/** How a service is started. */
export interface ServiceCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/** Only execution-manager trades, so only it may know the secret. */
const KNOWS_THE_SECRET: ReadonlySet<ServiceName> = new Set<ServiceName>(['execution-manager']);

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

/** The environment of a service: ours, with this start's session, without what it must not know. */
export function serviceEnvironment(env: NodeJS.ProcessEnv, service: ServiceName, session: string): NodeJS.ProcessEnv {
  const own: NodeJS.ProcessEnv = { ...env, HELIOS_SESSION: session };
  if (!KNOWS_THE_SECRET.has(service)) delete own['BINANCE_API_SECRET'];
  delete own['NODE_CHANNEL_FD'];
  return own;
}
