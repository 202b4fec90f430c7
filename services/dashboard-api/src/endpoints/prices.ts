import { PricesReply } from '@helios/shared/domain/http-replies.ts';
import { type Api, type App, ERROR_ANSWERS } from '../api.ts';
import { readLastTrades } from '../follow-market.ts';

export async function readPrices(api: Api): Promise<PricesReply> {
  await readLastTrades(api);
  const now = api.clock.now();
  return {
    mode: api.mode.mode,
    clock_ts: now,
    stale_after_sec: api.settings.dashboard.stale_after_sec,
    rows: api.board.rows(now),
  };
}

export function pricesRoute(app: App, api: Api): void {
  app.get(
    '/api/prices',
    {
      schema: {
        summary: 'Bid, ask and last price of every watched symbol',
        response: { 200: PricesReply, ...ERROR_ANSWERS },
      },
    },
    () => readPrices(api),
  );
}
