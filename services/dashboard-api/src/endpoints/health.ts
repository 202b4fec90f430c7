import { Records } from '@helios/shared/contracts/catalog.ts';
import { ageOf } from '@helios/shared/domain/age.ts';
import { HealthReply, type ServiceRow } from '@helios/shared/domain/http-replies.ts';
import type { SupervisedService } from '@helios/shared/domain/supervision.ts';
import { BusUnavailable } from '@helios/shared/runtime/errors.ts';
import { type FleetMember, readFleetMembers } from '@helios/shared/runtime/fleet-members.ts';
import { z } from 'zod';
import { type Api, type App, ERROR_ANSWERS } from '../api.ts';
import { ApiError } from '../api-error.ts';

export async function readHealth({ bus, wall, mode, settings }: Api): Promise<HealthReply> {
  const members = await readFleetMembers(bus, mode, wall.now());
  const timeoutMs = settings.alerts.heartbeat_timeout_sec * 1_000;
  const isRefused = bus.writeRefusal() !== undefined;
  const rows = members.map((member) => rowOf(member, wall.now(), timeoutMs));
  const services = isRefused ? rows.map(withoutWrites) : rows;
  const down = services.some(({ status }) => status === 'DOWN');
  return { status: down || isRefused ? 'DEGRADED' : 'OK', services };
}

/** While Redis accepts no writes, a missing heartbeat proves nothing. This service answers, so it runs. */
function withoutWrites(row: ServiceRow): ServiceRow {
  if (row.service === 'dashboard-api') return { ...row, status: 'RUNNING' };
  return row.status === 'DOWN' && !hasNoProcess(row.supervised) ? { ...row, status: 'UNKNOWN' } : row;
}

function rowOf({ service, heartbeat, supervised }: FleetMember, nowMs: number, timeoutMs: number): ServiceRow {
  if (!heartbeat) return { service, status: 'DOWN', supervised };
  // A heartbeat from the future has no age: the clock was set back. Its key expires soon unless the service renews it.
  const ageMs = ageOf(heartbeat.ts, nowMs);
  const status = (ageMs ?? 0) > timeoutMs || hasNoProcess(supervised) ? 'DOWN' : heartbeat.status;
  return { service, status, heartbeat_age_ms: ageMs, heartbeat, supervised };
}

/**
 * True if the supervisor has no process of the service. The heartbeat may still be fresh, because a process that
 * crashes at each start sends one each time.
 */
function hasNoProcess(supervised: SupervisedService | undefined): boolean {
  return supervised !== undefined && supervised.state !== 'STARTING' && supervised.state !== 'RUNNING';
}

export function healthRoutes(app: App, api: Api): void {
  app.get(
    '/api/health',
    { schema: { summary: 'Every service of the fleet', response: { 200: HealthReply, ...ERROR_ANSWERS } } },
    () => readHealth(api),
  );
  app.get(
    '/healthz',
    {
      config: { open: true },
      schema: {
        summary: 'OK if this service and Redis answer; needs no login',
        response: { 200: z.strictObject({ status: z.literal('OK') }), ...ERROR_ANSWERS },
      },
    },
    async () => {
      try {
        await api.bus.getRecord(Records.fleetMode);
      } catch (error) {
        // Without a login the answer must not reveal the address of Redis.
        if (!(error instanceof BusUnavailable)) throw error;
        throw new ApiError('REDIS_UNAVAILABLE', 'Redis cannot be used.');
      }
      return { status: 'OK' as const };
    },
  );
}
