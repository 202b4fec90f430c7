import { expect, test } from 'vitest';
import { Channels, Records, Streams, Values } from '../contracts/catalog.ts';
import type { Delivery } from '../runtime/bus.ts';
import { BusUnavailable } from '../runtime/errors.ts';
import { aBook, aSignal } from './builders.ts';
import { describeBuses } from './describe-buses.ts';
import { eventually } from './eventually.ts';

const BTC = { symbol: 'BTCUSDT' };

describeBuses('streams and outages', (contract) => {
  test('a stream delivers earlier and later messages in order, with id and age', async () => {
    const engine = await contract.bus('signal-engine');
    const logger = await contract.bus('decision-logger');
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

  test('a service reads two streams, the second added later', async () => {
    const engine = await contract.bus('signal-engine');
    const logger = await contract.bus('decision-logger');
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
    // Before the blocking read of two seconds has ended.
    expect(performance.now() - startedMs).toBeLessThan(1_500);
  });

  test('each reading service has its own position', async () => {
    const engine = await contract.bus('signal-engine');
    const [logger, risk] = [await contract.bus('decision-logger'), await contract.bus('risk-manager')];
    const seen: string[] = [];
    await logger.consume(Streams.signals, async () => void seen.push('logger'));
    await risk.consume(Streams.signals, async () => void seen.push('risk'));
    await engine.write((b) => b.append(Streams.signals, aSignal()));
    await eventually('both', () => seen.length === 2);
    expect(seen.toSorted()).toEqual(['logger', 'risk']);
  });

  test('F24 an unacknowledged message comes again first to the next process; an acknowledged one does not', async () => {
    const engine = await contract.bus('signal-engine');
    const faults: unknown[] = [];
    const first = await contract.bus('decision-logger', (error) => void faults.push(error));
    for (const signal_id of ['a', 'b', 'c'])
      await engine.write((b) => b.append(Streams.signals, aSignal({ signal_id })));
    await first.consume(Streams.signals, async ({ signal_id }) => {
      if (signal_id === 'b') throw new Error('killed');
    });
    await eventually('the fault', () => faults.length === 1);
    await first.close();
    await engine.write((b) => b.append(Streams.signals, aSignal({ signal_id: 'd' })));
    const seen: string[] = [];
    const second = await contract.bus('decision-logger');
    await second.consume(Streams.signals, async ({ signal_id }) => void seen.push(signal_id));
    await eventually('the rest', () => seen.length === 3);
    expect(seen).toEqual(['b', 'c', 'd']);
  });

  test('a handler that finds Redis away is no fault: its message comes again', async () => {
    const engine = await contract.bus('signal-engine');
    const faults: unknown[] = [];
    const logger = await contract.bus('decision-logger', (error) => void faults.push(error));
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
    const engine = await contract.bus('signal-engine');
    const logger = await contract.bus('decision-logger');
    await contract.harness.appendRaw('signals', 'no json');
    await contract.harness.appendRaw('signals', '{"symbol":1}');
    await contract.harness.appendRaw('signals', undefined);
    await engine.write((b) => b.append(Streams.signals, aSignal()));
    const seen: string[] = [];
    await logger.consume(Streams.signals, async ({ signal_id }) => void seen.push(signal_id));
    await eventually('the good one', () => seen.length === 1);
    expect(logger.counts()).toEqual({ messages: 4, malformed: 3 });
    await logger.close();
    const again = await contract.bus('decision-logger');
    await again.consume(Streams.signals, async ({ signal_id }) => void seen.push(signal_id));
    await engine.write((b) => b.append(Streams.signals, aSignal({ signal_id: 'next' })));
    await eventually('the next', () => seen.includes('next'));
    expect(again.counts().malformed).toBe(0);
  });

  test('a reader has acknowledged all: false before it began and while it works', async () => {
    const engine = await contract.bus('signal-engine');
    const hasReadAll = () => engine.hasReadAll(Streams.signals, 'decision-logger');
    expect(await hasReadAll()).toBe(true);
    await engine.write((b) => b.append(Streams.signals, aSignal({ signal_id: 'a' })));
    expect(await hasReadAll()).toBe(false);
    const logger = await contract.bus('decision-logger');
    const work = Promise.withResolvers<void>();
    const seen: string[] = [];
    await logger.consume(Streams.signals, async ({ signal_id }) => {
      seen.push(signal_id);
      if (signal_id === 'b') await work.promise;
    });
    await eventually('all is read', hasReadAll);
    await engine.write((b) => b.append(Streams.signals, aSignal({ signal_id: 'b' })));
    await eventually('the next one', () => seen.length === 2);
    expect(await hasReadAll()).toBe(false);
    work.resolve();
    await eventually('all is read again', hasReadAll);
    expect(await engine.hasReadAll(Streams.signals, 'risk-manager')).toBe(false);
  });

  test('the newest messages of a stream can be read without a group, newest first', async () => {
    const monitoring = await contract.bus('monitoring-agent');
    const dashboard = await contract.bus('dashboard-api');
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

  test('the same malformed text, read repeatedly, is no new message', async () => {
    const dashboard = await contract.bus('dashboard-api');
    await contract.harness.appendRaw('alerts', 'no json');
    for (let i = 0; i < 3; i += 1) expect(await dashboard.getLatest(Streams.alerts, 10)).toEqual([]);
    expect(dashboard.counts()).toEqual({ messages: 0, malformed: 0 });
  });

  test('F23 while Redis is away every promise rejects; after its return everything works and onReconnect is called', async () => {
    const ingestor = await contract.bus('data-ingestor');
    const engine = await contract.bus('signal-engine');
    const logger = await contract.bus('decision-logger');
    const seen: string[] = [];
    let reconnects = 0;
    await engine.subscribe(Channels.books, (book) => void seen.push(`book ${book.last_update_id}`), BTC);
    await logger.consume(Streams.signals, async ({ signal_id }) => void seen.push(signal_id));
    engine.onReconnect(async () => {
      // State can be read at once, and messages published from now on arrive.
      await engine.getRecord(Records.fleetMode);
      reconnects += 1;
    });
    await engine.write((b) => b.append(Streams.signals, aSignal({ signal_id: 'before' })));
    await eventually('the first', () => seen.length === 1);

    await contract.harness.goDown();
    await eventually('the outage', () =>
      ingestor.get(Values.orderbook, BTC).then(
        () => false,
        () => true,
      ),
    );
    const publish = () => ingestor.write((b) => b.publish(Channels.books, aBook({ last_update_id: 1 }), BTC));
    await expect(publish()).rejects.toBeInstanceOf(BusUnavailable);
    await expect(engine.getRecord(Records.fleetMode)).rejects.toMatchObject({ code: 'REDIS_UNAVAILABLE' });
    // An empty batch sends nothing, so it proves nothing about Redis.
    await ingestor.write(() => {});
    expect(reconnects).toBe(0);

    await contract.harness.comeBack();
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
    // The first signal comes twice if Redis died before the acknowledgement.
    expect(new Set(seen)).toEqual(new Set(['before', 'book 2', 'after']));
    expect(reconnects).toBe(1);
  });

  test('a stop lets the running handler end and acknowledge, and starts no other', async () => {
    const engine = await contract.bus('signal-engine');
    const logger = await contract.bus('decision-logger');
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
    const second = await contract.bus('decision-logger');
    await second.consume(Streams.signals, async ({ signal_id }) => void seen.push(signal_id));
    await eventually('the other', () => seen.length === 2);
    expect(seen).toEqual(['a', 'b']);
  });
});
