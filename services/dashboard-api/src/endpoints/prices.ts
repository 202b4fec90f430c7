import { PricesReply } from '@helios/shared/domain/http-replies.ts';
import { readLastTrades } from '@helios/shared/runtime/follow-prices.ts';
import { type Api, type App, ERROR_ANSWERS } from '../api.ts';

export async function readPrices(api: Api): Promise<PricesReply> {
  await readLastTrades(api);
  const { stale_after_sec } = api.settings.dashboard;
  return {
    mode: api.mode.mode,
    clock_ts: api.clock.now(),
    stale_after_sec,
    rows: api.board.rows(stale_after_sec * 1_000),
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
