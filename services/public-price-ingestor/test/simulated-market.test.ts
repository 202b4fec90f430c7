import { afterEach, expect, test } from 'vitest';
import { createSimulatedMarket, type SimulatedMarket } from './simulated-market.ts';

const MINUTE = 60_000;
const LIMIT = 2_400;
let simulated: SimulatedMarket;
afterEach(async () => {
  await simulated.stop();
  expect(simulated.market.faults).toEqual([]);
});

test('ten minutes of requests, counted by the exchange: every minute within the budget, none refused', async () => {
  simulated = await createSimulatedMarket(Array.from({ length: 20 }, (_, i) => `C${i}USDT`));
  const { exchange, market } = simulated;
  await market.time.pass(10 * MINUTE);
  const { minutes, max_minute_weight, paths } = exchange.requests();
  expect(minutes).toHaveLength(11);
  expect(max_minute_weight).toBeLessThanOrEqual(0.6 * LIMIT);
  const whole = minutes.slice(1, -1).map(({ weight }) => weight);
  expect(Math.min(...whole)).toBeGreaterThan(0.5 * LIMIT);
  for (const [path, { statuses }] of Object.entries(paths)) expect(Object.keys(statuses), path).toEqual(['200']);
  expect(market.said('warn')).toEqual([]);
}, 180_000);

test('a symbol without book changes has no session after a minute; the others have theirs', async () => {
  simulated = await createSimulatedMarket(['BTCUSDT', 'ETHUSDT']);
  const { exchange, market } = simulated;
  await market.time.pass(MINUTE);
  const frozenTs = market.time.now();
  await exchange.setFaults([{ fault: 'freeze', symbol: 'BTCUSDT' }]);
  await market.time.pass(4 * MINUTE);
  expect(market.of('book', 'BTCUSDT').at(-1)?.ts_event).toBeLessThan(frozenTs + MINUTE + 2_000);
  expect(market.of('break')).toMatchObject([{ symbol: 'BTCUSDT', kind: 'SESSION_END' }]);
  expect(market.of('book', 'ETHUSDT').at(-1)?.ts_event).toBeGreaterThan(market.time.now() - 3_000);
  await exchange.setFaults([]);
  await market.time.pass(10_000);
  expect(market.of('book', 'BTCUSDT').at(-1)?.ts_event).toBeGreaterThan(market.time.now() - 3_000);
}, 120_000);
