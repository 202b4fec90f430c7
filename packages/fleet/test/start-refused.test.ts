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

describe('a start that cannot go on', () => {
  it('uses a Redis that is there only when its database is ours', async () => {
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
      // It was there before, so it stays.
      expect(await redis.call('GET', 'somebody')).toBe('else');
    } finally {
      await redis.stop();
    }
  });

  it('says so when the Redis wants a password', async () => {
    const redis = await startTestRedis({ port, password: 'right' });
    try {
      const fleet = startFleet();
      expect(await fleet.ended).toBe(1);
      expect(fleet.said()).toMatch(/refused the password\. Set REDIS_PASSWORD[\s\S]*in another folder, set REDIS_PORT/);
    } finally {
      await redis.stop();
    }
  });

  it('starts a private Redis with the password that is set, and shows it nowhere', async () => {
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
    ['REDIS_PORT', /taken by something that is no Redis \(it answers “HTTP\/1\.1 400[\s\S]*REDIS_PORT=/],
    ['DASHBOARD_PORT', /the port is already taken[\s\S]*DASHBOARD_PORT=/],
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

  it('says so when there is no redis-server to start', async () => {
    env['HELIOS_REDIS_SERVER'] = join(root, 'no-such-server');
    const fleet = startFleet();
    expect(await fleet.ended).toBe(1);
    expect(fleet.said()).toMatch(/did not start on 127\.0\.0\.1:\d+: not started: ENOENT/);
  });

  it('does not start a Redis for another machine', async () => {
    env['REDIS_HOST'] = '192.0.2.1';
    const fleet = startFleet();
    expect(await fleet.ended).toBe(1);
    expect(fleet.said()).toMatch(/192\.0\.2\.1:\d+ (cannot be reached|\(connection refused\))[\s\S]*REDIS_HOST/);
    expect(notes()).toEqual([]);
  });

  it('tells a recording that is missing before anything starts', async () => {
    const fleet = startFleet('--replay', 'missing.gz');
    expect(await fleet.ended).toBe(1);
    expect(fleet.said()).toMatch(/missing\.gz: does not exist/);
    expect(existsSync(join(root, '.helios'))).toBe(false);
  });
});
