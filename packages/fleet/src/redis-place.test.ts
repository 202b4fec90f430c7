import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { expect, test } from 'vitest';
import { placeArguments } from './redis-place.ts';

const placeOf = (overrides: Parameters<typeof defaultSettings>[0]) =>
  placeArguments(defaultSettings(overrides).system).join(' ');

test('redis-cli is told host, port and database, and no more where nothing else is set', () => {
  expect(placeOf({})).toBe('-h 127.0.0.1 -p 6379 -n 0');
});

test('user and encryption follow where they are set, the password does not', () => {
  const system = { redis_username: 'bob', redis_password: 'hunter2', redis_tls: true, redis_tls_ca: '/ca.pem' };
  expect(placeOf({ system })).toBe('-h 127.0.0.1 -p 6379 -n 0 --user bob --tls --cacert /ca.pem');
  expect(placeOf({ system: { ...system, redis_host: 'cache.local' } })).toBe(
    '-h cache.local -p 6379 -n 0 --user bob --tls --sni cache.local --cacert /ca.pem',
  );
});
