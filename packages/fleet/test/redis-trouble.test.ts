import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Records } from '@helios/shared/contracts/catalog.ts';
import { connectBus } from '@helios/shared/runtime/redis-bus.ts';
import { probeRedis } from '@helios/shared/runtime/redis-probe.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { silentLog } from '@helios/shared/testing/silent-log.ts';
import { startTestRedis, type TestRedis } from '@helios/shared/testing/test-redis.ts';
import { describe, expect, it } from 'vitest';
import {
  BOOT_MS,
  env,
  notes,
  port,
  privateRedis,
  redisPid,
  root,
  startFleet,
  supervised,
  useFleetHarness,
} from './fleet-harness.ts';

useFleetHarness();

describe('a fleet whose Redis is in trouble', () => {
  it('refuses a Redis that evicts keys, before any service starts', async () => {
    const limits = ['--maxmemory', '300mb', '--maxmemory-policy', 'allkeys-lru'];
    const redis = await startTestRedis({ port, arguments: limits });
    try {
      const fleet = startFleet();
      let hasEnded = false;
      void fleet.ended.then(() => {
        hasEnded = true;
      });
      await eventually('the fleet ends or comes up', () => hasEnded || /^READY/m.test(fleet.said()), BOOT_MS);
      expect(fleet.said()).toMatch(/maxmemory-policy allkeys-lru[\s\S]*CONFIG SET maxmemory-policy noeviction/);
      expect(await fleet.ended).toBe(1);
      expect(notes()).toEqual([]);
    } finally {
      await redis.stop();
    }
  });

  it('restarts a killed service, and a killed Redis with its data', async () => {
    const fleet = startFleet();
    await fleet.ready();
    const victim = notes().find(({ service }) => service === 'signal-engine')?.pid ?? 0;
    process.kill(victim, 'SIGKILL');
    await eventually('restarted', async () => {
      const known = (await supervised())['signal-engine'];
      return known?.state === 'RUNNING' && known.restarts === 1 && known.last_end === 'SIGKILL' && known.pid !== victim;
    });
    const redis = await redisPid();
    process.kill(redis, 'SIGKILL');
    await eventually(
      'redis is back',
      async () => (await redisPid()) !== redis && (await probeRedis('127.0.0.1', port)).kind === 'PASSWORD_NEEDED',
    );
    const bus = await connectBus('fleet', { ...privateRedis(), log: silentLog, connectTimeoutMs: 5_000 });
    expect(await bus.getRecord(Records.fleetMode)).toMatchObject({ run: 'synthetic:seed:1' });
    await bus.close();
    expect(fleet.said()).toMatch(/redis +CRASHED +SIGKILL; started again at once/);
    fleet.kill('SIGTERM');
    expect(await fleet.ended).toBe(0);
  });

  // If the loss happens between two reads, the supervisor sees the earlier mode and no mark. It reports that and writes both.
  it.each([
    ['empty', (redis: TestRedis) => redis.call('FLUSHALL'), /Redis had no fleet:(mode|schema)/],
    [
      'older',
      async (redis: TestRedis) => {
        await redis.call('DEL', 'fleet:schema');
        await redis.call('HSET', 'fleet:mode', 'session', 'earlier', 'resolved_ts', 1);
      },
      /fleet:mode of an earlier start|had no fleet:schema/,
    ],
    [
      'with a mode that was typed in',
      (redis: TestRedis) => redis.call('HSET', 'fleet:mode', 'mode', 'live', 'network', 'mainnet'),
      /Somebody overwrote fleet:mode \(live, mainnet\)\. Helios wrote it again: synthetic, none/,
    ],
  ])('continues with a Redis that comes back %s: writes the mark and the mode again', async (_, lose, report) => {
    const redis = await startTestRedis({ port });
    try {
      const fleet = startFleet();
      await fleet.ready();
      await lose(redis);
      await eventually('the loss is reported', () => report.test(fleet.said()), BOOT_MS);
      const bus = await connectBus('fleet', { host: '127.0.0.1', port, db: 0, log: silentLog });
      expect(await bus.getRecord(Records.fleetMode)).toMatchObject({ mode: 'synthetic', run: 'synthetic:seed:1' });
      await bus.close();
      fleet.kill('SIGTERM');
      expect(await fleet.ended).toBe(0);
      const again = startFleet();
      await again.ready();
      again.kill('SIGTERM');
      expect(await again.ended).toBe(0);
    } finally {
      await redis.stop();
    }
  });

  it('ends when a later start has taken its Redis over, and logs why', async () => {
    env['LOG_LEVEL'] = 'warn';
    const redis = await startTestRedis({ port });
    try {
      const fleet = startFleet();
      await fleet.ready();
      await redis.call('HSET', 'fleet:mode', 'session', 'later', 'resolved_ts', Date.now() + 60_000);
      expect(await fleet.ended).toBe(1);
      const why = 'Another start has taken this Redis over';
      expect(fleet.said()).toContain(why);
      // In the background nobody reads the console, so the log has the lines too, except the password.
      const kept = readFileSync(join(root, 'logs', 'helios.log'), 'utf8');
      for (const line of [why, 'All 5 services are running.', 'All services have ended']) expect(kept).toContain(line);
      expect(kept).not.toContain(/Password: {2}(\S+)/.exec(fleet.said())?.[1]);
      expect(kept).toContain('new password is [hidden]');
    } finally {
      await redis.stop();
    }
  });
});
