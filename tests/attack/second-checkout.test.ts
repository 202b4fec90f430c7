import { afterAll, beforeAll, expect, test } from 'vitest';
import { TestFleet } from '../harness/fleet.ts';

/** Both know the password, like two checkouts with the same `.env`. */
const env = { REDIS_PASSWORD: 'known-to-both-checkouts' };

let first: TestFleet;
let second: TestFleet;
beforeAll(async () => {
  first = await TestFleet.prepare();
  second = await TestFleet.prepare();
  first.launch({ env });
  await first.running();
}, 90_000);
afterAll(async () => {
  await second.remove();
  await first.remove();
}, 30_000);

test('a second checkout on the same Redis is refused with advice, and the first continues', async () => {
  const code = await second.runToEnd({ env: { ...env, REDIS_PORT: String(first.redisPort) } });
  expect(code).toBe(1);
  expect(second.said).toMatch(
    /Another fleet runs on the database 0 of the Redis at 127\.0\.0\.1:\d+ \(process \d+, in /,
  );
  expect(second.said).toContain('REDIS_PORT=6380');
  expect(first.said).not.toMatch(/taken this Redis over|CRASHED|STOPPED/);
  expect(await first.stop()).toBe(0);
}, 60_000);
