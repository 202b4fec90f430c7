import { Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { RecordingStatus } from '@helios/shared/domain/recording-status.ts';
import { T0 } from '@helios/shared/testing/builders.ts';
import { expect, test } from 'vitest';
import { startAgent } from './start-agent.ts';

type Trouble = NonNullable<RecordingStatus['trouble']>;
const FULL: Trouble = { code: 'DISK_FULL', message: 'The disk is full.' };
const SILENT: Trouble = { code: 'SILENT', message: 'Nothing has come for 121 s.' };

async function started() {
  const agent = await startAgent({ mode: { mode: 'public', source: undefined } });
  const ingestor = agent.fake.bus('public-price-ingestor');
  const report = (trouble?: Trouble, run = 'test-run') =>
    ingestor.write((batch) =>
      batch.setRecord(Records.recordingStatus, { run, ts: T0, lines: 5, dropped: 7, ...(trouble && { trouble }) }),
    );
  const ofRecording = async () => (await agent.alerts()).filter((alert) => alert.startsWith('RECORDING'));
  return { ...agent, ingestor, report, ofRecording };
}

test('a recording that cannot be written is an alert of its ingestor, until it is written again', async () => {
  const { fake, tick, report, ofRecording } = await started();
  await report(FULL, 'another');
  await tick(1_000);
  expect(await ofRecording()).toEqual([]);
  await report(FULL);
  await tick(1_000);
  const newest = await fake.bus('dashboard-api').getLatest(Streams.alerts, 1);
  expect(newest).toMatchObject([
    { code: 'RECORDING_FAULT', level: 'WARNING', message: 'The disk is full. 7 messages are missing since its start.' },
  ]);
  await report();
  await tick(1_000);
  await tick(10_000);
  expect(await ofRecording()).toEqual([
    'RECORDING_FAULT RAISED public-price-ingestor',
    'RECORDING_FAULT RESOLVED public-price-ingestor',
  ]);
});

test('silent streams are an alert with their own advice, but none beside VENUE_AWAY', async () => {
  const { fake, ingestor, tick, report, ofRecording } = await started();
  await ingestor.write((batch) => batch.setRecord(Records.venueStatus, { state: 'DOWN' }));
  await report(SILENT);
  await tick(1_000);
  expect(await ofRecording()).toEqual([]);
  await ingestor.write((batch) => batch.setRecord(Records.venueStatus, { state: 'ANSWERING' }));
  await tick(1_000);
  expect(await ofRecording()).toEqual(['RECORDING_FAULT RAISED public-price-ingestor']);
  const all = await fake.bus('dashboard-api').getLatest(Streams.alerts, 9);
  expect(all.find(({ code }) => code === 'RECORDING_FAULT')?.action).toContain('WebSockets');
});
