import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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

test('a report never replaces a file that is read, or another report', () => {
  const data = join(folder, 'data.csv');
  writeFileSync(data, 'time,open\n');
  symlinkSync(data, join(folder, 'link.json'));
  expect(() => fileOf('--data', 'data.csv', '--json', 'data.csv')).toThrow(
    /--json: the report would replace .*data\.csv, which --data reads. Name another file/,
  );
  expect(() => fileOf('--data', 'data.csv', '--json', 'link.json')).toThrow(/which --data reads/);
  expect(() => fileOf('--compare', 'a.json', '--json', './a.json')).toThrow(/which --compare reads/);
  expect(() => fileOf('--json', 'a.json', '--html', 'a.json')).toThrow(/--json and --html name the same file/);
  expect(() => fileOf('--json', '/dev/null', '--html', '/dev/null')).not.toThrow();
});
