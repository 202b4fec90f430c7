import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Channels, Lists, Maps, Rankings, Records, Streams, Values } from '../contracts/catalog.ts';
import type { ProcessName } from '../domain/fleet.ts';
import type { Delivery } from '../runtime/bus.ts';
import { BusUnavailable } from '../runtime/errors.ts';
import type { ManagedBus } from '../runtime/managed-bus.ts';
import { connectBus } from '../runtime/redis-bus.ts';
import { aBook, aKline, aMode, aSignal, aTrade } from './builders.ts';
import { eventually } from './eventually.ts';
import { createFakeRedis } from './fake-bus.ts';
import { silentLog } from './silent-log.ts';
import { startTestRedis, type TestRedis } from './test-redis.ts';

/** One Redis, real or fake, as these tests need it. */
interface World {
  bus<P extends ProcessName>(process: P, onFault?: (error: unknown) => void): Promise<ManagedBus<P>>;
  /** Somebody types PUBLISH. */
  publishRaw(channel: string, text: string): Promise<unknown>;
  /** Somebody types XADD with this field `message`, or another field where it is undefined. */
  appendRaw(stream: string, message: string | undefined): Promise<unknown>;
  goDown(): Promise<void>;
  comeBack(): Promise<void>;
}

const BTC = { symbol: 'BTCUSDT' };
const ETH = { symbol: 'ETHUSDT' };

let server: TestRedis;
let buses: ManagedBus<ProcessName>[] = [];
beforeAll(async () => {
  server = await startTestRedis({ arguments: ['--appendfsync', 'always'] });
});
afterAll(() => server?.stop());

function fakeWorld(): World {
  const fake = createFakeRedis();
  return {
    bus: async (process, onFault) => fake.bus(process, onFault ? { onFault } : {}),
    publishRaw: async (channel, text) => fake.publish(channel, text),
    appendRaw: async (stream, message) => fake.append(stream, message, 1_000),
    goDown: async () => fake.goDown(),
    comeBack: async () => fake.comeBack(),
  };
}

async function realWorld(): Promise<World> {
  await server.call('FLUSHALL');
  return {
    bus: (process, onFault) =>
      connectBus(process, {
        host: server.host,
        port: server.port,
        db: 0,
        log: silentLog,
        ...(onFault ? { onFault } : {}),
      }),
    publishRaw: (channel, text) => server.call('PUBLISH', channel, text),
    appendRaw: (stream, message) =>
      message === undefined
        ? server.call('XADD', stream, '*', 'other', 'x')
        : server.call('XADD', stream, '*', 'message', message),
    goDown: () => server.kill(),
    comeBack: () => server.restart(),
  };
}

const worlds = [
  { name: 'the fake', open: async () => fakeWorld() },
  { name: 'a real Redis', open: realWorld },
];

describe.each(worlds)('the bus on $name', ({ open }) => {
  let world: World;

  async function bus<P extends ProcessName>(process: P, onFault?: (error: unknown) => void): Promise<ManagedBus<P>> {
    const opened = await world.bus(process, onFault);
    buses.push(opened as ManagedBus<ProcessName>);
    return opened;
  }

  beforeEach(async () => {
    world = await open();
  });
  afterEach(async () => {
    for (const opened of buses) await opened.close();
    buses = [];
  });

  test('a value comes back as it was set', async () => {
    const ingestor = await bus('data-ingestor');
    await ingestor.write((b) => b.set(Values.orderbook, aBook({ seq: 7 }), BTC));
    expect(await ingestor.get(Values.orderbook, BTC)).toEqual(aBook({ seq: 7 }));
    expect(await ingestor.get(Values.orderbook, ETH)).toBeUndefined();
  });

  test('a record comes back with its types, and digits in a string stay a string', async () => {
    const fleet = await bus('fleet');
    const mode = aMode({ run: '007', session: 'true', reason: 'null', boot_id: '1e5' });
    await fleet.write((b) => b.setRecord(Records.fleetMode, mode));
    expect(await fleet.getRecord(Records.fleetMode)).toEqual(mode);
  });

  test('a record set again loses the fields that are absent now', async () => {
    const fleet = await bus('fleet');
    await fleet.write((b) => b.setRecord(Records.fleetMode, aMode({ boot_id: 'boot-1' })));
    const { source: _, ...bare } = aMode();
    await fleet.write((b) => b.setRecord(Records.fleetMode, bare));
    expect(await fleet.getRecord(Records.fleetMode)).toEqual(bare);
  });

  test('a record that is not there is undefined', async () => {
    expect(await (await bus('fleet')).getRecord(Records.fleetState)).toBeUndefined();
  });

  test('a map keeps, replaces and deletes fields', async () => {
    const engine = await bus('signal-engine');
    const state = { signal_id: 's', extreme: 101, ts_event: 1 };
    await engine.write((b) => {
      b.setField(Maps.trailingStops, 'BTCUSDT:LONG', state);
      b.setField(Maps.trailingStops, 'ETHUSDT:SHORT', { ...state, stop: 99 });
      b.deleteField(Maps.trailingStops, 'BTCUSDT:LONG');
    });
    expect(await engine.getMap(Maps.trailingStops)).toEqual({ 'ETHUSDT:SHORT': { ...state, stop: 99 } });
    await engine.write((b) => b.setMap(Maps.trailingStops, { 'BTCUSDT:LONG': state }));
    expect(await engine.getMap(Maps.trailingStops)).toEqual({ 'BTCUSDT:LONG': state });
    await engine.write((b) => b.setMap(Maps.trailingStops, {}));
    expect(await engine.getMap(Maps.trailingStops)).toEqual({});
  });

  test('a list is newest first, cut at its cap, and can be replaced', async () => {
    const ingestor = await bus('data-ingestor');
    const engine = await bus('signal-engine');
    const at = { symbol: 'BTCUSDT', interval: '1m' };
    await ingestor.write((b) => {
      for (let trades = 0; trades < 510; trades += 1) b.push(Lists.klines, aKline({ trades }), at);
    });
    const newest = await engine.getList(Lists.klines, 2, at);
    expect(newest.map(({ trades }) => trades)).toEqual([509, 508]);
    expect(await engine.getList(Lists.klines, 1_000, at)).toHaveLength(500);
    await ingestor.write((b) => b.setList(Lists.klines, [aKline({ trades: 2 }), aKline({ trades: 1 })], at));
    expect((await engine.getList(Lists.klines, 10, at)).map(({ trades }) => trades)).toEqual([2, 1]);
    expect(await engine.getList(Lists.klines, 0, at)).toEqual([]);
  });

  test('a ranking is highest first, and equal scores come in one order', async () => {
    const ingestor = await bus('data-ingestor');
    await ingestor.write((b) => b.setRanking(Rankings.watchlist, { AAA: 1, CCC: 3, BBB: 2.5, DDD: 1 }));
    expect(await ingestor.getRanking(Rankings.watchlist)).toEqual([
      { member: 'CCC', score: 3 },
      { member: 'BBB', score: 2.5 },
      { member: 'DDD', score: 1 },
      { member: 'AAA', score: 1 },
    ]);
  });

  test('messages arrive in the order they were published, across channels', async () => {
    const ingestor = await bus('data-ingestor');
    const engine = await bus('signal-engine');
    const seen: string[] = [];
    await engine.subscribe(Channels.books, (book) => void seen.push(`b${book.last_update_id}`), BTC);
    await engine.subscribe(Channels.marketTrades, (trade) => void seen.push(`t${trade.trade_id}`), ETH);
    const expected: string[] = [];
    for (let i = 0; i < 50; i += 1) {
      await ingestor.write((b) => {
        b.publish(Channels.books, aBook({ last_update_id: i }), BTC);
        b.publish(Channels.marketTrades, aTrade({ trade_id: i }), ETH);
      });
      expected.push(`b${i}`, `t${i}`);
    }
    await eventually('100 messages', () => seen.length === 100);
    expect(seen).toEqual(expected);
  });

  test('nothing is handed out within the write itself, nor to another instance of the name', async () => {
    const ingestor = await bus('data-ingestor');
    const engine = await bus('signal-engine');
    const seen: string[] = [];
    await engine.subscribe(Channels.books, (book) => void seen.push(book.symbol), BTC);
    const writing = ingestor.write((b) => {
      b.publish(Channels.books, aBook({ symbol: 'ETHUSDT' }), ETH);
      b.publish(Channels.books, aBook(), BTC);
    });
    expect(seen).toEqual([]);
    await writing;
    await eventually('the message', () => seen.length > 0);
    expect(seen).toEqual(['BTCUSDT']);
  });

  test('after unsubscribe nothing more comes', async () => {
    const ingestor = await bus('data-ingestor');
    const engine = await bus('signal-engine');
    const seen: string[] = [];
    await engine.subscribe(Channels.books, () => void seen.push('book'), BTC);
    await engine.subscribe(Channels.marketTrades, () => void seen.push('trade'), BTC);
    await engine.unsubscribe(Channels.books, BTC);
    await ingestor.write((b) => {
      b.publish(Channels.books, aBook(), BTC);
      b.publish(Channels.marketTrades, aTrade(), BTC);
    });
    await eventually('the trade', () => seen.includes('trade'));
    expect(seen).toEqual(['trade']);
  });

  test('a malformed message is dropped and counted, the next one arrives', async () => {
    const ingestor = await bus('data-ingestor');
    const engine = await bus('signal-engine');
    const seen: unknown[] = [];
    await engine.subscribe(Channels.books, (book) => void seen.push(book), BTC);
    await engine.subscribe(Channels.markPrices, (mark) => void seen.push(mark), BTC);
    await world.publishRaw('books:BTCUSDT', 'no json');
    await world.publishRaw('books:BTCUSDT', '{"type":"book"}');
    await world.publishRaw('books:BTCUSDT', 'null');
    await world.publishRaw('mark_prices:BTCUSDT', '{"type":"mark","extra":1}');
    await ingestor.write((b) => b.publish(Channels.books, aBook(), BTC));
    await eventually('the good one', () => seen.length > 0);
    expect(seen).toEqual([aBook()]);
    expect(engine.counts()).toEqual({ messages: 5, malformed: 4 });
  });

  test('a handler that throws is a fault', async () => {
    const faults: unknown[] = [];
    const ingestor = await bus('data-ingestor');
    const engine = await bus('signal-engine', (error) => void faults.push(error));
    await engine.subscribe(
      Channels.books,
      () => {
        throw new Error('our mistake');
      },
      BTC,
    );
    await ingestor.write((b) => b.publish(Channels.books, aBook(), BTC));
    await eventually('the fault', () => faults.length > 0);
    expect(faults).toEqual([new Error('our mistake')]);
  });

  test('a stream hands out what was appended before and after, in order, with id and age', async () => {
    const engine = await bus('signal-engine');
    const logger = await bus('decision-logger');
    const seen: { id: string; delivery: Delivery }[] = [];
    await engine.write((b) => b.append(Streams.signals, aSignal({ signal_id: 'a' })));
    await logger.consume(Streams.signals, async (signal, delivery) => {
      seen.push({ id: signal.signal_id, delivery });
    });
    await engine.write((b) => b.append(Streams.signals, aSignal({ signal_id: 'b' })));
    await eventually('both', () => seen.length === 2);
    expect(seen.map(({ id }) => id)).toEqual(['a', 'b']);
    for (const { delivery } of seen) {
      expect(delivery.id).toMatch(/^\d+-\d+$/);
      expect(delivery.ageMs).toBeGreaterThanOrEqual(0);
      expect(delivery.ageMs).toBeLessThan(10_000);
    }
  });

  test('two streams of one service, the second added later', async () => {
    const engine = await bus('signal-engine');
    const logger = await bus('decision-logger');
    const seen: string[] = [];
    await logger.consume(Streams.signals, async ({ signal_id }) => void seen.push(signal_id));
    await engine.write((b) => b.append(Streams.signals, aSignal()));
    await eventually('the signal', () => seen.length === 1);
    await logger.consume(Streams.refusals, async ({ kind }) => void seen.push(kind));
    const startedMs = performance.now();
    const follow_up = { exit_price: 1, exit_reason: 'TIME_EXIT', exit_ts: 1, gross_bp: 0, net_bp: 0 } as const;
    const report = { kind: 'FOLLOWED_UP', run: 'r', decision_id: 'd', side: 'LONG', follow_up } as const;
    await engine.write((b) => b.append(Streams.refusals, report));
    await eventually('the refusal', () => seen.includes('FOLLOWED_UP'));
    // Not only when the read that blocks for two seconds has ended.
    expect(performance.now() - startedMs).toBeLessThan(1_500);
  });

  test('each reading service has its own place', async () => {
    const engine = await bus('signal-engine');
    const [logger, risk] = [await bus('decision-logger'), await bus('risk-manager')];
    const seen: string[] = [];
    await logger.consume(Streams.signals, async () => void seen.push('logger'));
    await risk.consume(Streams.signals, async () => void seen.push('risk'));
    await engine.write((b) => b.append(Streams.signals, aSignal()));
    await eventually('both', () => seen.length === 2);
    expect(seen.toSorted()).toEqual(['logger', 'risk']);
  });

  test('what was not acknowledged comes again to the next process, first; what was, does not', async () => {
    const engine = await bus('signal-engine');
    const faults: unknown[] = [];
    const first = await bus('decision-logger', (error) => void faults.push(error));
    for (const signal_id of ['a', 'b', 'c'])
      await engine.write((b) => b.append(Streams.signals, aSignal({ signal_id })));
    await first.consume(Streams.signals, async ({ signal_id }) => {
      if (signal_id === 'b') throw new Error('killed');
    });
    await eventually('the fault', () => faults.length === 1);
    await first.close();
    await engine.write((b) => b.append(Streams.signals, aSignal({ signal_id: 'd' })));
    const seen: string[] = [];
    const second = await bus('decision-logger');
    await second.consume(Streams.signals, async ({ signal_id }) => void seen.push(signal_id));
    await eventually('the rest', () => seen.length === 3);
    expect(seen).toEqual(['b', 'c', 'd']);
  });

  test('a handler that finds Redis away is not a fault: its message comes again', async () => {
    const engine = await bus('signal-engine');
    const faults: unknown[] = [];
    const logger = await bus('decision-logger', (error) => void faults.push(error));
    const seen: string[] = [];
    await logger.consume(Streams.signals, async ({ signal_id }) => {
      seen.push(signal_id);
      if (seen.length === 1) throw new BusUnavailable('REDIS_UNAVAILABLE', 'away for a moment');
    });
    await engine.write((b) => {
      b.append(Streams.signals, aSignal({ signal_id: 'a' }));
      b.append(Streams.signals, aSignal({ signal_id: 'b' }));
    });
    await eventually('three deliveries', () => seen.length === 3);
    expect(seen).toEqual(['a', 'a', 'b']);
    expect(faults).toEqual([]);
  });

  test('a malformed stream message is acknowledged and counted', async () => {
    const engine = await bus('signal-engine');
    const logger = await bus('decision-logger');
    await world.appendRaw('signals', 'no json');
    await world.appendRaw('signals', '{"symbol":1}');
    await world.appendRaw('signals', undefined);
    await engine.write((b) => b.append(Streams.signals, aSignal()));
    const seen: string[] = [];
    await logger.consume(Streams.signals, async ({ signal_id }) => void seen.push(signal_id));
    await eventually('the good one', () => seen.length === 1);
    expect(logger.counts()).toEqual({ messages: 4, malformed: 3 });
    await logger.close();
    const again = await bus('decision-logger');
    await again.consume(Streams.signals, async ({ signal_id }) => void seen.push(signal_id));
    await engine.write((b) => b.append(Streams.signals, aSignal({ signal_id: 'next' })));
    await eventually('the next', () => seen.includes('next'));
    expect(again.counts().malformed).toBe(0);
  });

  test('a stream’s newest messages can be read without a group, newest first', async () => {
    const monitoring = await bus('monitoring-agent');
    const dashboard = await bus('dashboard-api');
    const alert = {
      alert_id: '',
      code: 'X',
      level: 'INFO',
      stage: 'RAISED',
      service: 's',
      message: 'm',
      action: 'a',
      ts: 1,
    } as const;
    for (const alert_id of ['1', '2', '3']) {
      await monitoring.write((b) => b.append(Streams.alerts, { ...alert, alert_id }));
    }
    expect((await dashboard.getLatest(Streams.alerts, 2)).map(({ alert_id }) => alert_id)).toEqual(['3', '2']);
  });

  test('while Redis is away every promise rejects; after its return all goes on and onReconnect is called', async () => {
    const ingestor = await bus('data-ingestor');
    const engine = await bus('signal-engine');
    const logger = await bus('decision-logger');
    const seen: string[] = [];
    let reconnects = 0;
    await engine.subscribe(Channels.books, (book) => void seen.push(`book ${book.last_update_id}`), BTC);
    await logger.consume(Streams.signals, async ({ signal_id }) => void seen.push(signal_id));
    engine.onReconnect(async () => {
      // State can be read at once, and what is published from here on arrives.
      await engine.getRecord(Records.fleetMode);
      reconnects += 1;
    });
    await engine.write((b) => b.append(Streams.signals, aSignal({ signal_id: 'before' })));
    await eventually('the first', () => seen.length === 1);

    await world.goDown();
    await eventually('the outage', () =>
      ingestor.get(Values.orderbook, BTC).then(
        () => false,
        () => true,
      ),
    );
    const publish = () => ingestor.write((b) => b.publish(Channels.books, aBook({ last_update_id: 1 }), BTC));
    await expect(publish()).rejects.toBeInstanceOf(BusUnavailable);
    await expect(engine.getRecord(Records.fleetMode)).rejects.toMatchObject({ code: 'REDIS_UNAVAILABLE' });
    expect(reconnects).toBe(0);

    await world.comeBack();
    await eventually('the reconnect', () => reconnects === 1);
    await eventually('the ingestor back', () =>
      ingestor.get(Values.orderbook, BTC).then(
        () => true,
        () => false,
      ),
    );
    await ingestor.write((b) => b.publish(Channels.books, aBook({ last_update_id: 2 }), BTC));
    await engine.write((b) => b.append(Streams.signals, aSignal({ signal_id: 'after' })));
    await eventually('book and signal', () => seen.includes('after') && seen.includes('book 2'));
    // The first signal comes twice where Redis died before it had the acknowledgement.
    expect(new Set(seen)).toEqual(new Set(['before', 'book 2', 'after']));
    expect(reconnects).toBe(1);
  });

  test('a stop lets the running handler end and acknowledge, and starts no other', async () => {
    const engine = await bus('signal-engine');
    const logger = await bus('decision-logger');
    const seen: string[] = [];
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await logger.consume(Streams.signals, async ({ signal_id }) => {
      await held;
      seen.push(signal_id);
    });
    await engine.write((b) => {
      b.append(Streams.signals, aSignal({ signal_id: 'a' }));
      b.append(Streams.signals, aSignal({ signal_id: 'b' }));
    });
    await eventually('the first delivery', () => logger.counts().messages === 1);
    const stopping = logger.stopDeliveries();
    release();
    await stopping;
    expect(seen).toEqual(['a']);
    await logger.close();
    const second = await bus('decision-logger');
    await second.consume(Streams.signals, async ({ signal_id }) => void seen.push(signal_id));
    await eventually('the other', () => seen.length === 2);
    expect(seen).toEqual(['a', 'b']);
  });
});
