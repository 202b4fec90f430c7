import { expect, test } from 'vitest';
import { readTime, timeOf } from './read-time.ts';
import { readCommandLine } from './run-command.ts';

const NOW = Date.UTC(2026, 10, 28, 20, 0, 0);

test.each([
  ['30s', NOW - 30_000],
  ['10m', NOW - 600_000],
  ['2h', NOW - 7_200_000],
  ['1d', NOW - 86_400_000],
  ['2026-11-28', Date.UTC(2026, 10, 28)],
  ['2026-11-28T19:30', Date.UTC(2026, 10, 28, 19, 30)],
  ['2026-11-28 19:30:05', Date.UTC(2026, 10, 28, 19, 30, 5)],
  ['2026-11-28T19:30:05.250Z', Date.UTC(2026, 10, 28, 19, 30, 5, 250)],
  ['2026-11-28T19:30:05+02:00', Date.UTC(2026, 10, 28, 17, 30, 5)],
])('%s is a time', (text, ms) => {
  expect(timeOf(text, NOW)).toBe(ms);
});

test.each(['', 'yesterday', '10', '10 m', '-5m', '2026', '2026-13-01', '28.11.2026', '1e3s'])(
  '“%s” is not a time',
  (text) => {
    expect(timeOf(text, NOW)).toBeUndefined();
  },
);

test('an option without a valid time is rejected with the possible forms', () => {
  const read = (...args: string[]) => readTime(readCommandLine('logs', args), 'since', NOW);
  expect(read()).toBeUndefined();
  expect(read('--since', '10m')).toBe(NOW - 600_000);
  expect(() => read('--since', 'noon')).toThrow('--since must be a time such as 30s, 10m');
});
