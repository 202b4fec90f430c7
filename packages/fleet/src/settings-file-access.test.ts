import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkSettingsFileAccess } from './settings-file-access.ts';
import { StartRefused } from './start-refused.ts';

const SECRET = 'vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'helios-env-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function check(text: string, mode: number, file = '.env'): string[] {
  mkdirSync(join(root, 'config'), { recursive: true });
  writeFileSync(join(root, file), text);
  chmodSync(join(root, file), mode);
  return checkSettingsFileAccess('/nowhere', { HELIOS_SETTINGS_DIR: root });
}

test.each([0o644, 0o640, 0o604, 0o602])('the start refuses a file with the API secret and mode %o', (mode) => {
  const refused = () => check(`BINANCE_API_SECRET=${SECRET}\n`, mode);
  expect(refused).toThrow(StartRefused);
  expect(refused).toThrow(`(mode ${mode.toString(8)})`);
  expect(refused).toThrow('chmod 600 .env');
  expect(refused).not.toThrow(SECRET);
});

test('another secret causes a warning with the command to type', () => {
  expect(check('REDIS_PASSWORD=abcdef\n', 0o644)).toEqual([
    '.env holds secrets, and other users of this machine can read or change it (mode 644): chmod 600 .env',
  ]);
});

test('a private file, a file without secrets and a missing file cause no warning', () => {
  expect(check(`BINANCE_API_SECRET=${SECRET}\n`, 0o600)).toEqual([]);
  expect(check('BINANCE_API_SECRET=your_actual_api_secret_here\nREDIS_PASSWORD=\nLEVERAGE=5\n', 0o644)).toEqual([]);
  rmSync(join(root, '.env'));
  expect(checkSettingsFileAccess(root, {})).toEqual([]);
});

test('config/config.ini is checked like .env', () => {
  const ini = 'config/config.ini';
  expect(() => check(`[binance]\napi_secret = ${SECRET}\n`, 0o644, ini)).toThrow(/config\.ini holds the API secret/);
  expect(check('[dashboard]\npassword = hunter2\n', 0o644, ini)).toEqual([
    'config/config.ini holds secrets, and other users of this machine can read or change it (mode 644): chmod 600 config/config.ini',
  ]);
  expect(check('[signals]\ncooldown_sec = 9\n', 0o644, ini)).toEqual([]);
});
