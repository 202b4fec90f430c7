import { MetricsReply } from '@helios/shared/domain/http-replies.ts';
import { z } from 'zod';
import { type Api, type App, ERROR_ANSWERS } from '../api.ts';
import { gatherMetrics } from '../metrics/gather-metrics.ts';
import { prometheusText } from '../metrics/prometheus-text.ts';

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
      const metrics = await gatherMetrics(api);
      const wantsText = query.format === undefined && /text\/plain|openmetrics/.test(headers.accept ?? '');
      if (query.format !== 'prometheus' && !wantsText) return { ts: api.wall.now(), metrics };
      const { text, contentType } = await prometheusText(metrics);
      return reply
        .type(contentType)
        .serializer((body: unknown) => String(body))
        .send(text);
    },
  );
}
