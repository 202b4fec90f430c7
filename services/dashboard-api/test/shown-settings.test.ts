import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { shownSettings } from '../src/shown-settings.ts';

const root = mkdtempSync(join(tmpdir(), 'helios-shown-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** `key` → value and origin, as in /api/config. */
function shown(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(shownSettings(env, root).map(({ key, value, origin }) => [key, `${value}, ${origin}`]));
}

test('settings of other processes are not shown as unset', () => {
  const unknown = '(not known here), withheld';
  expect(shown({})).toMatchObject({
    ALLOW_PUBLIC_MODE: unknown,
    ALLOW_SYNTHETIC: unknown,
    LIVE_TRADING_CONFIRM: unknown,
    api_key: unknown,
    api_secret: unknown,
    client_id: unknown,
    client_secret: unknown,
    connection_string: unknown,
    redis_password: '(not set), default',
    leverage: '5, default',
  });
});

test('settings are shown with their origin, own secrets masked, those of others withheld', () => {
  writeFileSync(join(root, '.env'), `BINANCE_API_KEY=${'k'.repeat(64)}\nREDDIT_CLIENT_SECRET=reddit-secret\n`);
  expect(shown({ ALLOW_SYNTHETIC: 'true', DASHBOARD_PASSWORD: 'open-sesame' })).toMatchObject({
    ALLOW_SYNTHETIC: 'true, environment ALLOW_SYNTHETIC',
    ALLOW_PUBLIC_MODE: '(not known here), withheld',
    api_key: '(not known here), withheld',
    client_secret: '(not known here), withheld',
    password: '********, environment DASHBOARD_PASSWORD',
  });
});
