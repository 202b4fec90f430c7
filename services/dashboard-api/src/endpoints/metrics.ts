import { Values } from '@helios/shared/contracts/catalog.ts';
import { ageOf } from '@helios/shared/domain/age.ts';
import { METRICS_MAX_AGE_MS } from '@helios/shared/domain/freshness.ts';
import { MetricsReply } from '@helios/shared/domain/http-replies.ts';
import { z } from 'zod';
import { type Api, type App, ERROR_ANSWERS } from '../api.ts';
import { ApiError } from '../api-error.ts';
import { readHealth } from './health.ts';
import { prometheusText } from './prometheus-text.ts';

/**
 * @throws ApiError METRICS_UNAVAILABLE if there are no metrics of this run, or only old ones
 * @throws BusUnavailable if that is because Redis takes no writes
 */
async function readMetrics(api: Api): Promise<MetricsReply> {
  const { bus, mode, wall } = api;
  const gathered = await bus.get(Values.fleetMetrics);
  const ours = gathered?.run === mode.run ? gathered : undefined;
  const ageMs = ours && ageOf(ours.ts, wall.now());
  if (ours === undefined || ageMs === undefined || ageMs > METRICS_MAX_AGE_MS) {
    const refusal = bus.writeRefusal();
    if (refusal) throw refusal.error;
    throw new ApiError('METRICS_UNAVAILABLE', await whyUnavailable(api, ours?.ts));
  }
  return { ts: ours.ts, metrics: ours.metrics };
}

/** The message of the error. `ts`: time of the newest metrics; undefined if there are none. */
async function whyUnavailable(api: Api, ts: number | undefined): Promise<string> {
  const { services } = await readHealth(api);
  const status = services.find(({ service }) => service === 'monitoring-agent')?.status ?? 'not running';
  return `${whatIsThere(ts, api.wall.now())} monitoring-agent, which writes them every ten seconds, is ${status}.`;
}

function whatIsThere(ts: number | undefined, nowMs: number): string {
  if (ts === undefined) return 'There are no metrics of this run.';
  const ageMs = ageOf(ts, nowMs);
  if (ageMs === undefined) return 'The age of the newest metrics is unknown, because the clock was set back.';
  return `The newest metrics are ${Math.round(ageMs / 1_000)} s old.`;
}

export function metricsRoute(app: App, api: Api): void {
  app.get(
    '/api/metrics',
    {
      schema: {
        summary: 'Figures of the fleet as JSON, or as Prometheus text (?format=prometheus or Accept: text/plain)',
        querystring: z.strictObject({ format: z.enum(['json', 'prometheus']).optional() }),
        response: { 200: z.union([MetricsReply, z.string()]), ...ERROR_ANSWERS },
      },
    },
    async ({ query, headers }, reply) => {
      const metrics = await readMetrics(api);
      const wantsText = query.format === undefined && /text\/plain|openmetrics/.test(headers.accept ?? '');
      if (query.format !== 'prometheus' && !wantsText) return metrics;
      const { text, contentType } = await prometheusText(metrics.metrics);
      return reply
        .type(contentType)
        .serializer((body: unknown) => String(body))
        .send(text);
    },
  );
}
