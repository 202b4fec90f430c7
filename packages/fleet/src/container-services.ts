import { Records } from '@helios/shared/contracts/catalog.ts';
import { ServiceName } from '@helios/shared/domain/fleet.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import type { FleetStatus } from './status-table.ts';

/** The services as their heartbeats tell, where each runs in a container of its own and no supervisor counts restarts. */
export async function servicesByHeartbeat(
  bus: Bus<'fleet'>,
  nowMs: number,
  maxAgeMs: number,
): Promise<FleetStatus['services']> {
  return Promise.all(
    ServiceName.options.map(async (service) => {
      const beat = await bus.getRecord(Records.heartbeat, { service });
      const isFresh = beat !== undefined && nowMs - beat.ts <= maxAgeMs;
      return { known: { service, state: isFresh ? 'RUNNING' : 'SILENT', pid: beat?.pid }, beat };
    }),
  );
}
