import { expect, test } from 'vitest';
import { Channels, Records, Streams } from '../contracts/catalog.ts';
import { aBook, aMode, aSignal, defaultSettings } from '../testing/builders.ts';
import { eventually } from '../testing/eventually.ts';
import { createFakeRedis } from '../testing/fake-bus.ts';
import { startOnFakeBus } from '../testing/start-on-fake-bus.ts';
import { defineService, type ServiceContext } from './service.ts';

const BTC = { symbol: 'BTCUSDT' };

test('a service gets only the sections that it declares', async () => {
  const seen: object[] = [];
  const definition = defineService({
    name: 'signal-engine',
    settings: ['signals'],
    modes: ['synthetic'],
    start: async ({ settings }) => void seen.push(settings),
  });
  const settings = defaultSettings({ binance: { api_secret: 'the venue’s secret' } });
  const service = await startOnFakeBus(definition, { settings });
  await service.stop();
  expect(seen).toEqual([{ signals: settings.signals }]);
});

test('in a mode that does not need it a service stands by: a heartbeat, no work', async () => {
  let started = false;
  const definition = defineService({
    name: 'risk-manager',
    settings: [],
    modes: ['live'],
    async start() {
      started = true;
    },
  });
  const service = await startOnFakeBus(definition, { mode: aMode({ mode: 'synthetic' }) });
  const beat = await service.fake.bus('dashboard-api').getRecord(Records.heartbeat, { service: 'risk-manager' });
  expect(beat).toMatchObject({ service: 'risk-manager', status: 'STANDBY', pid: process.pid });
  expect(service.status).toBe('STANDBY');
  await service.stop();
  expect(started).toBe(false);
});

test('a stop ends deliveries and jobs first, then cleanups newest first; a second call has no effect', async () => {
  const order: string[] = [];
  const fake = createFakeRedis();
  const definition = defineService({
    name: 'signal-engine',
    settings: [],
    modes: ['synthetic'],
    async start({ bus, every, onStop }) {
      onStop('first', () => void order.push('first'));
      await bus.subscribe(Channels.books, () => void order.push('book'), BTC);
      every('job', 1, () => void order.push('job'));
      onStop('second', async () => {
        await fake.bus('data-ingestor').write((b) => b.publish(Channels.books, aBook(), BTC));
        await fake.settle();
        order.push('second');
      });
      onStop('failing', () => {
        throw new Error('cannot close');
      });
    },
  });
  const service = await startOnFakeBus(definition, { fake });
  await eventually('the job', () => order.includes('job'));
  const [orderly] = await Promise.all([service.stop(), service.stop()]);
  expect(orderly).toBe(true);
  expect(order.filter((step) => step !== 'job')).toEqual(['second', 'first']);
  expect(order.at(-1)).toBe('first');
  expect(service.lines.filter(({ level }) => level === 'error').map(({ message }) => message)).toEqual([
    'cleanup failed',
  ]);
});

test('heartbeats have age, counts and state; an absent Redis does not harm the service', async () => {
  const fake = createFakeRedis();
  let context: ServiceContext<'signal-engine', never> | undefined;
  const definition = defineService({
    name: 'signal-engine',
    settings: [],
    modes: ['synthetic'],
    async start(given) {
      context = given;
      await given.bus.subscribe(Channels.books, () => given.observeAge(12.4), BTC);
    },
  });
  const service = await startOnFakeBus(definition, { fake });
  expect(context?.mode).toEqual(service.mode);
  await fake.bus('data-ingestor').write((b) => b.publish(Channels.books, aBook(), BTC));
  fake.publish('books:BTCUSDT', 'no json');
  await fake.settle();
  fake.goDown();
  await eventually('a heartbeat that is lost', () =>
    service.lines.some(({ message }) => message === 'heartbeat skipped'),
  );
  fake.comeBack();
  const read = () => fake.bus('dashboard-api').getRecord(Records.heartbeat, { service: 'signal-engine' });
  const before = await read();
  const after = await eventually('a new heartbeat', async () => {
    const beat = await read();
    return beat?.messages === 2 ? beat : undefined;
  });
  // No message yet, or none that this service reads: unknown is not 0.
  expect(before?.messages).toBeUndefined();
  expect(after).toMatchObject({ status: 'RUNNING', messages: 2, malformed: 1 });
  expect(after.rss_mb).toBeGreaterThan(10);
  expect(after.loop_lag_ms).toBeGreaterThanOrEqual(0);
  await service.stop();
  expect((await read())?.status).toBe('STOPPING');
  expect(service.faults).toEqual([]);
});

test('a service whose settings leave nothing to do stands by', async () => {
  const fake = createFakeRedis();
  const definition = defineService({
    name: 'reddit-ingestor',
    settings: ['reddit'],
    modes: ['synthetic'],
    standsBy: ({ settings }) => !settings.reddit.enabled,
    start: async () => {
      throw new Error('started');
    },
  });
  const service = await startOnFakeBus(definition, { fake });
  const beat = await fake.bus('dashboard-api').getRecord(Records.heartbeat, { service: 'reddit-ingestor' });
  expect([service.status, beat?.status]).toEqual(['STANDBY', 'STANDBY']);
  await service.stop();
});

test('a service that reads the market directly counts those messages', async () => {
  const fake = createFakeRedis();
  const definition = defineService({
    name: 'data-ingestor',
    settings: [],
    modes: ['synthetic'],
    async start({ observeAge }) {
      for (const ageMs of [1, 2, 3]) observeAge(ageMs);
    },
  });
  const service = await startOnFakeBus(definition, { fake });
  const beat = await fake.bus('dashboard-api').getRecord(Records.heartbeat, { service: 'data-ingestor' });
  expect(beat).toMatchObject({ messages: 3, message_age_ms: 3 });
  await service.stop();
});

test('a failing start rejects after everything it started was cleaned up', async () => {
  const cleaned: string[] = [];
  const fake = createFakeRedis();
  const definition = defineService({
    name: 'signal-engine',
    settings: [],
    modes: ['synthetic'],
    async start({ onStop }) {
      onStop('ledger', () => void cleaned.push('ledger'));
      throw new Error('no ledger');
    },
  });
  await expect(startOnFakeBus(definition, { fake })).rejects.toThrow('no ledger');
  expect(cleaned).toEqual(['ledger']);
  const beat = await fake.bus('dashboard-api').getRecord(Records.heartbeat, { service: 'signal-engine' });
  // No stop was requested, so it counts as missing.
  expect(beat?.status).toBe('STARTING');
});

test('the service sends STARTING during its start, and RUNNING afterwards', async () => {
  const fake = createFakeRedis();
  const read = () => fake.bus('dashboard-api').getRecord(Records.heartbeat, { service: 'signal-engine' });
  const start = Promise.withResolvers<void>();
  const definition = defineService({
    name: 'signal-engine',
    settings: [],
    modes: ['synthetic'],
    start: () => start.promise,
  });
  const starting = startOnFakeBus(definition, { fake });
  const first = await eventually('the first heartbeat', read);
  const second = await eventually('another', async () => {
    const beat = await read();
    return beat !== undefined && beat.ts > first.ts ? beat : undefined;
  });
  expect([first.status, second.status]).toEqual(['STARTING', 'STARTING']);
  start.resolve();
  const service = await starting;
  expect((await read())?.status).toBe('RUNNING');
  await service.stop();
});

test('two services on one fake exchange messages', async () => {
  const fake = createFakeRedis();
  const seen: string[] = [];
  const logger = await startOnFakeBus(
    defineService({
      name: 'decision-logger',
      settings: [],
      modes: ['synthetic'],
      start: ({ bus }) => bus.consume(Streams.signals, async ({ signal_id }) => void seen.push(signal_id)),
    }),
    { fake },
  );
  const engine = await startOnFakeBus(
    defineService({
      name: 'signal-engine',
      settings: [],
      modes: ['synthetic'],
      start: ({ bus }) => bus.write((b) => b.append(Streams.signals, aSignal())),
    }),
    { fake },
  );
  await fake.settle();
  expect(seen).toEqual(['signal-1']);
  await engine.stop();
  await logger.stop();
});
