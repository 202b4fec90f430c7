import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { bareEnvironment } from '@helios/shared/testing/bare-environment.ts';
import { settingsFolder } from '@helios/shared/testing/settings-folder.ts';
import { findRedisServer } from '@helios/shared/testing/test-redis.ts';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
/** Its plan: execution-manager and Redis die between a fill and its stop, a lost answer, 429, Redis and signal-engine killed, a slow Redis. */
const SEED = '186';

test('a live fleet whose venue and network fail and whose processes die trades again, and breaks no rule', async () => {
  const redis = findRedisServer();
  const args = ['--seed', SEED, '--minutes', '0.92'];
  const child = spawn(process.execPath, [join(ROOT, 'packages/fleet/src/chaos/chaos.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...bareEnvironment(),
      HOME: settingsFolder(),
      HELIOS_REDIS_SERVER: redis.path,
      ...(redis.libraryPath ? { LD_LIBRARY_PATH: redis.libraryPath } : {}),
    },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  const [code] = await once(child, 'close');
  expect(code, text).toBe(0);
  expect(text).toContain(`VERDICT seed ${SEED}: no rule broken`);
  expect(text).toMatch(/The fleet trades again after \d+ ms/);
  expect(text).toContain('rules       none broken');
  expect(text).toContain('the venue shows no position and no order');
}, 240_000);
