import type { ServiceName } from '@helios/shared/domain/fleet.ts';
import type { RestartDelay } from './restart-policy.ts';
import type { ServiceCommand } from './service-command.ts';

/** Dependencies of a start; a test passes its own. */
export interface FleetDependencies {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  /** Path of redis-server or valkey-server. */
  readonly redisServer: string;
  /** Shows a line to the operator. */
  readonly say: (line: string) => void;
  /** Called when every service of the mode is up, or when the time for this is over. */
  readonly onReady: (problem: string | undefined) => void;
  /** Aborts when the fleet must stop. */
  readonly stop: AbortSignal;
  readonly commandOf?: (service: ServiceName) => ServiceCommand;
  /** A test that kills has no time to wait longer with each crash. */
  readonly restartDelayMs?: RestartDelay;
}
