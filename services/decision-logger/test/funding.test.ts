import { Channels, Maps, Rankings } from '@helios/shared/contracts/catalog.ts';
import { T0 } from '@helios/shared/testing/builders.ts';
import { expect, it } from 'vitest';
import { decisions, harness, next, page, send, start, summary, useLoggerHarness } from './logger-harness.ts';

useLoggerHarness();

const FUNDING = T0 + 60_000;
const venue = () => harness.fake.bus('data-ingestor');
async function announce(ts_event: number, next_funding_ts: number): Promise<void> {
  const mark = { type: 'mark', symbol: 'BTCUSDT', ts_event, ts_init: ts_event, mark_price: '100' } as const;
  await venue().write((batch) =>
    batch.publish(Channels.markPrices, { ...mark, funding_rate: '0.01', next_funding_ts }, { symbol: 'BTCUSDT' }),
  );
  await harness.fake.settle();
}
const held = async () => (await page().getMap(Maps.openPositions))['BTCUSDT:LONG'];

it('a position pays funding once: the charge is in the ledger and restored after a restart', async () => {
  await venue().write((batch) => batch.setRanking(Rankings.watchlist, { BTCUSDT: 1 }));
  await start('HF_MARKET', 1);
  await send(next({ entry_price: 100 }));
  await announce(T0 + 1_000, FUNDING);
  expect(await held()).toMatchObject({ next_funding: { ts: FUNDING, rate: 0.01 } });
  await announce(FUNDING, FUNDING + 28_800_000);
  expect(await held()).toMatchObject({ funding: 1, funding_ts: FUNDING });

  await harness.running?.stop();
  await start('HF_MARKET', 1);
  await announce(FUNDING + 1_000, FUNDING + 28_800_000);
  expect(await held()).toMatchObject({ funding: 1 });
  const at = FUNDING + 2_000;
  await send(next({ direction: 'EXIT_LONG', entry_price: 100, timestamp: at, ts_init: at }));
  expect((await decisions())[0]).toMatchObject({ outcome: 'CLOSED', fees: 0.08, funding: 1, realized_pnl: -1.08 });
  expect(await summary()).toMatchObject({ total_funding: 1, total_fees: 0.08, total_pnl: -1.08 });
});
