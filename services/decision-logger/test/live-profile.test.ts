import { Channels, Maps, Rankings, Records } from '@helios/shared/contracts/catalog.ts';
import { defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { startOnFakeBus } from '@helios/shared/testing/start-on-fake-bus.ts';
import { expect, it } from 'vitest';
import { decisionLogger } from '../src/service.ts';
import { decisions, harness, next, page, send, settingsOf, summary, useLoggerHarness } from './logger-harness.ts';

useLoggerHarness();

/** Like `start` of the other tests, under the live profile. */
async function startLive(profile: 'live' | 'simulation' = 'live') {
  await harness.running?.stop();
  const { simulation, fees, system } = settingsOf('HF_MARKET', 1);
  const settings = defaultSettings({ simulation: { ...simulation, profile }, fees, system });
  harness.running = await startOnFakeBus(decisionLogger, { fake: harness.fake, settings });
  return harness.running;
}

const account = () => page().getRecord(Records.account);
const quote = { bid: 99.9, ask: 100 };
const entry = (fields = {}) => next({ origin: 'ENGINE', quote, entry_price: 100, stop_loss: 99, ...fields });
const exit = (fields = {}) =>
  next({ direction: 'EXIT_LONG', origin: 'ENGINE', exit_reason: 'OPERATOR', quote, entry_price: 99.9, ...fields });

it('the account agrees with decisions, positions and Redis, also after a restart', async () => {
  await startLive();
  await send(entry());
  // Without an instrument: six digits of 10,000 × 0.0833 × 0.5 × 5 at 100.
  expect((await decisions())[0]).toMatchObject({ outcome: 'OPENED', position_size: 20.8333 });
  const position = (await page().getMap(Maps.openPositions))['BTCUSDT:LONG'];
  expect(position).toMatchObject({ leverage: 5, margin: 416.666, liquidation_price: expect.closeTo(82.05, 2) });
  expect(await account()).toMatchObject({ initial_margin: 416.666, positions: [{ symbol: 'BTCUSDT', leverage: 5 }] });
  await send(exit());
  const { total_pnl } = await summary();
  expect((await account())?.wallet_balance).toBeCloseTo(10_000 + total_pnl, 5);

  await startLive();
  expect((await account())?.wallet_balance).toBeCloseTo(10_000 + total_pnl, 5);
  await send(entry());
  expect((await decisions())[0]).toMatchObject({
    outcome: 'DENIED',
    denial: { code: 'COOLDOWN_AFTER_EXIT', limit: 60 },
    rules: expect.arrayContaining([expect.objectContaining({ rule: 'DAILY_LOSS', outcome: 'PASSED' })]),
  });
});

it('the account is valued each second by the market, not only at a trade', async () => {
  await harness.fake.bus('data-ingestor').write((batch) => batch.setRanking(Rankings.watchlist, { BTCUSDT: 1 }));
  await startLive();
  await send(entry());
  await harness.fake
    .bus('data-ingestor')
    .write((batch) =>
      batch.publish(
        Channels.markPrices,
        { type: 'mark', symbol: 'BTCUSDT', ts_event: T0, ts_init: T0, mark_price: '95' },
        { symbol: 'BTCUSDT' },
      ),
    );
  await eventually('the account at the new price', async () => {
    const pnl = (await account())?.unrealized_pnl ?? 0;
    return Math.abs(pnl + 5 * 20.8333) < 1e-6;
  });
});

it('another profile starts new figures', async () => {
  await startLive();
  await send(entry(), exit());
  expect(await summary()).toMatchObject({ total_trades: 1 });
  const { lines } = await startLive('simulation');
  expect(lines.filter(({ message }) => message.includes('statistics start again'))).toHaveLength(1);
  expect(await summary()).toMatchObject({ total_trades: 0 });
});
