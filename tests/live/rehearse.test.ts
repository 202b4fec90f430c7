import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { bareEnvironment } from '@helios/shared/testing/bare-environment.ts';
import { settingsFolder } from '@helios/shared/testing/settings-folder.ts';
import { findRedisServer } from '@helios/shared/testing/test-redis.ts';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

/** Runs `npm run rehearse` with the operator's real key in the environment, and interrupts it if asked to. */
async function rehearse(args: readonly string[], interruptAt?: string): Promise<{ code: number; text: string }> {
  const redis = findRedisServer();
  const script = join(ROOT, 'packages/fleet/src/rehearse/rehearse.ts');
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...bareEnvironment(),
      HOME: settingsFolder(),
      HELIOS_REDIS_SERVER: redis.path,
      ...(redis.libraryPath ? { LD_LIBRARY_PATH: redis.libraryPath } : {}),
      ...{ BINANCE_API_KEY: 'R3al'.repeat(16), BINANCE_API_SECRET: 'S3cr3t'.repeat(11), BINANCE_TESTNET: 'false' },
    },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (interruptAt !== undefined && chunk.includes(interruptAt)) child.kill('SIGINT');
    });
  const [code] = await once(child, 'close');
  return { code, text };
}

test('a rehearsal trades on a local exchange, breaks no rule, and leaves the account flat', async () => {
  const { code, text } = await rehearse(['--minutes', '0.6', '--calm']);
  expect(code, text).toBe(0);
  expect(text).toMatch(/fills {7}\d\d? of \d/);
  expect(text).toContain('rules       none broken');
  expect(text).toContain('the venue shows no position and no order');
  expect(text).toContain('CUSTOM VENUE at 127.0.0.1');
}, 180_000);

test('Ctrl-C ends a rehearsal early, with Flatten and its report', async () => {
  const { text } = await rehearse(['--minutes', '10'], 'the fleet trades');
  expect(text).toContain('Flatten is pressed');
  expect(text).toContain('the venue shows no position and no order');
  expect(text).toContain('All services have ended');
}, 180_000);
