import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Channels, Lists, Maps, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { ReplayAck } from '@helios/shared/domain/fleet.ts';
import type { MarketEvent, MarketTrade } from '@helios/shared/domain/market-data.ts';
import { aBook, aKline, aMode, aSignal, aTrade, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { createFakeRedis, type FakeRedisWithBuses } from '@helios/shared/testing/fake-bus.ts';
import { createFakeClock } from '@helios/shared/testing/fake-clock.ts';
import { type ServiceUnderTest, startOnFakeBus } from '@helios/shared/testing/start-on-fake-bus.ts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decisionLogger } from '../src/service.ts';

let folder: string;
let fake: FakeRedisWithBuses;
let running: ServiceUnderTest<'decision-logger'> | undefined;
const until = { timeout: 10_000, interval: 20 };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'helios-logger-'));
  fake = createFakeRedis();
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const settings = (mode: 'HF_MARKET' | 'HF_LIMIT' = 'HF_MARKET') =>
  defaultSettings({
    simulation: { mode, position_size: 0.01 },
    fees: { slippage_bp: 0 },
    system: { data_dir: folder, log_dir: join(folder, 'logs') },
  });
const decisions = () => fake.bus('dashboard-api').getList(Lists.decisionLogs, 600);
const signal = (id: string, fields: Parameters<typeof aSignal>[0] = {}) => aSignal({ signal_id: id, ...fields });

describe('a ledger that rejects writes for a while', () => {
  it('gives one error; signals wait unacknowledged and are recorded once, in order, when it accepts them again', async () => {
    running = await startOnFakeBus(decisionLogger, { fake, settings: settings() });
    const engine = fake.bus('signal-engine');
    const lock = new DatabaseSync(join(folder, 'ledger', 'test-run.sqlite'));
    lock.exec('BEGIN IMMEDIATE');
    await engine.write((batch) => {
      batch.append(Streams.signals, signal('a'));
      batch.append(Streams.signals, signal('b', { direction: 'EXIT_LONG', entry_price: 105 }));
    });
    const errors = () => running?.lines.filter(({ level }) => level === 'error') ?? [];
    await vi.waitFor(() => expect(errors()).toHaveLength(1), until);
    expect(errors()[0]?.message).toContain('another program holds it locked');
    expect(await fake.bus('dashboard-api').getRecord(Records.ledgerTrouble)).toMatchObject({ code: 'UNWRITABLE' });
    expect(fake.stream('signals').groups.get('decision-logger')?.pending).toHaveLength(1);
    expect(await decisions()).toEqual([]);
    lock.exec('ROLLBACK');
    lock.close();
    await vi.waitFor(async () => expect(await decisions()).toHaveLength(2), until);
    expect((await decisions()).map(({ outcome }) => outcome)).toEqual(['CLOSED', 'OPENED']);
    expect(await fake.bus('dashboard-api').getRecord(Records.simulatedPnl)).toMatchObject({ signals: 2, replaced: 0 });
    expect(errors()).toHaveLength(1);
    expect(running.faults).toEqual([]);
  });
});

describe('a ledger that rejected a write at the wrong time', () => {
  it('loses no book: an expired exit takes the market of that time', async () => {
    running = await startOnFakeBus(decisionLogger, { fake, settings: settings('HF_LIMIT') });
    const ingestor = fake.bus('data-ingestor');
    await ingestor.write((batch) => batch.publish(Channels.watchlistChanges, { symbols: ['BTCUSDT'] }));
    await fake.settle();
    const exit = { direction: 'EXIT_LONG', exit_reason: 'TAKE_PROFIT', quote: { bid: 105, ask: 106 } } as const;
    await fake.bus('signal-engine').write((batch) => {
      batch.append(Streams.signals, signal('a', { origin: 'EXTERNAL' }));
      batch.append(Streams.signals, signal('b', exit));
    });
    const book = aBook({ bids: [['80', '1']], asks: [['81', '1']], ts_event: T0 + 20_000 });
    await ingestor.write((batch) => batch.publish(Channels.books, book, { symbol: 'BTCUSDT' }));
    await fake.settle();
    const lock = new DatabaseSync(join(folder, 'ledger', 'test-run.sqlite'));
    lock.exec('BEGIN IMMEDIATE');
    running.clock.set(T0 + 31_000);
    const refused = () => running?.lines.some(({ level }) => level === 'error');
    await vi.waitFor(() => expect(refused()).toBe(true), until);
    lock.exec('ROLLBACK');
    lock.close();
    await vi.waitFor(async () => expect((await decisions())[0]?.outcome).toBe('CLOSED'), until);
    expect((await decisions())[0]).toMatchObject({ fill_price: 80, liquidity: 'TAKER' });
  });
});

describe('in a lock-step replay', () => {
  const source = { kind: 'replay' as const, files: ['a.gz'], speed: 'max' as const, exit: false };
  let acks: ReplayAck[];

  async function startReplay(): Promise<void> {
    acks = [];
    const ingestor = fake.bus('data-ingestor');
    await ingestor.subscribe(Channels.replayAcks, (ack) => {
      if (ack.service === 'decision-logger') acks.push(ack);
    });
    running = await startOnFakeBus(decisionLogger, {
      fake,
      settings: settings('HF_LIMIT'),
      mode: aMode({ source }),
      clock: createFakeClock(0),
    });
    await ingestor.write((batch) => batch.publish(Channels.watchlistChanges, { symbols: ['BTCUSDT'] }));
    await fake.settle();
  }

  async function publish(seq: number, fields: Partial<MarketTrade> = {}): Promise<void> {
    await publishEvent(aTrade({ seq, ts_event: T0 + seq * 1_000, ...fields }));
  }

  /** A frame that signal-engine has processed. */
  async function publishEvent(event: MarketEvent): Promise<void> {
    await fake.bus('data-ingestor').write((batch) => batch.publish(Channels.replayFrames, { frames: [[event]] }));
    await engineHeard(event.seq ?? 0);
  }

  async function engineHeard(seq: number): Promise<void> {
    const ack: ReplayAck = { service: 'signal-engine', seq, signals: [], resting_orders: 0 };
    await fake.bus('signal-engine').write((batch) => batch.publish(Channels.replayAcks, ack));
  }

  async function frame(seq: number, fields: Partial<MarketTrade> = {}): Promise<void> {
    await publish(seq, fields);
    await fake.settle();
  }

  async function append(...signals: ReturnType<typeof aSignal>[]): Promise<void> {
    await fake.bus('signal-engine').write((batch) => {
      for (const one of signals) batch.append(Streams.signals, one);
    });
  }

  const quote = { bid: 100, ask: 101 };

  it('frames without resting orders need no answer, but signals get theirs', async () => {
    await startReplay();
    await frame(1);
    expect(acks).toEqual([]);
    await append(signal('a', { seq: 1 }));
    await fake.settle();
    expect(acks).toEqual([{ service: 'decision-logger', seq: 1, signals: ['a'], resting_orders: 0 }]);
    await append(signal('a', { seq: 1 }));
    await fake.settle();
    expect(acks).toHaveLength(2);
    expect(await decisions()).toHaveLength(1);
  });

  it('a signal waits for its frame', async () => {
    await startReplay();
    await append(signal('a', { seq: 3 }));
    // Not settled: the consumer works until the frame arrives.
    await publish(1);
    await vi.waitFor(() => expect(running?.clock.now()).toBe(T0 + 1_000), until);
    expect(await decisions()).toEqual([]);
    await publish(3);
    await vi.waitFor(() => expect(acks.map(({ signals }) => signals)).toEqual([['a']]), until);
    expect(acks[0]?.seq).toBe(3);
  });

  it('frames of one message wait until signal-engine has processed them', async () => {
    await startReplay();
    const trades = [1, 2, 3].map((seq) => [aTrade({ seq, ts_event: T0 + seq * 1_000 })]);
    const ingestor = fake.bus('data-ingestor');
    await ingestor.write((batch) => batch.publish(Channels.replayFrames, { frames: trades }));
    await fake.settle();
    expect(running?.clock.now()).toBe(0);
    await engineHeard(2);
    await fake.settle();
    expect(running?.clock.now()).toBe(T0 + 2_000);
    // The rest is published again once signals of the second frame are recorded: each is processed once.
    await ingestor.write((batch) => batch.publish(Channels.replayFrames, { frames: trades.slice(2) }));
    await append(signal('a', { seq: 3 }));
    await engineHeard(3);
    await vi.waitFor(() => expect(acks.map(({ seq, signals }) => [seq, ...signals])).toEqual([[3, 'a']]), until);
  });

  it('a signal whose frame never arrives is recorded after five seconds, with a warning', async () => {
    await startReplay();
    await append(signal('a', { seq: 7 }));
    await vi.waitFor(async () => expect(await decisions()).toHaveLength(1), until);
    expect(running?.lines.some(({ message }) => message.includes('did not arrive'))).toBe(true);
  });

  it('while an order rests every frame is answered, klines too, after the position is in Redis', async () => {
    await startReplay();
    await frame(1);
    await append(signal('a', { seq: 1, timestamp: T0 + 1_000, quote }));
    await fake.settle();
    expect(acks.at(-1)).toMatchObject({ signals: ['a'], resting_orders: 1 });
    await publishEvent(aKline({ seq: 2, ts_event: T0 + 2_000 }));
    await fake.settle();
    expect(acks.at(-1)).toEqual({
      service: 'decision-logger',
      seq: 2,
      signals: [],
      resting_orders: 1,
      order_watch: {
        orders: [
          {
            symbol: 'BTCUSDT',
            action: 'BUY',
            price: 100,
            quantity: expect.any(Number),
            placed_ts: T0 + 1_000,
            traded_at_limit: 0,
          },
        ],
        until_ts: T0 + 31_000,
      },
    });
    await frame(3, { price: '99' });
    expect(acks.at(-1)).toEqual({ service: 'decision-logger', seq: 3, signals: [], resting_orders: 0 });
    expect(await fake.bus('dashboard-api').getMap(Maps.openPositions)).toHaveProperty('BTCUSDT:LONG');
    const answered = acks.length;
    await frame(4);
    expect(acks).toHaveLength(answered);
  });

  it('frames of one message are answered once while an order rests, at the last one or at a change', async () => {
    await startReplay();
    await frame(1);
    await append(signal('a', { seq: 1, timestamp: T0 + 1_000, quote }));
    await fake.settle();
    const answered = acks.length;
    const prints = ['101', '101', '101', '99', '101'];
    const frames = prints.map((price, i) => [aTrade({ seq: i + 2, ts_event: T0 + 2_000 + i, price })]);
    await fake.bus('data-ingestor').write((batch) => batch.publish(Channels.replayFrames, { frames }));
    await engineHeard(4);
    await fake.settle();
    await engineHeard(6);
    await fake.settle();
    expect(acks.slice(answered).map(({ seq, resting_orders }) => [seq, resting_orders])).toEqual([
      [4, 1],
      [5, 0],
    ]);
  });

  it('a repeated frame is answered with its signals and not processed, also after a restart', async () => {
    await startReplay();
    await frame(1);
    await append(signal('a', { seq: 1, timestamp: T0 + 1_000, quote }));
    await frame(2, { price: '99', ts_event: T0 + 2_000 });
    const opened = await decisions();
    await frame(1, { price: '50', ts_event: T0 + 9_000 });
    expect(acks.at(-1)).toEqual({ service: 'decision-logger', seq: 2, signals: ['a'], resting_orders: 0 });
    expect(await decisions()).toEqual(opened);
    await running?.stop();
    await startReplay();
    await frame(1);
    expect(acks.at(-1)).toEqual({ service: 'decision-logger', seq: 1, signals: ['a'], resting_orders: 0 });
    expect(await decisions()).toEqual(opened);
  });
});
