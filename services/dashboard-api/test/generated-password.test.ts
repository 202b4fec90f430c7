import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@helios/shared/runtime/logger.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPasswordCheck } from '../src/auth/password-check.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'helios-password-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a generated password is in a file of its owner, and in no log line', async () => {
  const lines: string[] = [];
  const log = createLogger({ service: 'dashboard-api', level: 'debug', write: (line) => lines.push(line) });
  const check = await openPasswordCheck('', folder, log);
  const file = join(folder, 'dashboard-password');
  const password = readFileSync(file, 'utf8').trim();
  expect(password.length).toBeGreaterThanOrEqual(16);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await check.isRight(password)).toBe(true);
  expect(lines.join('')).not.toContain(password);
  expect(lines.join('')).toContain(file);
  expect(lines.join('')).toContain('delete dashboard-auth.json');
});
