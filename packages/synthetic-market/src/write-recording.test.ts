import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sampleRecording } from './sample-recording.ts';
import { writeGeneratedRecording } from './write-recording.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'helios-recording-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('writes a file that the recording reader reads, the same for the same seed, plain or gzipped', async () => {
  const market = { seed: 11, symbols: ['BTCUSDT', 'SOLUSDT'], seconds: 20 };
  const plain = join(folder, 'a.dat');
  const gzipped = join(folder, 'b.gz');
  await writeGeneratedRecording({ ...market, file: plain });
  await writeGeneratedRecording({ ...market, file: gzipped });
  expect(gunzipSync(await readFile(gzipped))).toEqual(await readFile(plain));

  const sampler = await sampleRecording([gzipped], 'usdm', (fault) => expect(fault).toBeUndefined());
  expect(sampler.faults).toBe(0);
  expect([...sampler.results().keys()].sort()).toEqual(['BTCUSDT', 'SOLUSDT']);
  for (const [, samples] of sampler.results()) {
    expect(samples.depthUpdates).toBeGreaterThan(190);
    expect([samples.faults, samples.tickersDiffering]).toEqual([0, 0]);
    expect(samples.tickersCompared).toBeGreaterThan(100);
  }
});
