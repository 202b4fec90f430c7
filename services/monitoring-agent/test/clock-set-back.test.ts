import { Channels, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import { aBook, T0 } from '@helios/shared/testing/builders.ts';
import { expect, test } from 'vitest';
import { createAlertBook } from '../src/alert-book.ts';
import { createLogWatch } from '../src/log-watch.ts';
import { heartbeat, startAgent } from './start-agent.ts';

const HOUR_MS = 3_600_000;

test('a clock set back raises one alert, which ends after a minute', async () => {
  const { tick, alerts, page } = await startAgent();
  await tick(1_000);
  await tick(-HOUR_MS);
  await tick(1_000);
  expect(await alerts()).toEqual(['CLOCK_SET_BACK RAISED monitoring-agent']);
  const [alert] = await page.getLatest(Streams.alerts, 1);
  expect(alert).toMatchObject({ level: 'WARNING', message: 'The machine’s clock was set back by 3600 s.' });
  for (let i = 0; i < 71; i += 1) await tick(1_000);
  const own = (await alerts()).filter((text) => text.startsWith('CLOCK'));
  expect(own).toEqual(['CLOCK_SET_BACK RAISED monitoring-agent', 'CLOCK_SET_BACK RESOLVED monitoring-agent']);
});

test('a service that died before the jump is silent after its timeout, and a missing book is stale after its own', async () => {
  const { ingestor, tick, alerts, wall } = await startAgent();
  await ingestor.write((batch) =>
    batch.setRecord(Records.heartbeat, heartbeat(wall.now()), { service: 'data-ingestor' }),
  );
  const book = aBook({ ts_event: T0 });
  await ingestor.write((batch) => batch.publish(Channels.bookSamples, book, { symbol: 'BTCUSDT' }));
  await tick(1_000);
  await tick(-HOUR_MS);
  for (let i = 0; i < 5; i += 1) await tick(1_000);
  expect(await alerts()).toEqual(['CLOCK_SET_BACK RAISED monitoring-agent']);
  await tick(1_000);
  expect(await alerts()).toContain('SERVICE_SILENT RAISED data-ingestor');
  for (let i = 0; i < 25; i += 1) await tick(1_000);
  expect((await alerts()).filter((text) => text === 'STREAM_STALE RAISED data-ingestor')).toHaveLength(1);
});

test('after the jump an alert without a cause is resolved, and one that lasts is repeated', () => {
  const alertBook = createAlertBook(60_000);
  const silent = { code: 'SERVICE_SILENT', service: 'x', subject: 'x', message: 'silent' } as const;
  const stale = { code: 'STREAM_STALE', service: 'x', subject: 'y', message: 'stale' } as const;
  alertBook.update([silent, stale], T0);
  const sent = alertBook.update([stale], T0 - HOUR_MS);
  expect(sent.map(({ code, stage }) => [code, stage])).toEqual([
    ['STREAM_STALE', 'REPEATED'],
    ['SERVICE_SILENT', 'RESOLVED'],
  ]);
});

test('an error from before the jump is not reported for as long as the jump was', () => {
  const logs = createLogWatch();
  logs.onRecord({ level: 'ERROR', service: 'risk-manager', message: 'x', ts: T0, fields: '{}' });
  expect(logs.check(T0)).toHaveLength(1);
  expect(logs.check(T0 - HOUR_MS)).toEqual([]);
});
