import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { TriedSettings } from '../src/cache/tried-settings.ts';
import { TrialFailed, TrialThrew } from '../src/threads/thread-runner.ts';
import { TolerantRunner } from '../src/threads/tolerant-runner.ts';
import { type DataPart, trialOf } from '../src/trial.ts';

const folder = mkdtempSync(join(tmpdir(), 'helios-tried-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const dataOf = (...hashes: string[]): DataPart => ({
  files: hashes.map((sha256) => ({ option: 'data', path: `/${sha256}.csv`, sha256 })),
  ...{ options: {}, fromTs: 0, toTs: 1 },
});
const trialsOn = (data: DataPart, thresholds: readonly number[], code = 'code') =>
  thresholds.map((value) => trialOf({ 'signals.nobi_threshold': String(value) }, data, code));

test('settings of earlier searches on the same data count once each, whatever the code and the time', async () => {
  const tried = new TriedSettings(join(folder, 'tried'));
  const january = dataOf('january');
  const both = dataOf('january', 'february');
  expect(await tried.add(january, trialsOn(january, [0.3, 0.4]))).toBe(0);
  // The same search again, and the same settings with other code, are nothing new.
  expect(await tried.add(january, trialsOn(january, [0.3, 0.4]))).toBe(0);
  expect(await tried.add(january, trialsOn(january, [0.4, 0.3], 'other'))).toBe(0);
  expect(readdirSync(join(folder, 'tried'))).toHaveLength(1);
  expect(await tried.add(both, trialsOn({ ...both, toTs: 9 }, [0.4, 0.5]))).toBe(1);
  expect(await tried.add(january, trialsOn(january, [0.6]))).toBe(3);
  expect(await tried.add(dataOf('march'), trialsOn(dataOf('march'), [0.7]))).toBe(0);
});

test('a file of them that is damaged is an error: fewer trials would look like more proof', async () => {
  const damaged = join(folder, 'damaged');
  const tried = new TriedSettings(damaged);
  await tried.add(dataOf('a'), trialsOn(dataOf('a'), [0.3]));
  writeFileSync(join(damaged, readdirSync(damaged)[0] ?? ''), '{"files":');
  await expect(tried.add(dataOf('a'), trialsOn(dataOf('a'), [0.4]))).rejects.toThrow();
});

test('a trial that throws is FAILED and the search goes on; data that cannot be played end it', async () => {
  const [trial] = trialsOn(dataOf('a'), [0.3]);
  if (trial === undefined) throw new Error('no trial');
  const runnerOf = (error: Error) => new TolerantRunner({ run: () => Promise.reject(error), close: async () => {} });
  expect(await runnerOf(new TrialThrew('a fault of ours')).run(trial)).toEqual({
    ...{ kind: 'FAILED', id: trial.id, reason: 'a fault of ours' },
  });
  await expect(runnerOf(new TrialFailed('no such file')).run(trial)).rejects.toThrow('no such file');
});
