import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { expect, test } from 'vitest';
import { placeArguments } from './redis-place.ts';

const placeOf = (overrides: Parameters<typeof defaultSettings>[0]) =>
  placeArguments(defaultSettings(overrides).system).join(' ');

test('redis-cli gets only host, port and database if nothing else is set', () => {
  expect(placeOf({})).toBe('-h 127.0.0.1 -p 6379 -n 0');
});

test('redis-cli also gets user and encryption if they are set, but never the password', () => {
  const system = { redis_username: 'bob', redis_password: 'hunter2', redis_tls: true, redis_tls_ca: '/ca.pem' };
  expect(placeOf({ system })).toBe('-h 127.0.0.1 -p 6379 -n 0 --user bob --tls --cacert /ca.pem');
  expect(placeOf({ system: { ...system, redis_host: 'cache.local' } })).toBe(
    '-h cache.local -p 6379 -n 0 --user bob --tls --sni cache.local --cacert /ca.pem',
  );
});
