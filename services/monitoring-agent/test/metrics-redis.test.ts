import { Values } from '@helios/shared/contracts/catalog.ts';
import { wallClock } from '@helios/shared/runtime/clock.ts';
import { PriceBoard } from '@helios/shared/runtime/price-board.ts';
import { connectBus } from '@helios/shared/runtime/redis-bus.ts';
import { aMode } from '@helios/shared/testing/builders.ts';
import { silentLog } from '@helios/shared/testing/silent-log.ts';
import { startTestRedis } from '@helios/shared/testing/test-redis.ts';
import { expect, onTestFinished, test } from 'vitest';
import { MetricsGatherer } from '../src/metrics/metrics-gatherer.ts';

test('dashboard-api reads the gathered metrics from Redis; the key lasts a minute, and replaces one of another type', async () => {
  const redis = await startTestRedis();
  onTestFinished(() => redis.stop());
  const place = { host: redis.host, port: redis.port, db: 0, log: silentLog };
  const bus = await connectBus('monitoring-agent', place);
  onTestFinished(() => bus.close());
  const page = await connectBus('dashboard-api', place);
  onTestFinished(() => page.close());
  const gatherer = new MetricsGatherer({
    bus,
    mode: aMode(),
    limits: { heartbeat_timeout_sec: 5 },
    wall: wallClock,
    fleet: {
      lastReading: () => ({
        ts: wallClock.now(),
        services: [{ service: 'data-ingestor' }],
        summary: undefined,
        live: { account: undefined, status: undefined, counts: undefined, trading: undefined },
      }),
    },
    board: new PriceBoard(aMode(), () => wallClock.now()),
    openAlerts: () => [{ code: 'LOOP_LAG', level: 'WARNING' }],
  });
  await redis.call('HSET', 'fleet:metrics', 'typed', 'by hand');
  const before = wallClock.now();
  await gatherer.gather();
  const gathered = await page.get(Values.fleetMetrics);
  expect(gathered?.run).toBe('test-run');
  expect(gathered?.ts).toBeGreaterThanOrEqual(before);
  const values = (name: string) => gathered?.metrics.find((metric) => metric.name === name)?.values;
  expect(values('helios_service_up')).toEqual([{ labels: { service: 'data-ingestor' }, value: 0 }]);
  const labels = { code: 'LOOP_LAG', level: 'WARNING' };
  expect(values('helios_alerts_active')).toEqual([{ labels, value: 1 }]);
  const secondsLeft = Number(await redis.call('TTL', 'fleet:metrics'));
  expect(secondsLeft).toBeGreaterThan(30);
  expect(secondsLeft).toBeLessThanOrEqual(60);
});
