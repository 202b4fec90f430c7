import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Channels, Lists, Records, Streams } from '../contracts/catalog.ts';
import type { ProcessName } from '../domain/fleet.ts';
import { aBook, aMode, aSignal } from '../testing/builders.ts';
import { eventually } from '../testing/eventually.ts';
import { createRecordingLog } from '../testing/silent-log.ts';
import { startTestRedis, type TestRedis } from '../testing/test-redis.ts';
import type { ManagedBus } from './managed-bus.ts';
import { type BusOptions, connectBus } from './redis-bus.ts';

let server: TestRedis;
let log = createRecordingLog();
let buses: ManagedBus<ProcessName>[] = [];

async function bus<P extends ProcessName>(process: P, options: Partial<BusOptions> = {}): Promise<ManagedBus<P>> {
  const opened = await connectBus(process, { host: server.host, port: server.port, db: 0, log, ...options });
  buses.push(opened as ManagedBus<ProcessName>);
  return opened;
}

async function appendMany(engine: ManagedBus<'signal-engine'>, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, i) => `s${i}`);
  for (let from = 0; from < count; from += 1_000) {
    await engine.write((b) => {
      for (const signal_id of ids.slice(from, from + 1_000)) b.append(Streams.signals, aSignal({ signal_id }));
    });
  }
  return ids;
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

describe('data in Redis', () => {
  test('a record is a hash of plain text, arrays and objects as JSON, and lives as long as its entry says', async () => {
    const fleet = await bus('fleet');
    await fleet.write((b) => b.setRecord(Records.fleetMode, aMode({ run: '007' })));
    expect(await server.call('HGET', 'fleet:mode', 'run')).toBe('007');
    expect(await server.call('HGET', 'fleet:mode', 'resolved_ts')).toBe(String(aMode().resolved_ts));
    expect(await server.call('HGET', 'fleet:mode', 'source')).toBe('{"kind":"generator","seed":1}');
    expect(await server.call('TTL', 'fleet:mode')).toBe(-1);
    const engine = await bus('signal-engine');
    const beat = { service: 'signal-engine', status: 'RUNNING', pid: 1, ts: 1, started_ts: 1 } as const;
    const figures = { loop_lag_ms: 0, messages: 0, malformed: 0, rss_mb: 1 };
    await engine.write((b) => b.setRecord(Records.heartbeat, { ...beat, ...figures }, { service: 'signal-engine' }));
    expect(await server.call('TTL', 'heartbeat:signal-engine')).toBe(120);
  });

  test('a push renews the time to live', async () => {
    const logger = await bus('decision-logger');
    const { signal_id, ...signal } = aSignal();
    await logger.write((b) => b.push(Lists.decisionLogs, { ...signal, decision_id: signal_id, outcome: 'OPENED' }));
    await server.call('EXPIRE', 'decision_logs', 5);
    await logger.write((b) => b.push(Lists.decisionLogs, { ...signal, decision_id: 'x', outcome: 'OPENED' }));
    expect(await server.call('TTL', 'decision_logs')).toBe(86_400);
  });

  test('nobody sees a record that is half replaced', async () => {
    const fleet = await bus('fleet');
    const reader = await bus('monitoring-agent');
    await fleet.write((b) => b.setRecord(Records.fleetMode, aMode()));
    let reading = true;
    let absent = 0;
    const reads = (async () => {
      while (reading) if ((await reader.getRecord(Records.fleetMode)) === undefined) absent += 1;
    })();
    // So long that Redis reads the commands in several portions.
    for (let i = 0; i < 50; i += 1) {
      await fleet.write((b) => {
        for (let k = 0; k < 40; k += 1) b.setRecord(Records.fleetMode, aMode({ reason: 'x'.repeat(2_000) }));
      });
    }
    reading = false;
    await reads;
    expect(absent).toBe(0);
  });

  test('a malformed entry that is read repeatedly is logged once and not counted', async () => {
    const page = await bus('dashboard-api');
    await server.call('LPUSH', 'decision_logs', 'no json');
    for (let i = 0; i < 5; i += 1) expect(await page.getList(Lists.decisionLogs, 10)).toEqual([]);
    expect(log.lines.map(({ message }) => message)).toEqual(['malformed message dropped']);
    expect(page.counts().malformed).toBe(0);
  });

  test('a stream kept until read survives an absence of its reader, whatever arrives meanwhile', async () => {
    const engine = await bus('signal-engine');
    const absent = await bus('decision-logger');
    const seen: string[] = [];
    await absent.consume(Streams.signals, async ({ signal_id }) => void seen.push(signal_id));
    await engine.write((b) => b.append(Streams.signals, aSignal({ signal_id: 'before' })));
    await eventually('the first', () => seen.length === 1);
    await absent.close();
    const sent = await appendMany(engine, 12_000);
    const logger = await bus('decision-logger');
    await logger.consume(Streams.signals, async ({ signal_id }) => void seen.push(signal_id));
    await eventually('all of them', () => seen.length > 12_000, 60_000);
    expect(seen).toEqual(['before', ...sent]);
    expect(log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  }, 90_000);

  test('F24 a stream never grows far beyond its limit, and its reader reports how many messages it lost', async () => {
    const engine = await bus('signal-engine');
    const absent = await bus('decision-logger');
    let seen = 0;
    await absent.consume(Streams.signals, async () => {
      seen += 1;
    });
    await engine.write((b) => b.append(Streams.signals, aSignal()));
    await eventually('the first', () => seen === 1);
    await absent.close();
    await appendMany(engine, 60_000);
    const length = Number(await server.call('XLEN', 'signals'));
    expect(length).toBeLessThan(51_000);
    const logger = await bus('decision-logger');
    await logger.consume(Streams.signals, async () => {});
    const errors = () => log.lines.filter(({ level }) => level === 'error');
    await eventually('the loss is told', () => errors().length > 0);
    expect(errors()).toHaveLength(1);
    expect(errors()[0]?.fields).toEqual({ stream: 'signals', lost: 60_000 - length, limit: 50_000 });
  }, 90_000);

  test('a stream kept until read is trimmed below the slowest group, and pending messages stay', async () => {
    const engine = await bus('signal-engine');
    const logger = await bus('decision-logger', { trimEveryMs: 20 });
    const risk = await bus('risk-manager');
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let handled = 0;
    await risk.consume(Streams.signals, async ({ signal_id }) => {
      if (signal_id === '10') await held;
    });
    await logger.consume(Streams.signals, async () => {
      handled += 1;
    });
    for (let i = 0; i < 30; i += 1)
      await engine.write((b) => b.append(Streams.signals, aSignal({ signal_id: `${i}` })));
    await eventually('the logger through', () => handled === 30);
    await eventually(
      'trimmed to what risk-manager has open',
      async () => (await server.call('XLEN', 'signals')) === 20,
    );
    release();
    await eventually('trimmed to the last one', async () => (await server.call('XLEN', 'signals')) === 1);
  });
});

test('the writes of one turn of the event loop reach Redis in order and in two packets at most', async () => {
  const engine = await bus('signal-engine');
  const packets = async () => Number((await engine.serverInfo('stats'))['total_reads_processed']);
  const before = await packets();
  const ids = Array.from({ length: 20 }, (_, i) => `s${i}`);
  await Promise.all(ids.map((signal_id) => engine.write((b) => b.append(Streams.signals, aSignal({ signal_id })))));
  // One more packet requests the figure itself.
  expect((await packets()) - before).toBeLessThanOrEqual(3);
  const logger = await bus('decision-logger');
  const stored = await logger.getLatest(Streams.signals, 20);
  expect(stored.map(({ signal_id }) => signal_id).toReversed()).toEqual(ids);
});

test('a message costs its reader one packet: the acknowledgement goes with the next read', async () => {
  const engine = await bus('signal-engine');
  const risk = await bus('risk-manager');
  let handled = 0;
  await risk.consume(Streams.signals, async () => {
    handled += 1;
  });
  const packets = async () => Number((await engine.serverInfo('stats'))['total_reads_processed']);
  const before = await packets();
  for (let i = 1; i <= 20; i += 1) {
    await engine.write((b) => b.append(Streams.signals, aSignal({ signal_id: `s${i}` })));
    await eventually('handled', () => handled === i);
  }
  await eventually('acknowledged', () => engine.hasReadAll(Streams.signals, 'risk-manager'));
  // One packet appends each message. A few more ask for the figures, or read again after two seconds.
  expect((await packets()) - before).toBeLessThan(50);
});

test('the messages of one batch arrive in order, also where Redis is full', async () => {
  const ingestor = await bus('data-ingestor');
  const page = await bus('dashboard-api');
  const heard: unknown[] = [];
  await page.subscribe(Channels.watchlistChanges, ({ symbols }) => void heard.push(...symbols));
  await page.subscribe(Channels.bookSamples, ({ symbol }) => void heard.push(symbol), { symbol: 'BTCUSDT' });
  const publishThree = (first: string) =>
    ingestor.write((b) => {
      b.publish(Channels.watchlistChanges, { symbols: [first] });
      b.publish(Channels.bookSamples, aBook({ symbol: 'BTCUSDT' }), { symbol: 'BTCUSDT' });
      b.publish(Channels.watchlistChanges, { symbols: ['“x”\\', first] });
    });
  await publishThree('ETHUSDT');
  const sent = ['ETHUSDT', 'BTCUSDT', '“x”\\', 'ETHUSDT'];
  await eventually('all messages', () => heard.length === sent.length);
  expect(heard).toEqual(sent);

  await server.call('CONFIG', 'SET', 'maxmemory', '1');
  try {
    await publishThree('SOLUSDT');
    await eventually('all messages', () => heard.length === 2 * sent.length);
    expect(heard.slice(sent.length)).toEqual(['SOLUSDT', 'BTCUSDT', '“x”\\', 'SOLUSDT']);
  } finally {
    await server.call('CONFIG', 'SET', 'maxmemory', '0');
  }
});

test('a killed consumer loses nothing: its pending message comes again first', async () => {
  const engine = await bus('signal-engine');
  const root = join(import.meta.dirname, '..');
  const script = `
    import { connectBus } from ${JSON.stringify(join(root, 'runtime/redis-bus.ts'))};
    import { Streams } from ${JSON.stringify(join(root, 'contracts/catalog.ts'))};
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const bus = await connectBus('decision-logger', { host: '127.0.0.1', port: ${server.port}, db: 0, log });
    await bus.consume(Streams.signals, async ({ signal_id }) => {
      console.log(signal_id);
      if (signal_id === 'b') await new Promise(() => {});
    });`;
  for (const signal_id of ['a', 'b', 'c']) await engine.write((b) => b.append(Streams.signals, aSignal({ signal_id })));
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  try {
    await eventually('the child at b', () => said.includes('b'), 20_000);
  } finally {
    child.kill('SIGKILL');
  }
  await once(child, 'exit');
  const seen: string[] = [];
  const logger = await bus('decision-logger');
  await logger.consume(Streams.signals, async ({ signal_id }) => void seen.push(signal_id));
  await eventually('the rest', () => seen.length >= 2);
  expect(seen).toEqual(['b', 'c']);
});
