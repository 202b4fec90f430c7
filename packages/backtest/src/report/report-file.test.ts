import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCommandLine } from '@helios/shared/runtime/cli/run-command.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reportFileOf } from './report-file.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'helios-report-file-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const fileOf = (...args: string[]) => reportFileOf(readCommandLine('backtest', args), 'json', folder);

test('a report goes to the named file, from the folder of the command', () => {
  expect(fileOf('--json', 'a.json')).toBe(join(folder, 'a.json'));
  expect(fileOf()).toBeUndefined();
});

test('a report that cannot be written is refused before the run', () => {
  expect(() => fileOf('--json', 'missing/a.json')).toThrow(/--json: there is no folder .*missing. Create it/);
  expect(() => fileOf('--json', '.')).toThrow(/is a folder. Name a file/);
});
