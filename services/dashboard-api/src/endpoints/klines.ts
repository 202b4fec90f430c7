import { Lists } from '@helios/shared/contracts/catalog.ts';
import { KlinesReply } from '@helios/shared/domain/http-replies.ts';
import { KlineInterval } from '@helios/shared/domain/market-data.ts';
import { InstrumentSymbol } from '@helios/shared/domain/primitives.ts';
import { z } from 'zod';
import { type Api, type App, ERROR_ANSWERS, limitQuery } from '../api.ts';

export function klinesRoute(app: App, { bus }: Api): void {
  app.get(
    '/api/candles',
    {
      schema: {
        summary: 'Closed klines of one symbol, oldest first',
        querystring: z.strictObject({
          symbol: InstrumentSymbol,
          interval: KlineInterval.default('1m'),
          limit: limitQuery(200, 500),
        }),
        response: { 200: KlinesReply, ...ERROR_ANSWERS },
      },
    },
    async ({ query: { symbol, interval, limit } }) => {
      const newestFirst = await bus.getList(Lists.klines, limit, { symbol, interval });
      return { symbol, interval, candles: newestFirst.toReversed() };
    },
  );
}
