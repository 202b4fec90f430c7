import { Mode } from '@helios/shared/domain/fleet.ts';
import { z } from 'zod';
import { type Api, type App, ERROR_ANSWERS } from '../api.ts';
import { readLastTrades } from '../follow-market.ts';
import { PriceRow } from '../price-board.ts';

/** Newest prices of every watched symbol; a stale row stays. */
export const PricesReply = z.strictObject({
  mode: Mode,
  /** The market's time that ages are counted to: in a replay that of its newest frame. */
  clock_ts: z.number().int(),
  stale_after_sec: z.number().int(),
  rows: z.array(PriceRow),
});
export type PricesReply = z.infer<typeof PricesReply>;

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
