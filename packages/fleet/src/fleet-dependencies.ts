import type { ServiceName } from '@helios/shared/domain/fleet.ts';
import type { ServiceCommand } from './service-command.ts';

/** What a start is given from outside; a test gives its own. */
export interface FleetDependencies {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  /** Path of redis-server or valkey-server. */
  readonly redisServer: string;
  /** Shows a line to the operator. */
  readonly say: (line: string) => void;
  /** Every service of the roster is up, or the time for it is over. */
  readonly onReady: (problem: string | undefined) => void;
  /** Aborts when the fleet is to stop. */
  readonly stop: AbortSignal;
  readonly commandOf?: (service: ServiceName) => ServiceCommand;
}
