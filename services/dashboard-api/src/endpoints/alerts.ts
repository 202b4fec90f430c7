import { Streams } from '@helios/shared/contracts/catalog.ts';
import { Alert } from '@helios/shared/domain/fleet.ts';
import { z } from 'zod';
import { type Api, type App, ERROR_ANSWERS, limitQuery } from '../api.ts';

/** Newest first. `active`: those raised or repeated and not resolved since. */
export const AlertsReply = z.strictObject({ active: z.array(Alert), alerts: z.array(Alert) });
export type AlertsReply = z.infer<typeof AlertsReply>;

const MAX = 1_000;

export async function readAlerts({ bus }: Api, limit: number): Promise<AlertsReply> {
  const newestFirst = await bus.getLatest(Streams.alerts, MAX);
  return { active: activeOf(newestFirst), alerts: newestFirst.slice(0, limit) };
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
