import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Channels, Maps, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import { type FleetMode, type Heartbeat, ServiceName } from '@helios/shared/domain/fleet.ts';
import { BusUnavailable } from '@helios/shared/runtime/errors.ts';
import { aBook, T0 } from '@helios/shared/testing/builders.ts';
import { expect, onTestFinished, test } from 'vitest';
import { heartbeat, startAgent } from './start-agent.ts';

test('a silent service is an alert in the stream and in alerts.log, resolved by its next heartbeat', async () => {
  const { ingestor, tick, alerts, wall, stop, logDir } = await startAgent();
  const beat = () =>
    ingestor.write((batch) => batch.setRecord(Records.heartbeat, heartbeat(wall.now()), { service: 'data-ingestor' }));
  await beat();
  await tick(1_000);
  expect(await alerts()).toEqual([]);
  await tick(5_000);
  await tick(1_000);
  expect(await alerts()).toEqual(['SERVICE_SILENT RAISED data-ingestor']);
  await beat();
  await tick(1_000);
  await tick(4_000);
  await beat();
  await tick(5_000);
  expect(await alerts()).toEqual(['SERVICE_SILENT RAISED data-ingestor', 'SERVICE_SILENT RESOLVED data-ingestor']);
  await stop();
  const lines = (await readFile(join(logDir, 'alerts.log'), 'utf8')).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { code: 'SERVICE_SILENT', stage: 'RAISED', level: 'CRITICAL' },
    { code: 'SERVICE_SILENT', stage: 'RESOLVED', level: 'INFO' },
  ]);
});

test('without a supervisor a service that never started is an alert, and so is one whose heartbeat key expired', async () => {
  const { fake, ingestor, tick, alerts, wall } = await startAgent({ services: undefined });
  await ingestor.write((batch) =>
    batch.setRecord(Records.heartbeat, heartbeat(wall.now()), { service: 'data-ingestor' }),
  );
  await tick(1_000);
  fake.hashes.delete('heartbeat:data-ingestor');
  await tick(28_000);
  expect(await alerts()).toEqual(['SERVICE_SILENT RAISED data-ingestor']);
  await tick(2_000);
  const silent = (await alerts()).filter((alert) => alert.startsWith('SERVICE_SILENT RAISED'));
  expect(silent).toHaveLength(ServiceName.options.length - 1);
});

test('a symbol whose books stop is stale, and one taken off the watchlist is not', async () => {
  const { ingestor, tick, alerts, wall } = await startAgent();
  await tick(29_000);
  await ingestor.write((batch) => {
    batch.publish(Channels.bookSamples, aBook({ symbol: 'BTCUSDT', ts_event: wall.now() }), { symbol: 'BTCUSDT' });
    batch.publish(Channels.watchlistChanges, { symbols: ['BTCUSDT', 'SOLUSDT'] });
  });
  await tick(2_000);
  expect(await alerts()).toEqual([]);
  await ingestor.write((batch) =>
    batch.publish(Channels.bookSamples, aBook({ symbol: 'BTCUSDT', ts_event: wall.now() }), { symbol: 'BTCUSDT' }),
  );
  await tick(30_001);
  expect(await alerts()).toEqual(['STREAM_STALE RAISED data-ingestor']);
});

test('in a replay staleness is judged by the frames, not by the wall', async () => {
  const source: FleetMode['source'] = { kind: 'replay', files: ['a'], speed: 1, exit: false };
  const { ingestor, tick, alerts } = await startAgent({ mode: { source } });
  const book = (symbol: string, ts: number) =>
    ingestor.write((batch) => batch.publish(Channels.bookSamples, aBook({ symbol, ts_event: ts }), { symbol }));
  await book('BTCUSDT', 1_000);
  await book('ETHUSDT', 1_000);
  await tick(3_600_000);
  expect(await alerts()).toEqual([]);
  await book('ETHUSDT', 31_001);
  await tick(10);
  expect(await alerts()).toEqual(['STREAM_STALE RAISED data-ingestor']);
});

test('a lost Redis is in the file at once and in the stream afterwards, and no service counts as silent', async () => {
  const { fake, ingestor, tick, alerts, wall } = await startAgent();
  await ingestor.write((batch) =>
    batch.setRecord(Records.heartbeat, heartbeat(wall.now()), { service: 'data-ingestor' }),
  );
  await tick(1_000);
  fake.goDown();
  await tick(1_000);
  await tick(15_000);
  fake.comeBack();
  await tick(1_000);
  await ingestor.write((batch) =>
    batch.setRecord(Records.heartbeat, heartbeat(wall.now()), { service: 'data-ingestor' }),
  );
  await tick(1_000);
  expect(await alerts()).toEqual(['REDIS_LOST RAISED redis']);
  await ingestor.write((batch) =>
    batch.setRecord(Records.heartbeat, heartbeat(wall.now() + 9_000), { service: 'data-ingestor' }),
  );
  await tick(9_000);
  expect(await alerts()).toEqual(['REDIS_LOST RAISED redis', 'REDIS_LOST RESOLVED redis']);
});

test('without a supervisor log lines go to helios.log as JSON, and an ERROR is an alert', async () => {
  const { ingestor, tick, alerts, wall, stop, logDir } = await startAgent({ writesHeliosLog: true });
  const record = {
    ts: wall.now(),
    service: 'data-ingestor',
    message: 'no recording',
    fields: '{"file":"a.gz","level":"no"}',
  };
  await ingestor.write((batch) => {
    batch.append(Streams.logs, { ...record, level: 'WARN' });
    batch.append(Streams.logs, { ...record, level: 'ERROR' });
  });
  await tick(1_000);
  expect(await alerts()).toEqual(['ERROR_LOGGED RAISED data-ingestor']);
  await stop();
  const lines = (await readFile(join(logDir, 'helios.log'), 'utf8')).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { ts: T0, level: 'WARN', service: 'data-ingestor', message: 'no recording', file: 'a.gz' },
    { ts: T0, level: 'ERROR', service: 'data-ingestor', message: 'no recording', file: 'a.gz' },
  ]);
});

test('a log folder that is not writable is one warning, and the service continues', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'monitoring-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const blocker = join(folder, 'blocked');
  await writeFile(blocker, '');
  const { ingestor, tick, alerts, wall } = await startAgent({ logDir: blocker });
  const beat = (more: Partial<Heartbeat>) =>
    ingestor.write((batch) =>
      batch.setRecord(Records.heartbeat, heartbeat(wall.now(), more), { service: 'data-ingestor' }),
    );
  await beat({ rss_mb: 999 });
  await tick(0);
  const deadline = Date.now() + 5_000;
  while ((await alerts()).length < 2) {
    if (Date.now() > deadline) throw new Error(`no LOG_FILE_FAULT among ${await alerts()}`);
    await new Promise((resolve) => setImmediate(resolve));
    await tick(0);
  }
  await tick(1_000);
  expect(await alerts()).toEqual(['MEMORY_HIGH RAISED data-ingestor', 'LOG_FILE_FAULT RAISED monitoring-agent']);
});

test.each([
  ['MISSING', 'LEDGER_LOST'],
  ['UNWRITABLE', 'LEDGER_UNWRITABLE'],
] as const)(
  'a ledger that is %s raises %s while decision-logger reports it, and only for this run',
  async (code, alert) => {
    const { fake, tick, alerts } = await startAgent();
    const logger = fake.bus('decision-logger');
    const trouble = { run: 'test-run', code, message: 'What happened.', action: 'What to do.', since_ts: T0 };
    await logger.write((batch) => batch.setRecord(Records.ledgerTrouble, { ...trouble, run: 'another' }));
    await tick(1_000);
    expect(await alerts()).toEqual([]);
    await logger.write((batch) => batch.setRecord(Records.ledgerTrouble, trouble));
    await tick(1_000);
    const [newest] = await fake.bus('dashboard-api').getLatest(Streams.alerts, 1);
    expect(newest).toMatchObject({ code: alert, level: 'CRITICAL', message: 'What happened.', action: 'What to do.' });
    await logger.write((batch) => batch.remove(Records.ledgerTrouble));
    await tick(1_000);
    await tick(10_000);
    expect(await alerts()).toEqual([`${alert} RAISED decision-logger`, `${alert} RESOLVED decision-logger`]);
  },
);

test('a decision-logger that waits for its ledger raises no SERVICE_STARTING', async () => {
  const { fake, tick, alerts, wall } = await startAgent();
  const logger = fake.bus('decision-logger');
  const trouble = { run: 'test-run', code: 'MISSING', message: 'Gone.', action: 'Put it back.', since_ts: T0 } as const;
  const beat = () =>
    logger.write((batch) => {
      const starting = { service: 'decision-logger', status: 'STARTING' } as const;
      batch.setRecord(Records.heartbeat, heartbeat(wall.now(), starting), { service: 'decision-logger' });
    });
  await logger.write((batch) => batch.setRecord(Records.ledgerTrouble, trouble));
  const ofLogger = async () => (await alerts()).filter((alert) => alert.endsWith('decision-logger'));
  wall.advance(61_000);
  await beat();
  await tick(0);
  expect(await ofLogger()).toEqual(['LEDGER_LOST RAISED decision-logger']);
  await logger.write((batch) => batch.remove(Records.ledgerTrouble));
  await beat();
  await tick(1_000);
  expect(await ofLogger()).toContain('SERVICE_STARTING RAISED decision-logger');
});

test('a supervisor that checks no service any more is an alert, resolved when it is back', async () => {
  const { fake, tick, alerts } = await startAgent();
  const supervised = { service: 'monitoring-agent', state: 'RUNNING', restarts: 0, changed_ts: T0 } as const;
  const writes = (seen_ts: number) =>
    fake
      .bus('fleet')
      .write((batch) => batch.setField(Maps.supervisedServices, 'monitoring-agent', { ...supervised, seen_ts }));
  const silent = async () => (await alerts()).filter((alert) => alert.startsWith('SUPERVISOR'));
  await writes(T0 + 1);
  for (let i = 0; i < 30; i += 1) await tick(1_000);
  expect(await silent()).toEqual([]);
  await tick(1_000);
  expect(await silent()).toEqual(['SUPERVISOR_SILENT RAISED fleet']);
  await writes(T0 + 2);
  await tick(1_000);
  await tick(10_000);
  expect(await silent()).toEqual(['SUPERVISOR_SILENT RAISED fleet', 'SUPERVISOR_SILENT RESOLVED fleet']);
});

test('a Redis that takes no writes is REDIS_LOST with its cause, and no service counts as silent', async () => {
  const { fake, ingestor, tick, alerts, wall, logDir } = await startAgent();
  const beat = () =>
    ingestor.write((batch) => batch.setRecord(Records.heartbeat, heartbeat(wall.now()), { service: 'data-ingestor' }));
  await beat();
  await tick(1_000);
  const error = new BusUnavailable('REDIS_DISK', 'Redis cannot write its file; most likely the disk is full.');
  fake.refuseWrites({ error, sinceTs: wall.now() });
  for (let seconds = 0; seconds < 60; seconds += 1) await tick(1_000);
  // The file is written behind the check.
  const sent = async () => (await readFile(join(logDir, 'alerts.log'), 'utf8').catch(() => '')).trimEnd().split('\n');
  await expect
    .poll(async () => (await sent()).map((line) => JSON.parse(line || '{}')))
    .toMatchObject([{ code: 'REDIS_LOST', stage: 'RAISED', message: error.message }]);
  fake.refuseWrites(undefined);
  for (let seconds = 0; seconds < 12; seconds += 1) {
    await beat();
    await tick(1_000);
  }
  expect(await alerts()).toEqual(['REDIS_LOST RAISED redis', 'REDIS_LOST RESOLVED redis']);
});
