import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Channels, Lists, Maps, Rankings, Records, Streams, Values } from '@helios/shared/contracts/catalog.ts';
import type { SimulationMode } from '@helios/shared/core/execution/fees.ts';
import type { Decision } from '@helios/shared/domain/decision.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import { aBook, aMode, aSignal, aTrade, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { createFakeRedis, type FakeRedisWithBuses } from '@helios/shared/testing/fake-bus.ts';
import { createFakeClock } from '@helios/shared/testing/fake-clock.ts';
import { type ServiceUnderTest, startOnFakeBus } from '@helios/shared/testing/start-on-fake-bus.ts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openLedger } from '../src/ledger/ledger.ts';
import { decisionLogger } from '../src/service.ts';

let folder: string;
let fake: FakeRedisWithBuses;
let running: ServiceUnderTest<'decision-logger'> | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'helios-logger-'));
  fake = createFakeRedis();
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  rmSync(folder, { recursive: true, force: true });
});

function settingsOf(mode: SimulationMode, position_size: number, starting_balance = 10_000) {
  const system = { data_dir: folder, log_dir: join(folder, 'logs') };
  return defaultSettings({ simulation: { mode, position_size, starting_balance }, system });
}

async function start(mode: SimulationMode = 'HF_MARKET', position_size = 0.01, starting_balance?: number) {
  const settings = settingsOf(mode, position_size, starting_balance);
  running = await startOnFakeBus(decisionLogger, { fake, settings });
  return running;
}

const engine = () => fake.bus('signal-engine');
const page = () => fake.bus('dashboard-api');
const ledgerFile = () => join(folder, 'ledger', 'test-run.sqlite');

async function send(...signals: TradingSignal[]): Promise<void> {
  await engine().write((batch) => {
    for (const signal of signals) batch.append(Streams.signals, signal);
  });
  await fake.settle();
}

let made = 0;
const next = (fields: Partial<TradingSignal>) => aSignal({ signal_id: `s${++made}`, ...fields });
const decisions = () => page().getList(Lists.decisionLogs, 600);
const summary = async () => (await page().getRecord(Records.simulatedPnl)) ?? expect.fail('no summary');

describe('a round trip by hand: LONG at 100, EXIT_LONG at 105, size 0.01', () => {
  it.each([
    ['HF_MARKET', 0.00082, 0.04918],
    ['LF_MARKET', 0.00082, 0.04918],
    ['HF_LIMIT', 0.00041, 0.04959],
    ['LF_LIMIT', 0.00041, 0.04959],
  ] as const)('%s', async (mode, fees, net) => {
    await start(mode);
    const origin = 'EXTERNAL';
    await send(next({ entry_price: 100, origin }), next({ direction: 'EXIT_LONG', entry_price: 105, origin }));
    const [closed, opened] = await decisions();
    expect(opened).toMatchObject({ outcome: 'OPENED', fill_price: 100, position_size: 0.01 });
    expect(closed).toMatchObject({ outcome: 'CLOSED', gross_pnl: 0.05, fees, realized_pnl: net });
    expect(await summary()).toMatchObject({
      mode,
      signals: 2,
      total_trades: 1,
      wins: 1,
      win_rate: 100,
      gross_pnl: 0.05,
      total_fees: fees,
      total_pnl: net,
    });
    expect(await page().getMap(Maps.openPositions)).toEqual({});
    const [trade] = await page().getLatest(Streams.trades, 5);
    expect(trade).toMatchObject({ entry_price: 100, exit_price: 105, gross_pnl: 0.05, fees });
  });
});

describe('what stands in Redis', () => {
  it('an orphan EXIT is logged and changes no figure', async () => {
    await start();
    const before = await summary();
    await send(next({ direction: 'EXIT_SHORT' }));
    expect((await decisions())[0]).toMatchObject({ outcome: 'ORPHAN_EXIT' });
    const after = await summary();
    expect({ ...after, updated_ts: 0, signals: 0, orphan_exits: 0 }).toEqual({ ...before, updated_ts: 0 });
    expect(after).toMatchObject({ signals: 1, orphan_exits: 1 });
  });

  it('a position appears with its update, and news comes after state', async () => {
    await start();
    const heard: unknown[] = [];
    await engine().subscribe(Channels.positionUpdates, (update) => heard.push(update));
    const entry = next({ stop_loss: 95, quote: { bid: 99, ask: 101 } });
    await send(entry);
    const position = { symbol: 'BTCUSDT', side: 'LONG', entry_price: 101, signal_id: entry.signal_id, stop_loss: 95 };
    expect(await page().getMap(Maps.openPositions)).toMatchObject({ 'BTCUSDT:LONG': position });
    expect(heard).toMatchObject([{ symbol: 'BTCUSDT', positions: [position], orders: [] }]);
  });

  it('600 signals leave 500 entries in the list and 600 in the ledger', async () => {
    await start();
    const signals = Array.from({ length: 600 }, (_, i) => next({ direction: i % 2 ? 'EXIT_LONG' : 'LONG' }));
    await send(...signals);
    const list = await decisions();
    expect(list.map(({ decision_id }) => decision_id)).toEqual(
      signals
        .slice(100)
        .reverse()
        .map(({ signal_id }) => signal_id),
    );
    expect(await summary()).toMatchObject({ signals: 600, total_trades: 300 });
    expect(fake.stream('trades').messages).toHaveLength(300);
    await running?.stop();
    const ledger = openLedger(ledgerFile(), 'test-run');
    expect(ledger.recentDecisions(1_000)).toHaveLength(600);
    ledger.close();
  });

  it('a signal that comes twice counts once', async () => {
    await start();
    const entry = next({});
    await send(entry, entry);
    await send(entry);
    expect(await decisions()).toHaveLength(1);
    expect(await summary()).toMatchObject({ signals: 1, replaced: 0 });
  });

  it('a signal of another run is dropped and told once', async () => {
    const { lines } = await start();
    await send(next({ run: 'other' }), next({ run: 'other' }));
    expect(await decisions()).toEqual([]);
    expect(lines.filter(({ level, message }) => level === 'warn' && message.includes('another run'))).toHaveLength(1);
    expect(fake.stream('signals').groups.get('decision-logger')?.pending).toEqual([]);
  });
});

describe('LIMIT orders', () => {
  const quote = { bid: 100, ask: 101 };

  async function withMarket() {
    const service = await start('HF_LIMIT', 1);
    const ingestor = fake.bus('data-ingestor');
    await ingestor.write((batch) => {
      batch.setRanking(Rankings.watchlist, { BTCUSDT: 1 });
      batch.publish(Channels.watchlistChanges, { symbols: ['BTCUSDT'] });
    });
    await fake.settle();
    const trade = async (price: string, ts: number) => {
      service.clock.set(ts);
      const print = aTrade({ price, ts_event: ts, buyer_is_maker: true });
      await ingestor.write((batch) => batch.publish(Channels.marketTrades, print, { symbol: 'BTCUSDT' }));
      await fake.settle();
    };
    return { service, ingestor, trade };
  }

  it('rest, show as open orders, and fill in place in the list', async () => {
    const { trade } = await withMarket();
    const entry = next({ quote });
    await send(entry, next({ symbol: 'ETHUSDT', direction: 'EXIT_LONG' }));
    expect((await decisions()).map(({ outcome }) => outcome)).toEqual(['ORPHAN_EXIT', 'RESTING']);
    expect(await page().getMap(Maps.openOrders)).toMatchObject({
      [`sim-${entry.signal_id}`]: { purpose: 'ENTRY', price: 100, signal_id: entry.signal_id },
    });
    await trade('99.9', T0 + 100);
    expect((await decisions()).map(({ outcome }) => outcome)).toEqual(['ORPHAN_EXIT', 'OPENED']);
    expect(await page().getMap(Maps.openOrders)).toEqual({});
    expect(await page().getMap(Maps.openPositions)).toMatchObject({ 'BTCUSDT:LONG': { entry_price: 100 } });
    expect(await summary()).toMatchObject({ signals: 2 });
  });

  it('are MISSED after the timeout', async () => {
    const { trade } = await withMarket();
    await send(next({ quote }));
    await trade('100.5', T0 + 30_000);
    expect((await decisions())[0]).toMatchObject({ outcome: 'MISSED' });
    expect(await summary()).toMatchObject({ signals: 1, missed: 1, total_trades: 0 });
    expect(await page().getMap(Maps.openOrders)).toEqual({});
  });

  it('go on after a restart', async () => {
    const first = await withMarket();
    await send(next({ quote }));
    await first.service.stop();
    const second = await withMarket();
    expect(await page().getMap(Maps.openOrders)).not.toEqual({});
    await second.trade('99', T0 + 5_000);
    expect((await decisions())[0]).toMatchObject({ outcome: 'OPENED', fill_price: 100 });
  });

  it('that expired while we were away leave at what the market offers now', async () => {
    const first = await withMarket();
    const exit = { direction: 'EXIT_LONG', exit_reason: 'TAKE_PROFIT', quote: { bid: 105, ask: 106 } } as const;
    await send(next({ origin: 'EXTERNAL' }), next(exit));
    await first.service.stop();
    const book = aBook({ bids: [['80', '1']], asks: [['81', '1']], ts_event: T0 + 3_600_000 });
    await first.ingestor.write((batch) => batch.set(Values.orderbook, book, { symbol: 'BTCUSDT' }));
    const clock = createFakeClock(T0 + 3_600_500);
    running = await startOnFakeBus(decisionLogger, { fake, settings: settingsOf('HF_LIMIT', 1), clock });
    await vi.waitFor(async () => expect((await decisions())[0]?.outcome).toBe('CLOSED'), { timeout: 5_000 });
    expect((await decisions())[0]).toMatchObject({ fill_price: 80, liquidity: 'TAKER' });
  });

  it('hear the market of a symbol that came onto the watchlist while Redis was away', async () => {
    const { service, ingestor } = await withMarket();
    await send(next({ symbol: 'ETHUSDT', quote }));
    fake.goDown();
    fake.rankings.get('watchlist')?.set('ETHUSDT', 1);
    fake.comeBack();
    await fake.settle();
    service.clock.set(T0 + 100);
    const print = aTrade({ symbol: 'ETHUSDT', price: '99', ts_event: T0 + 100 });
    await ingestor.write((batch) => batch.publish(Channels.marketTrades, print, { symbol: 'ETHUSDT' }));
    await fake.settle();
    expect((await decisions())[0]).toMatchObject({ outcome: 'OPENED', fill_price: 100 });
  });

  it('queue behind the book that was seen', async () => {
    const { ingestor, trade } = await withMarket();
    const book = aBook({ bids: [['100', '0.5']], asks: [['101', '1']] });
    await ingestor.write((batch) => batch.publish(Channels.books, book, { symbol: 'BTCUSDT' }));
    await fake.settle();
    await send(next({ quote }));
    await trade('100', T0 + 1);
    expect((await decisions())[0]).toMatchObject({ outcome: 'RESTING' });
    await trade('100', T0 + 2);
    expect((await decisions())[0]).toMatchObject({ outcome: 'OPENED' });
  });
});

const refusal: Decision = {
  decision_id: 'r1',
  run: 'test-run',
  symbol: 'BTCUSDT',
  direction: 'LONG',
  outcome: 'REFUSED',
  timestamp: T0,
  ts_init: T0,
  confidence: 0.5,
  nobi_value: -0.5,
  entry_price: 100,
  reason: 'volume too low',
  model: 'none',
  origin: 'ENGINE',
  refused_by: 'VOLUME',
};

describe('refusals', () => {
  const follow_up = { exit_price: 101, exit_reason: 'TIME_EXIT' as const, exit_ts: T0 + 1, gross_bp: 100, net_bp: 92 };

  it('are listed, followed up in place, and survive a restart; a stranger’s follow-up is dropped', async () => {
    await start();
    await engine().write((batch) => {
      batch.append(Streams.refusals, { kind: 'REFUSED', decision: refusal });
      batch.append(Streams.refusals, { kind: 'REFUSED', decision: { ...refusal, decision_id: 'r2' } });
      batch.append(Streams.refusals, { kind: 'REFUSED', decision: refusal });
      for (const decision_id of ['r1', 'r9']) {
        batch.append(Streams.refusals, { kind: 'FOLLOWED_UP', run: 'test-run', decision_id, side: 'LONG', follow_up });
      }
    });
    await fake.settle();
    const expected = [
      { ...refusal, decision_id: 'r2' },
      { ...refusal, follow_up },
    ];
    expect(await page().getList(Lists.decisionRefusals, 10)).toEqual(expected);
    expect(await decisions()).toEqual([]);
    await running?.stop();
    fake.lists.clear();
    await start();
    expect(await page().getList(Lists.decisionRefusals, 10)).toEqual(expected);
  });
});

describe('signals published by hand', () => {
  const publish = (message: unknown) => fake.publish('trading_signals', JSON.stringify(message));
  const until = { timeout: 5_000, interval: 20 };

  it('are taken in after a second with sloppy numbers, and executed like any other', async () => {
    await start();
    publish({ symbol: 'BTCUSDT', direction: 'LONG', entry_price: '100' });
    publish({ symbol: 'BTCUSDT', direction: 'EXIT_LONG', entry_price: 105, signal_id: 'mine', reason: 'enough' });
    await vi.waitFor(async () => expect(await decisions()).toHaveLength(2), until);
    const [exit, entry] = await decisions();
    expect(entry).toMatchObject({ outcome: 'OPENED', origin: 'EXTERNAL', model: 'none', run: 'test-run' });
    expect(entry?.decision_id).toMatch(/^external-[0-9a-f]{16}$/);
    expect(exit).toMatchObject({ decision_id: 'mine', outcome: 'CLOSED', reason: 'enough', gross_pnl: 0.05 });
  });

  it('an echo of the stream is never doubled, even when it comes first', async () => {
    await start();
    const early = next({});
    publish(early);
    await fake.settle();
    await send(early);
    const late = next({ direction: 'EXIT_LONG' });
    await send(late);
    publish(late);
    // The third one shows that the grace of the first two is over.
    publish({ symbol: 'ETHUSDT', direction: 'LONG', entry_price: 5 });
    await vi.waitFor(async () => expect(await decisions()).toHaveLength(3), until);
    expect(fake.stream('signals').messages).toHaveLength(3);
    expect((await decisions()).map(({ origin }) => origin)).toEqual(['EXTERNAL', 'ENGINE', 'ENGINE']);
  });

  it('two equal ones are two; malformed ones and a stranger’s are dropped, the field is named', async () => {
    const { lines } = await start();
    const same = { symbol: 'BTCUSDT', direction: 'LONG', entry_price: 100 };
    publish({ ...same, entry_price: 'cheap' });
    fake.publish('trading_signals', '{"symbol": "BTC');
    publish({ ...same, run: 'other' });
    publish(same);
    publish(same);
    await vi.waitFor(async () => expect(await decisions()).toHaveLength(2), until);
    expect((await decisions()).map(({ outcome }) => outcome)).toEqual(['REPLACED', 'OPENED']);
    const warning = lines.find(({ level, message }) => level === 'warn' && message.includes('malformed'));
    expect(warning?.fields['problem']).toContain('entry_price');
  });
});

describe('bad numbers published by hand', () => {
  const publish = (message: object) =>
    fake.publish('trading_signals', JSON.stringify({ symbol: 'BTCUSDT', direction: 'LONG', ...message }));
  const until = { timeout: 5_000, interval: 20 };

  it('are no price: they are dropped before they reach the ledger', async () => {
    const { lines, bus } = await start();
    for (const entry_price of [1e308, 1e300, 1e-10, '1e5', true, [7], null, '', ' 100 ', '0x10', -1, 0])
      publish({ entry_price });
    fake.publish('trading_signals', '{"symbol":"BTCUSDT","direction":"LONG","entry_price":1e999}');
    publish({ entry_price: '100.5', stop_loss: 1e300, take_profit: true, quote: { bid: 1e300, ask: 1e301 } });
    await vi.waitFor(async () => expect(await decisions()).toHaveLength(1), until);
    expect(bus.counts().malformed).toBe(13);
    expect(lines.find(({ message }) => message.includes('malformed'))?.fields['problem']).toContain('entry_price');
    const [opened] = await decisions();
    expect(opened).toMatchObject({ outcome: 'OPENED', entry_price: 100.5, fill_price: 100.5 });
    expect(opened).not.toHaveProperty('stop_loss');
    expect(opened).not.toHaveProperty('take_profit');
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

describe('when Redis loses what it had', () => {
  const until = { timeout: 8_000, interval: 50 };

  it('a wipe is noticed and everything is written anew, trades in order', async () => {
    await start();
    const signals = Array.from({ length: 8 }, (_, i) => next({ direction: i % 2 ? 'EXIT_LONG' : 'LONG' }));
    await send(...signals.slice(0, 6));
    const before = await page().getLatest(Streams.trades, 10);
    fake.lists.clear();
    fake.hashes.clear();
    fake.stream('trades').messages = [];
    await send(...signals.slice(6));
    await vi.waitFor(async () => expect(await decisions()).toHaveLength(8), until);
    const trades = await page().getLatest(Streams.trades, 10);
    expect(trades.map(({ exit_signal_id }) => exit_signal_id)).toEqual([
      signals[7]?.signal_id,
      ...before.map(({ exit_signal_id }) => exit_signal_id),
    ]);
  });

  it.each(['decision_logs', 'decision_refusals', 'open_positions', 'open_orders'])(
    '%s, deleted or written to by hand, is written anew',
    async (key) => {
      const { lines } = await start('HF_LIMIT', 1);
      await send(next({ origin: 'EXTERNAL' }), next({ direction: 'SHORT', quote: { bid: 100, ask: 101 } }));
      await engine().write((batch) => batch.append(Streams.refusals, { kind: 'REFUSED', decision: refusal }));
      await fake.settle();
      const shown = async () => ({
        decisions: await decisions(),
        refusals: await page().getList(Lists.decisionRefusals, 9),
        positions: await page().getMap(Maps.openPositions),
        orders: await page().getMap(Maps.openOrders),
      });
      const before = await shown();
      const anew = () => lines.filter(({ message }) => message.includes('writing it anew')).length;
      fake.lists.delete(key);
      fake.hashes.delete(key);
      await vi.waitFor(async () => expect(await shown()).toEqual(before), until);
      expect(anew()).toBe(1);
      fake.lists.get(key)?.push('mine');
      fake.hashes.get(key)?.set('mine', '{}');
      await vi.waitFor(() => expect(anew()).toBe(2), until);
      await vi.waitFor(async () => expect(await shown()).toEqual(before), until);
      expect(fake.lists.get(key) ?? [...(fake.hashes.get(key)?.keys() ?? [])]).not.toContain('mine');
    },
  );

  it('what was committed while it was away is there when it is back', async () => {
    const service = await start('HF_LIMIT', 1);
    await send(next({ quote: { bid: 100, ask: 101 } }));
    fake.goDown();
    // The order runs into its timeout, which only the ledger hears of.
    service.clock.set(T0 + 60_000);
    await vi.waitFor(
      () => expect(service.lines.some(({ message }) => message.includes('did not take'))).toBe(true),
      until,
    );
    fake.comeBack();
    await fake.settle();
    expect((await decisions())[0]).toMatchObject({ outcome: 'MISSED' });
    expect(service.faults).toEqual([]);
  });
});

it('what is recorded is on the disk within a second or two, not only in the log beside the ledger', async () => {
  await start();
  await send(next({}));
  // As after a power cut: the ledger's file alone.
  const alone = join(folder, 'alone.sqlite');
  await vi.waitFor(
    () => {
      copyFileSync(ledgerFile(), alone);
      const ledger = openLedger(alone, 'test-run');
      const recorded = ledger.recentDecisions(10);
      ledger.close();
      expect(recorded).toHaveLength(1);
    },
    { timeout: 10_000, interval: 100 },
  );
});

describe('after a change of the simulation', () => {
  const origin = 'EXTERNAL';
  const roundTrip = () => send(next({ origin }), next({ direction: 'EXIT_LONG', entry_price: 105, origin }));

  async function restart(...settings: Parameters<typeof start>) {
    await running?.stop();
    const { lines } = await start(...settings);
    return lines.filter(({ message }) => /chang/.test(message)).map(({ message }) => message);
  }

  it('of mode or balance the figures begin anew, also after further starts; ledger and list keep all', async () => {
    await start('HF_LIMIT', 1);
    await roundTrip();
    await send(next({ origin, symbol: 'OLDUSDT' }), next({ quote: { bid: 90, ask: 91 }, symbol: 'RESTUSDT' }));
    expect(await summary()).toMatchObject({ mode: 'HF_LIMIT', signals: 4, total_trades: 1, total_fees: 0.041 });

    expect(await restart('LF_MARKET', 1, 500)).toEqual([expect.stringContaining('the figures begin anew')]);
    const anew = {
      mode: 'LF_MARKET',
      starting_balance: 500,
      equity: 500,
      peak_equity: 500,
      signals: 0,
      total_trades: 0,
    };
    expect(await summary()).toMatchObject({ ...anew, total_fees: 0, gross_pnl: 0, missed: 0 });
    expect(await decisions()).toHaveLength(4);

    // A position that was taken over counts; an order that had rested does not.
    await send(next({ direction: 'EXIT_LONG', entry_price: 105, origin, symbol: 'OLDUSDT' }));
    running?.clock.set(T0 + 60_000);
    const missed = async () => (await decisions()).map(({ outcome }) => outcome).includes('MISSED');
    await vi.waitFor(async () => expect(await missed()).toBe(true), { timeout: 5_000 });
    const figures = await summary();
    expect(figures).toMatchObject({ mode: 'LF_MARKET', signals: 1, total_trades: 1, missed: 0, gross_pnl: 5 });
    expect(await restart('LF_MARKET', 1, 500)).toEqual([]);
    expect(await summary()).toEqual({ ...figures, updated_ts: expect.any(Number) });

    expect(await restart('LF_MARKET', 1, 10_000)).toHaveLength(1);
    expect(await summary()).toMatchObject({ signals: 0, total_trades: 0, equity: 10_000 });
    await running?.stop();
    const ledger = openLedger(ledgerFile(), 'test-run');
    expect(ledger.lastTrades(10)).toHaveLength(2);
    ledger.close();
  });

  it('of size alone they count on, and a line says so', async () => {
    await start('HF_MARKET', 1);
    await roundTrip();
    expect(await restart('HF_MARKET', 2)).toEqual(['size or fees of simulated trades changed']);
    await roundTrip();
    expect(await summary()).toMatchObject({ signals: 4, total_trades: 2, gross_pnl: 15 });
  });
});

describe('start and stop', () => {
  it('figures, list and positions are the same after a restart on an empty Redis', async () => {
    await start('HF_MARKET', 1);
    await send(
      next({ entry_price: 100 }),
      next({ direction: 'EXIT_LONG', entry_price: 90 }),
      next({ direction: 'SHORT', entry_price: 90 }),
      next({ direction: 'SHORT', entry_price: 80 }),
      next({ direction: 'EXIT_LONG' }),
    );
    const before = { list: await decisions(), figures: await summary(), held: await page().getMap(Maps.openPositions) };
    await running?.stop();
    fake = createFakeRedis();
    await start('HF_MARKET', 1);
    const after = { list: await decisions(), figures: await summary(), held: await page().getMap(Maps.openPositions) };
    expect({ ...after, figures: { ...after.figures, updated_ts: 0 } }).toEqual({
      ...before,
      figures: { ...before.figures, updated_ts: 0 },
    });
    expect(await page().getLatest(Streams.trades, 9)).toHaveLength(1);
  });

  it('each session of a replay begins a ledger of its own', async () => {
    const settings = defaultSettings({ system: { data_dir: folder, log_dir: join(folder, 'logs') } });
    const source = { kind: 'replay' as const, files: ['a.gz'], speed: 2, exit: false };
    for (const session of ['one', 'two']) {
      running = await startOnFakeBus(decisionLogger, { fake, settings, mode: aMode({ session, source }) });
      expect(await summary()).toMatchObject({ signals: 0 });
      await send(next({}));
      expect(await summary()).toMatchObject({ signals: 1 });
      expect(existsSync(join(folder, 'ledger', `test-run--${session}.sqlite`))).toBe(true);
      await running.stop();
      fake = createFakeRedis();
    }
  });

  it('the CSV is there at the end', async () => {
    await start();
    await send(next({ entry_price: 100 }));
    await running?.stop();
    const csv = readFileSync(join(folder, 'logs', 'decisions-2023-11-14.csv'), 'utf8');
    expect(csv.split('\r\n')[1]).toContain('test-run,2023-11-14T22:14:00.000Z,1700000040000,');
  });
});
