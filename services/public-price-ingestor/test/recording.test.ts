import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkDataFiles } from '@helios/market-data/check/check-data-files.ts';
import { Records } from '@helios/shared/contracts/catalog.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { expect, onTestFinished, test } from 'vitest';
import { createIngestorHarness, SYMBOLS } from './ingestor-harness.ts';

test('public mode records the streams of its symbols, without faults, while it polls', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'helios-public-'));
  const harness = await createIngestorHarness({ recordInto: folder });
  const service = await harness.start();
  onTestFinished(async () => {
    await service.stop();
    await harness.stop();
    rmSync(folder, { recursive: true });
  });
  const filesIn = (path: string): string[] =>
    (existsSync(path) ? readdirSync(path) : []).map((name) => join(path, name));
  const files = () => filesIn(folder).flatMap(filesIn);
  await eventually('some seconds of frames', () => files().some((file) => statSync(file).size > 30_000), 60_000);
  await eventually('a polled book', () => harness.of('book').length > 0, 30_000);
  const statusOf = () => harness.fake.bus('monitoring-agent').getRecord(Records.recordingStatus);
  await eventually('the report', async () => ((await statusOf())?.lines ?? 0) > 0, 30_000);
  expect(await statusOf()).toMatchObject({ dropped: 0 });
  expect(await statusOf()).not.toHaveProperty('trouble');
  await service.stop();
  expect(service.faults).toEqual([]);
  for await (const { symbols, faults } of checkDataFiles(files(), 'usdm')) {
    expect(faults).toEqual([]);
    expect([...symbols.keys()].toSorted()).toEqual(SYMBOLS);
    for (const { snapshots } of symbols.values()) expect(snapshots).toBeGreaterThan(0);
  }
}, 120_000);
