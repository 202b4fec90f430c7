import { eventually } from '@helios/shared/testing/eventually.ts';
import { expect, test } from 'vitest';
import { BUSY_LIVE, LIVE_KEY, openLiveFleet } from './live-fleet.ts';

test('panic beside a trading fleet ends it, closes everything, and nothing is entered again', async () => {
  const live = await openLiveFleet({ env: { ...BUSY_LIVE, RISK_MAX_HOLD_SEC: '120' } });
  live.launch();
  await live.fleet.running();
  await live.pressStart();
  await eventually('a position', async () => (await live.account()).positions.length > 0, 60_000);
  const account = {
    ...{ BINANCE_REST_URL: live.venue.url, BINANCE_STREAM_URL: live.venue.streamUrl },
    ...{ BINANCE_API_KEY: LIVE_KEY.apiKey, BINANCE_API_SECRET: LIVE_KEY.apiSecret },
  };
  const { code, out } = await live.fleet.commandWith(account, 'panic/panic.ts', '--yes');
  expect(code, out).toBe(0);
  expect(out).toMatch(/position {2}BTCUSDT (LONG|SHORT)/);
  expect(out).toMatch(/The fleet \(process \d+\) is ending/);
  await eventually('the fleet has ended', () => live.fleet.leftovers().length === 0, 30_000);
  const { positions, open_orders, open_algo_orders } = await live.account();
  expect([positions, open_orders, open_algo_orders]).toEqual([[], [], []]);
}, 240_000);
