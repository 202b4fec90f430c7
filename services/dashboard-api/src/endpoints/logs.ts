import { Streams } from '@helios/shared/contracts/catalog.ts';
import { LogRecord, ServiceName } from '@helios/shared/domain/fleet.ts';
import { LogsReply } from '@helios/shared/domain/http-replies.ts';
import { z } from 'zod';
import { type Api, type App, ERROR_ANSWERS, limitQuery } from '../api.ts';

const MAX = 2_000;

export function logsRoute(app: App, { bus }: Api): void {
  app.get(
    '/api/logs',
    {
      schema: {
        summary: 'Log lines of WARN and above, newest first',
        querystring: z.strictObject({
          limit: limitQuery(100, MAX),
          level: LogRecord.shape.level.optional(),
          service: z.union([ServiceName, z.literal('fleet')]).optional(),
        }),
        response: { 200: LogsReply, ...ERROR_ANSWERS },
      },
    },
    async ({ query: { limit, level, service } }) => {
      const filtered = level !== undefined || service !== undefined;
      const records = await bus.getLatest(Streams.logs, filtered ? MAX : limit);
      const wanted = records.filter(
        (record) => (!level || record.level === level) && (!service || record.service === service),
      );
      return { logs: wanted.slice(0, limit) };
    },
  );
}
