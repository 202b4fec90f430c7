import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadSettings } from './load-settings.ts';
import { parseRedisUrl } from './redis-url.ts';

function systemOf(env: NodeJS.ProcessEnv) {
  const root = mkdtempSync(join(tmpdir(), 'helios-url-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return loadSettings({ env, root });
}

test.each([
  ['redis://cache.local', ['cache.local', 6379, 0, '', '', false]],
  ['redis://cache.local:6390/3', ['cache.local', 6390, 3, '', '', false]],
  ['redis://:p%40ss@10.0.0.1:6379', ['10.0.0.1', 6379, 0, '', 'p@ss', false]],
  ['rediss://bob:secret@[::1]:6380/15', ['::1', 6380, 15, 'bob', 'secret', true]],
])('%s', (text, [host, port, db, user, password, tls]) => {
  expect(parseRedisUrl(text)).toEqual({
    'system.redis_host': host,
    'system.redis_port': port,
    'system.redis_db': db,
    'system.redis_username': user,
    'system.redis_password': password,
    'system.redis_tls': tls,
  });
});

test.each([
  ['http://cache.local', /not a Redis address/],
  ['cache.local:6379', /not a Redis address/],
  ['redis://cache.local/16', /no database number from 0 to 15/],
  ['redis://cache.local/0?timeout=5', /more than host, port and database/],
  ['redis://a:100%@cache.local', /without a character code/],
])('%s is rejected without being quoted', (text, what) => {
  const refused = parseRedisUrl(text) as { what: string; fix: string };
  expect(refused.what).toMatch(what);
  expect(refused.what + refused.fix).not.toContain('cache.local');
});

test('REDIS_URL replaces all six settings, each with it as its origin', () => {
  const { settings, origins } = systemOf({ REDIS_URL: 'rediss://bob:hunter2@cache.local:6390/3' });
  expect(settings.system).toMatchObject({
    redis_host: 'cache.local',
    redis_port: 6390,
    redis_db: 3,
    redis_username: 'bob',
    redis_password: 'hunter2',
    redis_tls: true,
  });
  expect(origins['system.redis_host']).toBe('environment REDIS_URL');
});

test('an address that contradicts a setting is rejected with both names; one that agrees is accepted', () => {
  expect(() => systemOf({ REDIS_URL: 'redis://:hunter2@cache.local', REDIS_PORT: '6390' })).toThrow(
    /environment REDIS_URL and environment REDIS_PORT: system\.redis_url and system\.redis_port contradict each other/,
  );
  expect(systemOf({ REDIS_URL: 'redis://cache.local:6390', REDIS_PORT: '6390' }).settings.system.redis_port).toBe(6390);
});

test('user and password may be set separately from an address without them', () => {
  const { settings } = systemOf({ REDIS_URL: 'redis://cache.local', REDIS_USERNAME: 'bob', REDIS_PASSWORD: 'hunter2' });
  expect(settings.system).toMatchObject({ redis_username: 'bob', redis_password: 'hunter2' });
  expect(() => systemOf({ REDIS_URL: 'redis://:other@cache.local', REDIS_PASSWORD: 'hunter2' })).toThrow(
    /system\.redis_url and system\.redis_password contradict each other/,
  );
});

test('a wrong address ends the start without showing its password', () => {
  let message = '';
  try {
    systemOf({ REDIS_URL: 'http://bob:hunter2@cache.local' });
  } catch (error) {
    message = String(error);
  }
  expect(message).toMatch(/environment REDIS_URL: system\.redis_url is not a Redis address/);
  expect(message).not.toContain('hunter2');
});
