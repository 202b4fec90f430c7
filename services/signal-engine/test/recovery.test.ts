import { Channels, Lists, Maps, Records } from '@helios/shared/contracts/catalog.ts';
import { aKline, anOrder, T0 } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { afterEach, describe, expect, test } from 'vitest';
import {
  aCommand,
  aDenial,
  aPosition,
  BTC,
  bookOf,
  closeEngineHarnesses,
  drawProjection,
  type EngineHarness,
  lockStep,
  openEngineHarness,
} from './engine-harness.ts';

afterEach(closeEngineHarnesses);

/** Twenty minutes of klines with a range of 0.4, which is then the ATR. */
async function warmAtr(harness: EngineHarness): Promise<void> {
  const ingestor = harness.fake.bus('data-ingestor');
  for (let i = 0; i < 20; i += 1) {
    const open_ts = T0 - (20 - i) * 60_000;
    const prices = { high: '100.2', low: '99.8', close: '100' };
    const kline = aKline({ open_ts, close_ts: open_ts + 59_999, ts_event: open_ts + 60_000, ...prices });
    await ingestor.write((batch) => batch.publish(Channels.closedKlines, kline, { symbol: BTC }));
  }
  await harness.fake.settle();
}

describe('a restart', () => {
  test('with an open position restores the trailing stop', async () => {
    const harness = await openEngineHarness();
    await warmAtr(harness);
    await harness.positions([aPosition()]);
    await harness.book(bookOf(0, T0 + 100, { bid: 102 }));
    const stored = await harness.service.bus.getMap(Maps.trailingStops);
    const stop = stored['BTCUSDT:LONG']?.stop ?? Number.NaN;
    // ATR 0.4, distance 0.6.
    expect(stop).toBeCloseTo(101.4, 6);
    expect(harness.signals).toEqual([]);

    const again = await harness.restart();
    await again.book(bookOf(0, T0 + 200, { bid: 101.5 }));
    expect(again.signals).toEqual([]);
    await again.book(bookOf(0, T0 + 300, { bid: 101.4 }));
    expect(again.signals).toMatchObject([{ exit_reason: 'TRAILING_STOP', signal_id: 'entry-1-TRAILING_STOP' }]);
    await again.positions([]);
    await again.book(bookOf(0, T0 + 400));
    expect(await again.service.bus.getMap(Maps.trailingStops)).toEqual({});
  });

  test('of a replay continues from the newest time of positions, orders and trailing stops of this run', async () => {
    const fake = createFakeRedis();
    const order = { ...anOrder(), placed_ts: T0 + 2_000 };
    await fake.bus('decision-logger').write((batch) => {
      batch.setField(Maps.openPositions, 'BTCUSDT:LONG', aPosition({ entry_ts: T0 + 1_000 }));
      batch.setField(Maps.openOrders, 'order-1', order);
      batch.setField(Maps.openOrders, 'order-2', { ...order, run: 'another', placed_ts: T0 + 9_000 });
    });
    const harness = await openEngineHarness({ fake, mode: lockStep });
    expect(harness.clock.now()).toBe(T0 + 2_000);
    const trail = { signal_id: 'entry-1', extreme: 102, stop: 101, ts_event: T0 + 3_000 };
    await fake.bus('signal-engine').write((batch) => batch.setField(Maps.trailingStops, 'BTCUSDT:LONG', trail));
    expect((await harness.restart()).clock.now()).toBe(T0 + 3_000);
  });

  test('with the projection of another run uses positions only after our ledger is written', async () => {
    const fake = createFakeRedis();
    await fake.bus('decision-logger').write((batch) => {
      batch.setField(Maps.openPositions, 'BTCUSDT:LONG', aPosition());
      batch.setRecord(Records.ledgerProjection, { run: 'another', ledger: 'another.sqlite', signals: 0 });
    });
    const harness = await openEngineHarness({ fake, projection: false });
    await harness.book(bookOf(0, T0 + 100, { bid: 98 }));
    expect(harness.signals).toEqual([]);
    await fake.bus('decision-logger').write((batch) => drawProjection(batch));
    await eventually('the exit', () => harness.signals.some(({ exit_reason }) => exit_reason === 'STOP_LOSS'));
  });

  test('ignores orders of another run', async () => {
    const fake = createFakeRedis();
    const foreign = { ...anOrder(), run: 'another' };
    await fake.bus('decision-logger').write((batch) => batch.setField(Maps.openOrders, 'order-1', foreign));
    const harness = await openEngineHarness({ fake });
    await harness.book(bookOf(-0.8));
    expect(harness.signals).toHaveLength(1);
  });

  test('deletes a trailing stop without its position', async () => {
    const fake = createFakeRedis();
    const trail = { signal_id: 'gone', extreme: 102, stop: 101, ts_event: T0 };
    await fake.bus('signal-engine').write((batch) => batch.setField(Maps.trailingStops, 'BTCUSDT:LONG', trail));
    const harness = await openEngineHarness({ fake });
    expect(await harness.service.bus.getMap(Maps.trailingStops)).toEqual({});
  });

  test('continues a cooldown', async () => {
    const harness = await openEngineHarness();
    await harness.book(bookOf(-0.8));
    const again = await harness.restart();
    await again.positions([], { executions: [aDenial(harness.signals[0]?.signal_id ?? '')] });
    await again.book(bookOf(-0.8, T0 + 119_999));
    expect(again.signals).toEqual([]);
    expect(again.refusals.at(-1)).toMatchObject({ decision: { refused_by: 'COOLDOWN' } });
    await again.book(bookOf(-0.8, T0 + 120_000));
    expect(again.signals).toHaveLength(1);
  });
});

describe('while Redis is away', () => {
  test('a signal that could not be written is written later, before anything newer', async () => {
    const harness = await openEngineHarness();
    const later = aPosition({ side: 'SHORT', signal_id: 'entry-2', entry_ts: T0 + 1_000, stop_loss: 110 });
    await harness.positions([aPosition(), later]);
    harness.fake.goDown();
    harness.clock.set(T0 + 1_800_000);
    const told = () =>
      harness.service.lines.findLast(({ message }) => message === 'redis takes no writes, sending again')?.fields;
    await eventually('the warning', () => told());
    harness.clock.set(T0 + 1_801_000);
    await eventually('the second exit', () => String(Object(told())['signals']).includes('entry-2-TIME_EXIT'));
    expect(harness.signals).toEqual([]);
    harness.fake.comeBack();
    await eventually('both exits', () => harness.signals.length === 2);
    expect(harness.signals.map(({ signal_id }) => signal_id)).toEqual(['entry-1-TIME_EXIT', 'entry-2-TIME_EXIT']);
    expect(harness.service.faults).toEqual([]);
  });

  test('and wiped, trailing stop and exit are kept until decision-logger has written its projection again', async () => {
    const harness = await openEngineHarness();
    await warmAtr(harness);
    await harness.positions([aPosition()]);
    await harness.book(bookOf(0, T0 + 100, { bid: 102 }));
    harness.fake.goDown();
    for (const name of ['open_positions', 'trailing_stops', 'ledger_image']) harness.fake.hashes.delete(name);
    harness.fake.comeBack();
    await harness.fake.settle();
    await harness.fake.bus('decision-logger').write((batch) => {
      batch.setField(Maps.openPositions, 'BTCUSDT:LONG', aPosition());
      drawProjection(batch);
    });
    await harness.positions([aPosition()]);
    await harness.book(bookOf(0, T0 + 200, { bid: 101 }));
    expect(harness.signals).toMatchObject([{ exit_reason: 'TRAILING_STOP' }]);
    await harness.book(bookOf(0, T0 + 300, { bid: 101 }));
    expect(harness.signals).toHaveLength(1);
  });

  test('and wiped, positions that decision-logger no longer has are dropped after its projection', async () => {
    const harness = await openEngineHarness();
    await harness.positions([aPosition()]);
    harness.fake.goDown();
    for (const name of ['open_positions', 'ledger_image']) harness.fake.hashes.delete(name);
    harness.fake.comeBack();
    await harness.fake.settle();
    await harness.command(aCommand('flatten', 'c1'));
    expect(await harness.service.bus.getRecord(Records.fleetState)).toMatchObject({ flattening: true });
    await harness.fake.bus('decision-logger').write((batch) => drawProjection(batch));
    await eventually('the end of the flatten', async () => {
      return (await harness.service.bus.getRecord(Records.fleetState))?.state === 'HALTED';
    });
  });

  test('klines that closed meanwhile are read again', async () => {
    const harness = await openEngineHarness();
    const klines = Array.from({ length: 40 }, (_, i) => {
      const open_ts = T0 - (40 - i) * 300_000;
      return aKline({ interval: '5m', open_ts, close_ts: open_ts + 299_999 });
    });
    // Their messages were lost with the connection.
    await harness.fake
      .bus('data-ingestor')
      .write((batch) => batch.setList(Lists.klines, klines.toReversed(), { symbol: BTC, interval: '5m' }));
    harness.fake.goDown();
    harness.fake.comeBack();
    await harness.fake.settle();
    await harness.book(bookOf(0));
    const regime = await harness.fake.bus('dashboard-api').getRecord(Records.marketRegime, { symbol: BTC });
    expect(regime?.adx).toBeDefined();
  });

  test('changes are read again afterwards', async () => {
    const harness = await openEngineHarness();
    await harness.positions([aPosition()]);
    harness.fake.goDown();
    harness.fake.hashes.delete('open_positions');
    harness.fake.rankings.set('watchlist', new Map([['ETHUSDT', 1]]));
    harness.clock.advance(60_000);
    harness.fake.comeBack();
    await harness.fake.settle();
    await harness.book(bookOf(0.8, T0 + 60_100, { symbol: 'ETHUSDT' }));
    await harness.book(bookOf(0, T0 + 60_200, { bid: 50 }));
    expect(harness.signals.map(({ symbol, direction }) => `${symbol} ${direction}`)).toEqual(['ETHUSDT SHORT']);
  });
});
