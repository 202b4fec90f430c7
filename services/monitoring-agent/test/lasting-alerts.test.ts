import { Channels, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import { aBook } from '@helios/shared/testing/builders.ts';
import { expect, test } from 'vitest';
import { heartbeat, startAgent } from './start-agent.ts';

test('a condition that lasts over a restart of the agent is one alert, and is resolved when it is gone', async () => {
  const first = await startAgent({ services: ['data-ingestor'] });
  await first.tick(6_000);
  await first.tick(25_000);
  const before = ['SERVICE_SILENT RAISED', 'STREAM_STALE RAISED'].map((text) => `${text} data-ingestor`);
  expect(await first.alerts()).toEqual(before);
  await first.stop();
  const { ingestor, tick, alerts, wall } = await startAgent({
    services: ['data-ingestor'],
    after: { fake: first.fake, nowMs: first.wall.now() + 5_000 },
  });
  for (let second = 0; second < 60; second += 1) await tick(1_000);
  expect(await alerts()).toEqual(before);
  for (let second = 0; second < 11; second += 1) {
    await ingestor.write((batch) => {
      batch.setRecord(Records.heartbeat, heartbeat(wall.now()), { service: 'data-ingestor' });
      const book = aBook({ symbol: 'BTCUSDT', ts_event: wall.now() });
      batch.publish(Channels.bookSamples, book, { symbol: 'BTCUSDT' });
    });
    await tick(1_000);
  }
  const after = (await alerts()).slice(before.length);
  expect(after.toSorted()).toEqual(['SERVICE_SILENT RESOLVED data-ingestor', 'STREAM_STALE REPEATED data-ingestor']);
});

test('a log that the supervisor cannot write is an alert until it is writable again', async () => {
  const { fake, tick, alerts, wall, page } = await startAgent();
  const say = (more: { fault?: string }) =>
    fake.bus('fleet').write((batch) => batch.setRecord(Records.fleetLog, { ts: wall.now(), ...more }));
  await say({});
  await tick(1_000);
  await say({ fault: 'logs/helios.log cannot be written: ENOSPC: no space left on device, write' });
  await tick(1_000);
  expect(await alerts()).toEqual(['LOG_FILE_FAULT RAISED fleet']);
  expect((await page.getLatest(Streams.alerts, 1))[0]).toMatchObject({
    message: 'logs/helios.log cannot be written: ENOSPC: no space left on device, write',
    action: expect.stringContaining('Free disk space'),
  });
  await say({});
  for (let second = 0; second < 12; second += 1) await tick(1_000);
  expect((await alerts()).filter((text) => text.startsWith('LOG'))).toEqual([
    'LOG_FILE_FAULT RAISED fleet',
    'LOG_FILE_FAULT RESOLVED fleet',
  ]);
});

test('a symbol that is stale before and after an outage of Redis is one alert', async () => {
  const { fake, ingestor, tick, alerts, wall } = await startAgent();
  const book = () =>
    ingestor.write((batch) => {
      const message = aBook({ symbol: 'ETHUSDT', ts_event: wall.now() });
      batch.publish(Channels.bookSamples, message, { symbol: 'ETHUSDT' });
    });
  await book();
  await tick(30_000);
  await book();
  await tick(1_000);
  expect(await alerts()).toEqual(['STREAM_STALE RAISED data-ingestor']);
  fake.goDown();
  await tick(15_000);
  fake.comeBack();
  for (let second = 0; second < 40; second += 1) {
    await book();
    await tick(1_000);
  }
  expect(await alerts()).toEqual([
    'STREAM_STALE RAISED data-ingestor',
    'REDIS_LOST RAISED redis',
    'REDIS_LOST RESOLVED redis',
  ]);
});
