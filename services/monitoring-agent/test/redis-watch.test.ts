import { Rankings } from '@helios/shared/contracts/catalog.ts';
import { aMode, T0 } from '@helios/shared/testing/builders.ts';
import { expect, test } from 'vitest';
import { createRedisWatch } from '../src/redis-watch.ts';
import { startAgent } from './start-agent.ts';

const reading = (evicted: number, watched = 2) => ({
  stats: { evicted_keys: String(evicted) },
  watched,
  damaged: [],
});
const decided = (conditions: readonly { code: string; undecided?: boolean }[]) =>
  conditions.filter(({ undecided }) => undecided !== true).map(({ code }) => code);

test('evictions before the watch raise nothing; later ones are counted and are an alert for a minute', () => {
  const watch = createRedisWatch(aMode());
  expect(watch(reading(40), T0)).toEqual([]);
  expect(watch(reading(43), T0 + 1_000)).toMatchObject([
    { code: 'REDIS_EVICTS', message: expect.stringMatching(/deleted 3 keys/) },
  ]);
  expect(watch(reading(48), T0 + 2_000)[0]?.message).toMatch(/deleted 8 keys/);
  expect(decided(watch(reading(48), T0 + 62_000))).toEqual(['REDIS_EVICTS']);
  expect(watch(reading(48), T0 + 62_001)).toEqual([]);
});

test('a restarted server counts from 0, which raises no alert', () => {
  const watch = createRedisWatch(aMode());
  watch(reading(40), T0);
  expect(watch(reading(0), T0 + 1_000)).toEqual([]);
  expect(decided(watch(reading(1), T0 + 2_000))).toEqual(['REDIS_EVICTS']);
});

test('a watchlist that is empty for 30 s is an alert; a replay’s is not', () => {
  const watch = createRedisWatch(aMode());
  expect(decided(watch(reading(0, 0), T0))).toEqual([]);
  expect(decided(watch(reading(0, 0), T0 + 29_999))).toEqual([]);
  expect(decided(watch(reading(0, 0), T0 + 30_000))).toEqual(['NO_WATCHLIST']);
  expect(watch(reading(0, 1), T0 + 31_000)).toEqual([]);
  const source = { kind: 'replay' as const, files: ['a.gz'], speed: 1, exit: false };
  expect(createRedisWatch(aMode({ source }))(reading(0, 0), T0 + 99_000)).toEqual([]);
});

test('the running service raises and resolves both', async () => {
  const agent = await startAgent();
  agent.fake.stats.set('evicted_keys', '0');
  await agent.tick(1_000);
  agent.fake.stats.set('evicted_keys', '7');
  await agent.ingestor.write((batch) => batch.setRanking(Rankings.watchlist, {}));
  for (let second = 0; second < 35; second += 1) await agent.tick(1_000);
  expect(await agent.alerts()).toEqual(
    expect.arrayContaining(['REDIS_EVICTS RAISED redis', 'NO_WATCHLIST RAISED signal-engine']),
  );
  await agent.ingestor.write((batch) => batch.setRanking(Rankings.watchlist, { BTCUSDT: 1 }));
  for (let second = 0; second < 45; second += 1) await agent.tick(1_000);
  expect(await agent.alerts()).toEqual(
    expect.arrayContaining(['REDIS_EVICTS RESOLVED redis', 'NO_WATCHLIST RESOLVED signal-engine']),
  );
});
