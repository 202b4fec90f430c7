import { Channels, Maps } from '@helios/shared/contracts/catalog.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { PositionUpdate } from '@helios/shared/domain/position.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { startOnFakeBus } from '@helios/shared/testing/start-on-fake-bus.ts';
import { expect, it } from 'vitest';
import { decisionLogger } from '../src/service.ts';
import {
  decisions,
  engine,
  harness,
  next,
  page,
  send,
  settingsOf,
  summary,
  useLoggerHarness,
} from './logger-harness.ts';

useLoggerHarness();

const BTC: Instrument = {
  symbol: 'BTCUSDT',
  tick_size: '0.1',
  step_size: '0.001',
  min_qty: '0.001',
  min_notional: '100',
};

/** The default settings: no quantity, but a value of 1,000. */
async function startByNotional(position_notional: number) {
  const { simulation, system } = settingsOf('HF_MARKET', 0.01);
  const settings = defaultSettings({
    simulation: { ...simulation, position_size: undefined, position_notional },
    system,
  });
  harness.running = await startOnFakeBus(decisionLogger, { fake: harness.fake, settings });
}

const publish = (...instruments: Instrument[]) =>
  harness.fake.bus('data-ingestor').write((batch) => {
    for (const one of instruments) batch.setField(Maps.instruments, one.symbol, one);
  });

const quoted = (bid: number, ask: number) => ({ entry_price: ask, quote: { bid, ask } });

it('an entry is sized by notional and by the instrument of the ingestor, even if that comes late', async () => {
  await startByNotional(1_000);
  await publish(BTC);
  await send(next(quoted(63_999.9, 64_000)));
  expect((await decisions())[0]).toMatchObject({ outcome: 'OPENED', position_size: 0.015 });
  expect(await page().getMap(Maps.openPositions)).toMatchObject({ 'BTCUSDT:LONG': { quantity: 0.015 } });
});

it('a denied entry is recorded with its figures, counted, sent to signal-engine, and restored after a restart', async () => {
  await publish(BTC);
  await startByNotional(60);
  const updates: PositionUpdate[] = [];
  await engine().subscribe(Channels.positionUpdates, (update) => updates.push(update));
  const entry = next(quoted(63_999.9, 64_000));
  await send(entry);
  const denied = {
    decision_id: entry.signal_id,
    outcome: 'DENIED',
    denial: { code: 'QUANTITY_BELOW_MINIMUM', value: 0, limit: 0.001 },
  };
  expect(await decisions()).toMatchObject([denied]);
  expect(await summary()).toMatchObject({ signals: 1, denied: 1, total_trades: 0 });
  expect(updates.at(-1)).toMatchObject({
    positions: [],
    executions: [{ signal_id: entry.signal_id, answer: 'DENIED', denial: denied.denial }],
  });

  await harness.running?.stop();
  await startByNotional(60);
  await send(entry);
  expect(await decisions()).toMatchObject([denied]);
  expect(await summary()).toMatchObject({ signals: 1, denied: 1 });
});
