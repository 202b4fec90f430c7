import { afterEach, expect, test, vi } from 'vitest';
import { missing } from './missing.ts';

afterEach(() => vi.unstubAllEnvs());

test('a missing part skips tests, unless nothing may be skipped: then it fails with the advice', () => {
  vi.stubEnv('HELIOS_SKIP_NOTHING', '');
  expect([missing(false, 'install it'), missing(true, 'install it')]).toEqual([true, false]);
  vi.stubEnv('HELIOS_SKIP_NOTHING', 'true');
  expect(() => missing(false, 'install it')).toThrow('install it');
  expect(missing(true, 'install it')).toBe(false);
});
