import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { openQueueClient, type QueueClient } from '@helios/shared/runtime/redis/queue-client.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { startTestRedis, type TestRedis } from '@helios/shared/testing/test-redis.ts';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { SearchBoard } from '../../src/queue/search-board.ts';
import { searchNameOf } from '../../src/queue/search-queue.ts';
import { TrialQueue } from '../../src/queue/trial-queue.ts';
import { NEEDS, TIMES } from './fake-search.ts';

let redis: TestRedis;
let client: QueueClient;
beforeAll(async () => {
  redis = await startTestRedis();
  client = openQueueClient(addressOf(redis), 'coordinator', () => {});
});
afterEach(() => redis.call('FLUSHALL'));
afterAll(async () => {
  client.disconnect();
  await redis.stop();
});

const addressOf = ({ port }: TestRedis) => ({ host: '127.0.0.1', port, db: 0 });
const NEWER = { ...NEEDS, code: 'newer-code' };
const OLD = searchNameOf(NEEDS);

/** Starts and leaves a search of this machine with newer code over the same data. */
async function searchAgain(): Promise<void> {
  const place = { address: addressOf(redis), times: TIMES, id: 'again', host: 'here', pid: process.pid };
  const queue = new TrialQueue(place, NEWER, () => {});
  await queue.start();
  await queue.leave();
}

const keysOfOld = async (): Promise<string[]> => (await client.keys('*')).filter((key) => key.includes(OLD));

async function announcedSearches(): Promise<string[]> {
  return [...new Set((await new SearchBoard(client, 0).coordinators()).map(({ search }) => search))];
}

test('the queue of a search that kill -9 ended goes with the next search over its data', async () => {
  const words = [join(import.meta.dirname, 'fake-coordinator.ts'), String(redis.port), '4', '0'];
  const child = spawn(process.execPath, words, { stdio: 'ignore' });
  await eventually('the search has trials in its queue', async () => (await keysOfOld()).length > 4, 30_000);
  await searchAgain();
  expect((await keysOfOld()).length).toBeGreaterThan(4);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const isLive = async () => (await new SearchBoard(client, 0).coordinators()).some((beat) => beat.isLive);
  await eventually('its last beat is over', async () => !(await isLive()), 30_000);
  await searchAgain();
  expect(await keysOfOld()).toEqual([]);
  expect(await announcedSearches()).toEqual([searchNameOf(NEWER)]);
}, 90_000);

const ended = spawnSync(process.execPath, ['-e', '']).pid;
const KILLED = { id: 'old', host: 'here', pid: ended, search: OLD, ...NEEDS, started_ms: 0, has_left: false };

test.each([
  ['was killed here', [KILLED], []],
  ['was ended by Ctrl-C', [{ ...KILLED, has_left: true }], [OLD]],
  ['was killed on another machine', [{ ...KILLED, host: 'elsewhere' }], [OLD]],
  ['has a process that may be busy', [{ ...KILLED, pid: process.pid }], [OLD]],
  ['another machine takes part in', [KILLED, { ...KILLED, id: 'other', host: 'elsewhere' }], [OLD]],
  ['has other data', [{ ...KILLED, files: [{ name: 'a', bytes: 1, sha256: 'other' }] }], [OLD]],
  ['has the same code', [{ ...KILLED, search: searchNameOf(NEWER), code: NEWER.code }], []],
])('a search that %s', async (_, beats, left) => {
  const board = new SearchBoard(client, 0);
  for (const beat of beats) await board.announceCoordinator({ ...beat, files: [...beat.files] });
  await searchAgain();
  expect((await announcedSearches()).toSorted()).toEqual([...left, searchNameOf(NEWER)].toSorted());
});
