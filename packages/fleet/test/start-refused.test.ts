import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { Records } from '@helios/shared/contracts/catalog.ts';
import { connectBus } from '@helios/shared/runtime/redis-bus.ts';
import { probeRedis } from '@helios/shared/runtime/redis-probe.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { silentLog } from '@helios/shared/testing/silent-log.ts';
import { startTestRedis } from '@helios/shared/testing/test-redis.ts';
import { describe, expect, it } from 'vitest';
import { BOOT_MS, env, notes, port, redisPid, root, SERVICES, startFleet, useFleetHarness } from './fleet-harness.ts';

useFleetHarness();

describe('a start that cannot continue', () => {
  it('uses a running Redis only if its database is ours', async () => {
    const redis = await startTestRedis({ port });
    try {
      await redis.call('SET', 'somebody', 'else');
      const refused = startFleet();
      expect(await refused.ended).toBe(1);
      expect(refused.said()).toMatch(/not ours \(somebody\)[\s\S]*REDIS_DB=1[\s\S]*REDIS_PORT=6380/);
      env['REDIS_DB'] = '1';
      env['FAKE_BEHAVIOUR'] = SERVICES.map((name) => `${name}=settings-error`).join(',');
      const taken = startFleet();
      await eventually('claimed', () => /Mode: SYNTHETIC/.test(taken.said()), BOOT_MS);
      const bus = await connectBus('fleet', { host: redis.host, port, db: 1, log: silentLog, connectTimeoutMs: 5_000 });
      expect(await bus.getRecord(Records.fleetMode)).toMatchObject({ mode: 'synthetic' });
      await bus.close();
      taken.kill('SIGTERM');
      expect(await taken.ended).toBe(0);
      // The fleet did not start this Redis, so it keeps running.
      expect(await redis.call('GET', 'somebody')).toBe('else');
    } finally {
      await redis.stop();
    }
  });

  it('says that the Redis needs a password', async () => {
    const redis = await startTestRedis({ port, password: 'right' });
    try {
      const fleet = startFleet();
      expect(await fleet.ended).toBe(1);
      expect(fleet.said()).toMatch(/refused the password\. Set REDIS_PASSWORD[\s\S]*in another folder, set REDIS_PORT/);
    } finally {
      await redis.stop();
    }
  });

  it('starts a private Redis with the configured password, and never shows it', async () => {
    env['REDIS_PASSWORD'] = 'correct "horse" \\ battery';
    env['FAKE_BEHAVIOUR'] = SERVICES.map((name) => `${name}=settings-error`).join(',');
    const fleet = startFleet();
    await eventually('running', () => /Redis: a private one/.test(fleet.said()), BOOT_MS);
    expect((await probeRedis('127.0.0.1', port)).kind).toBe('PASSWORD_NEEDED');
    await eventually('claimed', () => /Mode: SYNTHETIC/.test(fleet.said()));
    const commandLine = readFileSync(`/proc/${await redisPid()}/cmdline`, 'utf8');
    expect(commandLine).not.toContain('horse');
    fleet.kill('SIGTERM');
    expect(await fleet.ended).toBe(0);
    expect(fleet.said()).not.toContain('horse');
    expect(readFileSync(join(root, 'logs', 'helios.log'), 'utf8')).not.toContain('horse');
  });

  it.each([
    [
      'REDIS_PORT',
      /Another program, not a Redis, listens on port \d+ of [\s\S]*\(it answers “HTTP\/1\.1 400[\s\S]*REDIS_PORT=/,
    ],
    ['DASHBOARD_PORT', /another program uses the port[\s\S]*DASHBOARD_PORT=/],
  ])('names %s when its port is taken', async (name, message) => {
    const web = createServer().listen(Number(env[name]), '127.0.0.1');
    await once(web, 'listening');
    try {
      const fleet = startFleet();
      expect(await fleet.ended).toBe(1);
      expect(fleet.said()).toMatch(message);
      expect(notes()).toEqual([]);
    } finally {
      web.close();
      await once(web, 'close');
    }
  });

  it('says that no redis-server is installed', async () => {
    env['HELIOS_REDIS_SERVER'] = join(root, 'no-such-server');
    const fleet = startFleet();
    expect(await fleet.ended).toBe(1);
    expect(fleet.said()).toMatch(/did not start on 127\.0\.0\.1:\d+: not started: ENOENT/);
  });

  it('does not start a private Redis for an address of another machine', async () => {
    env['REDIS_HOST'] = '192.0.2.1';
    const fleet = startFleet();
    expect(await fleet.ended).toBe(1);
    expect(fleet.said()).toMatch(/(Cannot reach the Redis|No Redis answers) at 192\.0\.2\.1:\d+ \([\s\S]*REDIS_HOST/);
    expect(notes()).toEqual([]);
  });

  it('names a missing recording before anything starts', async () => {
    const fleet = startFleet('--replay', 'missing.gz');
    expect(await fleet.ended).toBe(1);
    expect(fleet.said()).toMatch(/missing\.gz: does not exist/);
    expect(existsSync(join(root, '.helios'))).toBe(false);
  });
});
