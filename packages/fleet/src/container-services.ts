import { Records } from '@helios/shared/contracts/catalog.ts';
import { ServiceName } from '@helios/shared/domain/fleet.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import type { FleetStatus } from './status-table.ts';

/** State of the services from their heartbeats, for containers: no supervisor counts restarts there. */
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
