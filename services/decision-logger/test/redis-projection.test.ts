import { BusFault } from '@helios/shared/runtime/errors.ts';
import { collectCommands, type RedisCommand } from '@helios/shared/runtime/redis/batch.ts';
import { createFakeRedis } from '@helios/shared/testing/fake-bus.ts';
import { silentLog } from '@helios/shared/testing/silent-log.ts';
import { expect, test } from 'vitest';
import type { ProjectionState } from '../src/projection-writes.ts';
import { RedisProjection } from '../src/redis-projection.ts';

const nothing = {
  no: 0,
  decisions: [],
  refusals: [],
  positions: [],
  orders: [],
  trades: [],
  updates: [],
  summary: { run: 'synthetic:seed:1', signals: 0 },
  sizes: { decisions: 0, refusals: 0, positions: 0, orders: 0 },
} as unknown as ProjectionState;

/** Rebuilds with a Redis that refuses every write like this; returns the deleted keys of each write. */
async function deletedWhenRefused(refusal: BusFault): Promise<string[][]> {
  const writes: RedisCommand[][] = [];
  const bus = createFakeRedis().bus('decision-logger');
  const refusing = {
    ...bus,
    async write(build: Parameters<typeof bus.write>[0]) {
      writes.push([...collectCommands(build)]);
      throw refusal;
    },
  };
  const owner = () => ({ run: 'synthetic:seed:1', ledger: 'a.sqlite' });
  const projection = new RedisProjection({
    kind: 'PAPER',
    bus: refusing,
    log: silentLog,
    state: () => nothing,
    account: () => undefined,
    owner,
    trading: () => ({ kind: 'FIRST_START' }),
    nowMs: () => 0,
  });
  await expect(projection.rebuild()).rejects.toBe(refusal);
  return writes.map((commands) => commands.filter(([name]) => name === 'del').map(([, key]) => String(key)));
}

test('a refused write deletes no key of the projection: the bus puts keys of another type aside', async () => {
  const refused = await deletedWhenRefused(new BusFault('Redis refused a command: ERR unknown command'));
  expect(refused).toHaveLength(1);
  expect(refused.flat()).not.toContain('trades');
});
