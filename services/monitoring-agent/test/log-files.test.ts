import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { silentLog } from '@helios/shared/testing/silent-log.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLogFiles } from '../src/log-files.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'monitoring-log-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a megabyte of helios.log is 1,048,576 bytes, as in the supervisor', async () => {
  const { system } = defaultSettings({ system: { log_dir: folder, log_max_mb: 1 } });
  const files = openLogFiles(system, true, silentLog);
  const record = { ts: T0, level: 'WARN', service: 'data-ingestor', message: 'm', fields: '{}' } as const;
  const lineBytes = JSON.stringify({ level: 'WARN', service: 'data-ingestor', ts: T0, message: '' }).length + 1;
  const write = (bytes: number) => files.writeLog({ ...record, message: 'x'.repeat(bytes - lineBytes) });
  write(600_000);
  write(448_576);
  await files.close();
  expect(await readdir(folder)).toEqual(['helios.log']);
});
