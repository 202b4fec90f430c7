import { Lists, Maps, Rankings, Records, Values } from '@helios/shared/contracts/catalog.ts';
import { aBook, aKline, T0 } from '@helios/shared/testing/builders.ts';
import { describe, expect, it, vi } from 'vitest';
import { decisions, engine, harness, next, page, send, start, summary, useLoggerHarness } from './logger-harness.ts';

useLoggerHarness();

describe('signals published by hand', () => {
  const publish = (message: unknown) => harness.fake.publish('trading_signals', JSON.stringify(message));
  const until = { timeout: 5_000, interval: 20 };

  it('are accepted after a second with sloppy numbers, and executed like any other', async () => {
    await start();
    publish({ symbol: 'BTCUSDT', direction: 'LONG', entry_price: '100' });
    publish({ symbol: 'BTCUSDT', direction: 'EXIT_LONG', entry_price: 105, signal_id: 'mine', reason: 'enough' });
    await vi.waitFor(async () => expect(await decisions()).toHaveLength(2), until);
    const [exit, entry] = await decisions();
    expect(entry).toMatchObject({ outcome: 'OPENED', origin: 'EXTERNAL', model: 'none', run: 'test-run' });
    expect(entry?.decision_id).toMatch(/^external-[0-9a-f]{16}$/);
    expect(exit).toMatchObject({ decision_id: 'mine', outcome: 'CLOSED', reason: 'enough', gross_pnl: 0.05 });
  });

  it('do not double an echo of the stream, even if the echo comes first', async () => {
    await start();
    const early = next({});
    publish(early);
    await harness.fake.settle();
    await send(early);
    const late = next({ direction: 'EXIT_LONG' });
    await send(late);
    publish(late);
    // The third message shows that the wait of the first two is over.
    publish({ symbol: 'ETHUSDT', direction: 'LONG', entry_price: 5 });
    await vi.waitFor(async () => expect(await decisions()).toHaveLength(3), until);
    expect(harness.fake.stream('signals').messages).toHaveLength(3);
    expect((await decisions()).map(({ origin }) => origin)).toEqual(['EXTERNAL', 'ENGINE', 'ENGINE']);
  });

  it('count twice if published twice; malformed ones and those of another run are dropped, and the field is named', async () => {
    const { lines } = await start();
    const same = { symbol: 'BTCUSDT', direction: 'LONG', entry_price: 100 };
    publish({ ...same, entry_price: 'cheap' });
    harness.fake.publish('trading_signals', '{"symbol": "BTC');
    publish({ ...same, run: 'other' });
    publish(same);
    publish(same);
    await vi.waitFor(async () => expect(await decisions()).toHaveLength(2), until);
    expect((await decisions()).map(({ outcome }) => outcome)).toEqual(['REPLACED', 'OPENED']);
    const warning = lines.find(({ level, message }) => level === 'warn' && message.includes('malformed'));
    expect(warning?.fields['problem']).toContain('entry_price');
  });
});

describe('on a known market, a signal published by hand', () => {
  const until = { timeout: 5_000, interval: 20 };
  const publish = (message: object) =>
    harness.fake.publish('trading_signals', JSON.stringify({ symbol: 'BTCUSDT', direction: 'LONG', ...message }));

  /** A book at 64,000 and forty minutes of klines with a range of 100; the regime widens stops by half. */
  async function startOnMarket(position_size = 0.01): Promise<void> {
    const market = harness.fake.bus('data-ingestor');
    // The service's clock is forty seconds before T0.
    const book = aBook({ bids: [['63999.9', '1']], asks: [['64000.0', '1']], ts_event: T0 - 40_000 });
    const klines = Array.from({ length: 40 }, (_, minute) =>
      aKline({ open_ts: T0 - minute * 60_000, open: '64000', high: '64050', low: '63950', close: '64000' }),
    );
    await market.write((batch) => {
      batch.setRanking(Rankings.watchlist, { BTCUSDT: 1 });
      batch.set(Values.orderbook, book, { symbol: 'BTCUSDT' });
      for (const kline of klines.toReversed()) batch.push(Lists.klines, kline, { symbol: 'BTCUSDT', interval: '1m' });
    });
    const regime = { regime: 'VOLATILE', nobi_threshold: 0.4, stop_loss_atr: 3, max_hold_sec: 900 } as const;
    const state = { run: 'test-run', symbol: 'BTCUSDT', ...regime, blocked: [], updated_ts: T0 };
    await engine().write((batch) => batch.setRecord(Records.marketRegime, state, { symbol: 'BTCUSDT' }));
    await start('HF_MARKET', position_size);
  }

  it('fills there, with the stops that the strategy would set, and counts in no figure of the strategy', async () => {
    await startOnMarket();
    publish({ entry_price: 100, signal_id: 'mine' });
    await vi.waitFor(async () => expect(await decisions()).toHaveLength(1), until);
    const [opened] = await decisions();
    expect(opened).toMatchObject({ signal_id: 'mine', decision_id: 'mine', fill_price: 64_000, outcome: 'OPENED' });
    // ATR 100 × 2 × 1.5 below, and 3 ÷ 2 of that above.
    const position = { entry_price: 64_000, stop_loss: 63_700, take_profit: 64_450, regime: 'VOLATILE' };
    const held = await page().getMap(Maps.openPositions);
    expect(held).toMatchObject({ 'BTCUSDT:LONG': { ...position, origin: 'EXTERNAL' } });
    publish({ direction: 'EXIT_LONG', entry_price: 1 });
    await vi.waitFor(async () => expect(await decisions()).toHaveLength(2), until);
    const figures = { total_trades: 0, total_pnl: 0, external_trades: 1, external_pnl: -0.5129996 };
    expect(await summary()).toMatchObject(figures);
    await harness.running?.stop();
    await start();
    expect(await summary()).toMatchObject(figures);
  });

  it('gets its stops on the tick, also as the first signal of its symbol', async () => {
    await startOnMarket();
    const instrument = { symbol: 'BTCUSDT', tick_size: '9', step_size: '0.001', min_qty: '0.001', min_notional: '5' };
    await harness.fake
      .bus('data-ingestor')
      .write((batch) => batch.setField(Maps.instruments, instrument.symbol, instrument));
    publish({ entry_price: 100 });
    await vi.waitFor(async () => expect(await decisions()).toHaveLength(1), until);
    // 63,700 and 64,450, rounded away from the entry.
    expect((await decisions())[0]).toMatchObject({ outcome: 'OPENED', stop_loss: 63_693, take_profit: 64_458 });
  });

  it('keeps its own stop, and gets the missing target', async () => {
    await startOnMarket();
    publish({ entry_price: 100, stop_loss: 63_990 });
    await vi.waitFor(async () => expect(await decisions()).toHaveLength(1), until);
    expect((await decisions())[0]).toMatchObject({ outcome: 'OPENED', stop_loss: 63_990, take_profit: 64_450 });
  });

  it('is denied if its stop is on the wrong side', async () => {
    await startOnMarket();
    publish({ entry_price: 100, stop_loss: 64_100 });
    await vi.waitFor(async () => expect(await decisions()).toHaveLength(1), until);
    const denial = { code: 'STOP_LOSS_ON_WRONG_SIDE', value: 64_100, limit: 64_000 };
    expect((await decisions())[0]).toMatchObject({ outcome: 'DENIED', denial });
    expect(await page().getMap(Maps.openPositions)).toEqual({});
  });
});

describe('bad numbers published by hand', () => {
  const publish = (message: object) =>
    harness.fake.publish('trading_signals', JSON.stringify({ symbol: 'BTCUSDT', direction: 'LONG', ...message }));
  const until = { timeout: 5_000, interval: 20 };

  it('are no price, and are dropped before they reach the ledger', async () => {
    const { lines, bus } = await start();
    for (const entry_price of [1e308, 1e300, 1e-16, '1e', true, [7], null, '', ' 100 ', '0x10', -1, 0])
      publish({ entry_price });
    harness.fake.publish('trading_signals', '{"symbol":"BTCUSDT","direction":"LONG","entry_price":1e999}');
    publish({ entry_price: '100.5', stop_loss: 1e300, take_profit: true, quote: { bid: 1e300, ask: 1e301 } });
    await vi.waitFor(async () => expect(await decisions()).toHaveLength(1), until);
    expect(bus.counts().malformed).toBe(13);
    expect(lines.find(({ message }) => message.includes('malformed'))?.fields['problem']).toContain('entry_price');
    const [opened] = await decisions();
    expect(opened).toMatchObject({ outcome: 'OPENED', entry_price: 100.5, fill_price: 100.5 });
    // Invalid numbers, so the strategy's stops: the nearest ones, because the market is unknown.
    expect(opened).toMatchObject({ stop_loss: 100.449, take_profit: 100.576 });
  });

  it('are no price in the stream either', async () => {
    const { bus } = await start();
    await send(next({ entry_price: 1e308 }), next({ entry_price: 100, stop_loss: 1e300 }), next({ entry_price: 100 }));
    expect(await decisions()).toHaveLength(1);
    expect(bus.counts().malformed).toBe(2);
  });

  it.each([
    ['milliseconds', T0 - 3_600_000, T0 - 3_600_000],
    ['fractional milliseconds', T0 - 0.6, T0 - 1],
    ['milliseconds in a string', String(T0), T0],
    ['seconds, as time.time() has them', 1_700_000_039.6, undefined],
    ['5', 5, undefined],
    ['a negative number', -T0, undefined],
    ['the far future', T0 + 2 * 86_400_000, undefined],
    ['1e300', 1e300, undefined],
  ])('as a timestamp, %s', async (_, typed, kept) => {
    const { clock, lines } = await start();
    clock.set(T0 + 123);
    publish({ entry_price: 100, timestamp: typed });
    await vi.waitFor(async () => expect(await decisions()).toHaveLength(1), until);
    expect((await decisions())[0]?.timestamp).toBe(kept ?? T0 + 123);
    const line = lines.find(({ message }) => message === 'signal published by hand taken in');
    expect(line?.fields['replaced_timestamp']).toBe(kept === undefined ? typed : undefined);
  });
});
