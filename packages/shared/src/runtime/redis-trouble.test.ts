import { type AddressInfo, createServer, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Channels, Records, Streams } from '../contracts/catalog.ts';
import type { ProcessName } from '../domain/fleet.ts';
import { aBook, aMode, aSignal } from '../testing/builders.ts';
import { eventually } from '../testing/eventually.ts';
import { freePort } from '../testing/free-port.ts';
import { createRecordingLog } from '../testing/silent-log.ts';
import { startTestRedis, type TestRedis } from '../testing/test-redis.ts';
import { BusFault, BusUnavailable } from './errors.ts';
import type { ManagedBus } from './managed-bus.ts';
import { type BusOptions, connectBus } from './redis-bus.ts';

const BTC = { symbol: 'BTCUSDT' };
let server: TestRedis;
let log = createRecordingLog();
let buses: ManagedBus<ProcessName>[] = [];

async function bus<P extends ProcessName>(process: P, options: Partial<BusOptions> = {}): Promise<ManagedBus<P>> {
  const opened = await connectBus(process, { host: server.host, port: server.port, db: 0, log, ...options });
  buses.push(opened as ManagedBus<ProcessName>);
  return opened;
}

beforeAll(async () => {
  server = await startTestRedis();
});
afterAll(() => server?.stop());
beforeEach(async () => {
  await server.call('FLUSHALL');
  log = createRecordingLog();
});
afterEach(async () => {
  for (const opened of buses) await opened.close();
  buses = [];
});

const messages = () => log.lines.map(({ message }) => message);

describe('Redis with problems', () => {
  test('kill -9 of Redis: publishes reject; after its return subscriptions are active and onReconnect was called', async () => {
    const own = await startTestRedis();
    const [ingestor, engine] = [await bus('data-ingestor', own), await bus('signal-engine', own)];
    try {
      let reconnects = 0;
      const seen: number[] = [];
      await engine.subscribe(Channels.books, (book) => void seen.push(book.last_update_id), BTC);
      engine.onReconnect(async () => {
        reconnects += 1;
      });
      const publish = (last_update_id: number) =>
        ingestor.write((b) => b.publish(Channels.books, aBook({ last_update_id }), BTC));
      for (let round = 1; round <= 3; round += 1) {
        await own.kill();
        await expect(publish(-round)).rejects.toBeInstanceOf(BusUnavailable);
        await own.restart();
        await eventually('reconnected', () => reconnects === round);
        await eventually('published', () =>
          publish(round).then(
            () => true,
            () => false,
          ),
        );
        await eventually('received', () => seen.includes(round));
      }
      expect(seen).toEqual([1, 2, 3]);
      expect(messages().filter((message) => message === 'redis connection lost')).toHaveLength(6);
    } finally {
      await own.stop();
    }
  });

  test('a Redis that hangs: commands time out, and everything works when it answers again', async () => {
    const own = await startTestRedis();
    const [ingestor, engine] = [await bus('data-ingestor', own), await bus('signal-engine', own)];
    try {
      const seen: number[] = [];
      let reconnects = 0;
      await engine.subscribe(Channels.books, (book) => void seen.push(book.last_update_id), BTC);
      engine.onReconnect(async () => {
        reconnects += 1;
      });
      const publish = () => ingestor.write((b) => b.publish(Channels.books, aBook(), BTC));
      own.freeze();
      const startedMs = performance.now();
      await expect(publish()).rejects.toMatchObject({ code: 'REDIS_TIMEOUT' });
      expect(performance.now() - startedMs).toBeLessThan(3_000);
      // From now on writes fail at once, and nothing queues up.
      await expect(publish()).rejects.toBeInstanceOf(BusUnavailable);
      // The engine writes nothing, so its ping detects it.
      await eventually(
        'the engine noticed',
        () => messages().filter((m) => m === 'redis connection lost').length >= 2,
        15_000,
      );
      own.thaw();
      await eventually('reconnected', () => reconnects === 1, 15_000);
      await eventually(
        'published',
        () =>
          publish().then(
            () => true,
            () => false,
          ),
        15_000,
      );
      await eventually('received', () => seen.length > 0);
    } finally {
      own.thaw();
      await own.stop();
    }
  }, 60_000);

  test('a Redis that lost its data: groups are created again and reading continues', async () => {
    const engine = await bus('signal-engine');
    const logger = await bus('decision-logger');
    const seen: string[] = [];
    await logger.consume(Streams.signals, async ({ signal_id }) => void seen.push(signal_id));
    await engine.write((b) => b.append(Streams.signals, aSignal({ signal_id: 'before' })));
    await eventually('the first', () => seen.length === 1);
    await server.call('FLUSHALL');
    await engine.write((b) => b.append(Streams.signals, aSignal({ signal_id: 'after' })));
    await eventually('the second', () => seen.includes('after'));
    expect(seen).toEqual(['before', 'after']);
  });

  test('a wrong or missing password ends the start with advice', async () => {
    const guarded = await startTestRedis({ password: 'correct horse' });
    try {
      const refused = await bus('fleet', { ...guarded, password: 'mistyped horse' }).catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: 'REDIS_AUTH' });
      expect(inspect(refused, { depth: 10 })).not.toContain('mistyped horse');
      await expect(bus('fleet', guarded)).rejects.toThrow(/refused the password.*REDIS_PASSWORD/);
      const fleet = await bus('fleet', { ...guarded, password: 'correct horse' });
      await fleet.write((b) => b.setRecord(Records.fleetMode, aMode()));
      expect(log.lines.map((line) => JSON.stringify(line)).join()).not.toContain('correct horse');
    } finally {
      await guarded.stop();
    }
  });

  test('a Redis that is not up yet is awaited, with one line', async () => {
    const port = await freePort();
    const connecting = bus('signal-engine', { port });
    await eventually('the line', () => log.lines.some(({ level }) => level === 'warn'));
    const late = await startTestRedis({ port });
    try {
      await connecting;
      const lines = log.lines.filter(({ level }) => level !== 'debug');
      expect(lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
        'warn waiting for redis',
        'info redis answers',
      ]);
      expect(lines[0]?.fields['problem']).toMatch(/cannot be reached.*Start it, or correct REDIS_HOST/);
    } finally {
      await late.stop();
    }
  });

  test('a Redis that takes no commands yet is logged as INFO first, and as WARN if that lasts', async () => {
    const silent = createServer((socket) => void sockets.push(socket));
    const sockets: Socket[] = [];
    await new Promise<void>((settle) => silent.listen(0, '127.0.0.1', settle));
    const { port } = silent.address() as AddressInfo;
    try {
      const tried = bus('signal-engine', { port, connectTimeoutMs: 5_000 });
      await expect(tried).rejects.toMatchObject({ code: 'REDIS_LOADING' });
      const lines = log.lines.filter(({ level }) => level !== 'debug');
      expect(lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
        'info redis takes no commands yet, waiting for it',
        'warn waiting for redis',
      ]);
      expect(lines[0]?.fields['problem']).toBeUndefined();
      expect(lines[1]?.fields['problem']).toMatch(/takes no commands yet/);
    } finally {
      for (const socket of sockets) socket.destroy();
      silent.close();
    }
  }, 20_000);

  test('the maximum wait is kept', async () => {
    const port = await freePort();
    await expect(bus('fleet', { port, connectTimeoutMs: 300 })).rejects.toMatchObject({ code: 'REDIS_UNAVAILABLE' });
  });

  test('a database that does not exist is refused, not replaced by database 0', async () => {
    await expect(bus('fleet', { db: 99 })).rejects.toBeInstanceOf(BusFault);
  });

  test('a full memory rejects each write with advice, and reads continue', async () => {
    const engine = await bus('signal-engine');
    await server.call('CONFIG', 'SET', 'maxmemory', '1');
    try {
      const write = engine.write((b) => {
        b.append(Streams.signals, aSignal());
        b.publish(Channels.tradingSignals, aSignal());
      });
      await expect(write).rejects.toMatchObject({ code: 'REDIS_OUT_OF_MEMORY' });
      await expect(engine.write((b) => b.append(Streams.signals, aSignal()))).rejects.toThrow(
        /memory limit.*maxmemory/,
      );
      // A record is a transaction: its error must be recognised too.
      const fleet = await bus('fleet');
      const record = fleet.write((b) => b.setRecord(Records.fleetMode, aMode()));
      await expect(record).rejects.toMatchObject({ code: 'REDIS_OUT_OF_MEMORY' });
      expect(await engine.getRecord(Records.fleetMode)).toBeUndefined();
    } finally {
      await server.call('CONFIG', 'SET', 'maxmemory', '0');
    }
  });

  test('a read-only replica rejects writes with advice', async () => {
    const own = await startTestRedis();
    try {
      const engine = await bus('signal-engine', own);
      await own.call('REPLICAOF', '127.0.0.1', '1');
      const write = engine.write((b) => b.append(Streams.signals, aSignal()));
      await expect(write).rejects.toMatchObject({ code: 'REDIS_READONLY' });
    } finally {
      await own.stop();
    }
  });

  test('a password that changed during an outage is an error in the log, and writes report it', async () => {
    const own = await startTestRedis();
    try {
      const engine = await bus('signal-engine', own);
      await own.kill();
      await own.restart(['--requirepass', 'new password']);
      await eventually('the line', () => messages().includes('redis refuses the password after a reconnect'));
      const write = engine.write((b) => b.append(Streams.signals, aSignal()));
      await expect(write).rejects.toMatchObject({ code: 'REDIS_AUTH' });
      await eventually('several tries', () => log.lines.filter(({ level }) => level === 'debug').length > 3);
      expect(messages().filter((message) => message === 'redis refuses the password after a reconnect')).toHaveLength(
        1,
      );
    } finally {
      await own.stop();
    }
  });

  test('many malformed messages give one line', async () => {
    const engine = await bus('signal-engine');
    await engine.subscribe(Channels.books, () => {}, BTC);
    for (let i = 0; i < 20; i += 1) await server.call('PUBLISH', 'books:BTCUSDT', '{');
    await eventually('all counted', () => engine.counts().malformed === 20);
    expect(messages().filter((message) => message === 'malformed message dropped')).toHaveLength(1);
  });
});
