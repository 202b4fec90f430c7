import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { profileNameOf } from '@helios/shared/domain/profile-name.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { describe, expect, test } from 'vitest';
import { orderTypeFor, profileOf } from './profile.ts';

const limit = defaultSettings({ simulation: { mode: 'LF_LIMIT' } });
const market = defaultSettings({ simulation: { mode: 'LF_MARKET' } });

describe('the order type', () => {
  test.each([
    ['ENTRY', undefined, 'LIMIT'],
    ['EXIT', undefined, 'LIMIT'],
    ['EXIT', 'TAKE_PROFIT', 'LIMIT'],
    ['EXIT', 'SIGNAL_REVERSAL', 'LIMIT'],
    ['EXIT', 'OPERATOR', 'LIMIT'],
    ['EXIT', 'STOP_LOSS', 'MARKET'],
    ['EXIT', 'TRAILING_STOP', 'MARKET'],
    ['EXIT', 'TIME_EXIT', 'MARKET'],
    ['EXIT', 'SESSION_END', 'MARKET'],
  ] as const)('of a simulated LIMIT mode, %s for %s: %s', (purpose, reason, type) => {
    expect(orderTypeFor(profileOf('SIMULATION', limit), purpose, reason)).toBe(type);
    expect(orderTypeFor(profileOf('SIMULATION', market), purpose, reason)).toBe('MARKET');
    expect(orderTypeFor(profileOf('LIVE', limit), purpose, reason)).toBe('MARKET');
    expect(orderTypeFor(profileOf('LIVE_ON_PAPER', limit), purpose, reason)).toBe('MARKET');
  });
});

test('on paper the live rules differ only by who watches the stops; risk reads nothing else', () => {
  const { name, ...live } = profileOf('LIVE', market);
  const { name: paperName, ...paper } = profileOf('LIVE_ON_PAPER', market);
  expect([name, paperName]).toEqual(['LIVE', 'LIVE_ON_PAPER']);
  expect(paper).toEqual({ ...live, stopsRestAt: 'ENGINE' });
});

test('live mode has its own profile, other modes take the configured one', () => {
  for (const profile of ['simulation', 'live'] as const) expect(profileNameOf('live', { profile })).toBe('LIVE');
  for (const mode of ['public', 'synthetic'] as const) {
    expect(profileNameOf(mode, { profile: 'simulation' })).toBe('SIMULATION');
    expect(profileNameOf(mode, { profile: 'live' })).toBe('LIVE_ON_PAPER');
  }
});

test('no file of core names a mode of the fleet', () => {
  const root = join(import.meta.dirname, '..');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
  );
  expect(files.length).toBeGreaterThan(80);
  const naming = files.filter((file) =>
    /'(live|public|synthetic)'|[:<{,|]\s*(?:type )?Mode\b/.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(naming).toEqual([]);
});
