import { Lists } from '@helios/shared/contracts/catalog.ts';
import { aKline, aSignal, shippedSettings, T0 } from '@helios/shared/testing/builders.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { expect, test } from 'vitest';
import { createHandMadeStops } from '../src/hand-made-stops.ts';

/** Stops of a LONG at 100 by hand, after klines whose closes jump by ten basis points up and down. */
async function stopsAfter(klines: number, settings = shippedSettings()) {
  const fake = createFakeRedis();
  await fake.bus('data-ingestor').write((batch) => {
    for (let n = 0; n < klines; n += 1) {
      const close = n % 2 === 0 ? '100' : String(100 * Math.exp(0.001));
      const kline = aKline({ open_ts: T0 + n * 60_000, open: '100', high: '100.1001', low: '100', close });
      batch.push(Lists.klines, kline, { symbol: 'BTCUSDT', interval: '1m' });
    }
  });
  const withStops = createHandMadeStops({
    bus: fake.bus('decision-logger'),
    settings,
    run: 'test-run',
    freshBook: async () => undefined,
    instrumentOf: async () => undefined,
  });
  const { stop_loss = Number.NaN, take_profit = Number.NaN } = await withStops(
    aSignal({ entry_price: 100, stop_loss: undefined, take_profit: undefined }),
  );
  return { stop: 100 - stop_loss, target: take_profit - 100 };
}

test('an entry by hand gets the distances of the first reason: the range of its horizon by the last hour', async () => {
  const { stop, target } = await stopsAfter(61);
  const atr = 0.001 * Math.sqrt((8 / Math.PI) * 30) * 100;
  expect(stop).toBeCloseTo(atr, 2);
  expect(target).toBeCloseTo(atr / 2, 2);
});

test('before an hour of klines the ATR of a minute stands in, and IMBALANCE has no horizon', async () => {
  expect((await stopsAfter(60)).stop).toBeCloseTo(0.1001 * Math.sqrt(30), 2);
  const alone = shippedSettings({ reasons: { enabled: ['IMBALANCE'] } });
  expect((await stopsAfter(112, alone)).stop).toBeCloseTo(0.1001, 2);
});
