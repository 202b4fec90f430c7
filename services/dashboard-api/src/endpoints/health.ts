import { Records } from '@helios/shared/contracts/catalog.ts';
import { HealthReply, type ServiceRow } from '@helios/shared/domain/http-replies.ts';
import { BusUnavailable } from '@helios/shared/runtime/errors.ts';
import { readFleetMembers } from '@helios/shared/runtime/fleet-members.ts';
import { hasNoProcess, serviceRowOf } from '@helios/shared/runtime/service-row.ts';
import { z } from 'zod';
import { type Api, type App, ERROR_ANSWERS } from '../api.ts';
import { ApiError } from '../api-error.ts';

export async function readHealth({ bus, wall, mode, settings }: Api): Promise<HealthReply> {
  const [members, model] = await Promise.all([
    readFleetMembers(bus, mode, wall.now()),
    bus.getRecord(Records.modelStatus),
  ]);
  const timeoutMs = settings.alerts.heartbeat_timeout_sec * 1_000;
  const isRefused = bus.writeRefusal() !== undefined;
  const rows = members.map((member) => serviceRowOf(member, wall.now(), timeoutMs));
  const services = isRefused ? rows.map(withoutWrites) : rows;
  const down = services.some(({ status }) => status === 'DOWN');
  return { status: down || isRefused ? 'DEGRADED' : 'OK', services, ...(model?.run === mode.run && { model }) };
}

/** While Redis accepts no writes, a missing heartbeat proves nothing. This service answers, so it runs. */
function withoutWrites(row: ServiceRow): ServiceRow {
  if (row.service === 'dashboard-api') return { ...row, status: 'RUNNING' };
  return row.status === 'DOWN' && !hasNoProcess(row.supervised) ? { ...row, status: 'UNKNOWN' } : row;
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
