import { Streams } from '@helios/shared/contracts/catalog.ts';
import type { Alert } from '@helios/shared/domain/fleet.ts';
import { AlertsReply } from '@helios/shared/domain/http-replies.ts';
import { REDIS_LOST } from '@helios/shared/domain/redis-lost.ts';
import type { WriteRefusal } from '@helios/shared/runtime/bus.ts';
import { z } from 'zod';
import { type Api, type App, ERROR_ANSWERS, limitQuery } from '../api.ts';

const MAX = 1_000;

export async function readAlerts({ bus }: Api, limit: number): Promise<AlertsReply> {
  const newestFirst = await bus.getLatest(Streams.alerts, MAX);
  const refusal = bus.writeRefusal();
  const own = refusal === undefined ? [] : [redisLost(refusal)];
  return { active: [...own, ...activeOf(newestFirst)], alerts: [...own, ...newestFirst].slice(0, limit) };
}

function redisLost({ error, sinceTs }: WriteRefusal): Alert {
  const { level, action } = REDIS_LOST;
  const about = { code: 'REDIS_LOST', service: 'redis', message: error.message };
  return { alert_id: `REDIS_LOST:dashboard-api:${sinceTs}`, level, stage: 'RAISED', ...about, action, ts: sinceTs };
}

function activeOf(newestFirst: readonly Alert[]): Alert[] {
  const newest = new Map<string, Alert>();
  for (const alert of newestFirst) if (!newest.has(alert.alert_id)) newest.set(alert.alert_id, alert);
  return [...newest.values()].filter(({ stage }) => stage !== 'RESOLVED');
}

export function alertsRoute(app: App, api: Api): void {
  app.get(
    '/api/alerts',
    {
      schema: {
        summary: 'Alerts, and which of them are still active',
        querystring: z.strictObject({ limit: limitQuery(100, MAX) }),
        response: { 200: AlertsReply, ...ERROR_ANSWERS },
      },
    },
    ({ query }) => readAlerts(api, query.limit),
  );
}
