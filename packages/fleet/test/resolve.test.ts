import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningExchange, startExchange } from '@helios/exchange-simulator/start-exchange.ts';
import { bareEnvironment } from '@helios/shared/testing/bare-environment.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { startTestRedis } from '@helios/shared/testing/test-redis.ts';
import { expect, onTestFinished, test } from 'vitest';

/** Made up, in the venue's format. */
const KEY = { apiKey: 'q7Wd2ZkR9fLx4TbN'.repeat(4), apiSecret: 'u3Hs8YvJ6mCp1GzA'.repeat(4) };

/** Runs the resolver of the compose files as a process, with its own venue and Redis. */
async function resolver(secret: string, faults: Parameters<RunningExchange['setFaults']>[0] = []) {
  const redis = await startTestRedis();
  onTestFinished(() => redis.stop());
  const venue = await startExchange({ market: { kind: 'generator', symbols: ['BTCUSDT'] }, key: KEY });
  onTestFinished(() => venue.stop());
  await venue.setFaults(faults);
  const folder = mkdtempSync(join(tmpdir(), 'helios-resolve-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const child = spawn(process.execPath, [join(import.meta.dirname, '../src/resolve.ts')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...bareEnvironment(),
      ...{ HELIOS_SETTINGS_DIR: folder, REDIS_PORT: String(redis.port) },
      ...{ ALLOW_PUBLIC_MODE: 'true', BINANCE_REST_URL: venue.url },
      ...{ BINANCE_API_KEY: KEY.apiKey, BINANCE_API_SECRET: secret },
    },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  const ended = once(child, 'close').then(([code, signal]) => code ?? signal);
  return { venue, child, ended, said: () => said, mode: () => redis.call('HGET', 'fleet:mode', 'mode') };
}

test('credentials that the venue accepts give the mode live, and appear in no output', async () => {
  const { ended, said, mode } = await resolver(KEY.apiSecret);
  expect(await ended).toBe(0);
  expect(said()).toMatch(
    /Credentials: accepted by the venue[\s\S]*Doctor: \d+ checks, no fault[\s\S]*Mode: LIVE · network testnet, CUSTOM VENUE at .* orders go to the venue/,
  );
  for (const hidden of Object.values(KEY)) expect(said()).not.toContain(hidden);
  expect(await mode()).toBe('live');
}, 60_000);

test('refused credentials give no mode, even if other modes are allowed', async () => {
  const { ended, said, mode } = await resolver('e5Xn0QiB7rKw2VtD'.repeat(4));
  expect(await ended).toBe(1);
  expect(said()).toContain('The venue refuses the credentials, so nothing was started');
  expect(await mode()).toBeNull();
}, 60_000);

test('the resolver waits while the venue is down, and a signal ends it at once', async () => {
  const { child, ended, said, venue, mode } = await resolver(KEY.apiSecret, [{ fault: 'status', status: 503 }]);
  await eventually('the resolver names the fault', () => said().includes('not verified yet (DOWN)'), 30_000);
  child.kill('SIGTERM');
  expect(await ended).toBe('SIGTERM');
  expect(await mode()).toBeNull();
  expect(venue.requests().paths['/fapi/v3/account']).toBeUndefined();
}, 60_000);
