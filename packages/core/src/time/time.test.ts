import { ageOf } from '@helios/shared/domain/age.ts';
import { MAX_AHEAD_MS } from '@helios/shared/domain/freshness.ts';
import { T0 } from '@helios/shared/testing/builders.ts';
import { describe, expect, test } from 'vitest';
import { ClockWatch } from './clock-watch.ts';
import { KeyedThrottle, Throttle } from './throttle.ts';
import { Wait } from './wait.ts';

const HOUR_MS = 3_600_000;

test.each([
  ['of the past', T0 - 250, 250],
  ['a little ahead, as two honest clocks are', T0 + MAX_AHEAD_MS, 0],
  ['of the future', T0 + MAX_AHEAD_MS + 1, undefined],
])('the age of a stamp %s', (_, ts, ageMs) => {
  expect(ageOf(ts, T0)).toBe(ageMs);
});

describe('a throttle', () => {
  test('allows one action per interval', () => {
    const throttle = new Throttle(1_000);
    expect([T0, T0 + 999, T0 + 1_000, T0 + 1_999].map((ts) => throttle.take(ts))).toEqual([true, false, true, false]);
  });

  test('restarts after the clock was set back, by more than the interval or by less', () => {
    const throttle = new Throttle(1_000);
    const times = [
      T0,
      T0 - HOUR_MS,
      T0 - HOUR_MS + 999,
      T0 - HOUR_MS + 1_000,
      T0 - HOUR_MS + 500,
      T0 - HOUR_MS + 2_000,
    ];
    expect(times.map((ts) => throttle.take(ts))).toEqual([true, true, false, true, false, true]);
  });

  test('with keys, allows each key separately', () => {
    const throttle = new KeyedThrottle<string>(1_000);
    expect([throttle.take('a', T0), throttle.take('b', T0), throttle.take('a', T0 + 1)]).toEqual([true, true, false]);
    throttle.clear();
    expect(throttle.take('a', T0 + 2)).toBe(true);
  });
});

describe('a wait', () => {
  test('ends at its time, and a shorter wait does not cut it', () => {
    const wait = new Wait();
    expect(wait.leftMs(T0)).toBe(0);
    wait.extend(5_000, T0);
    wait.extend(1_000, T0 + 1_000);
    expect([wait.leftMs(T0 + 1_000), wait.leftMs(T0 + 4_999), wait.leftMs(T0 + 5_000)]).toEqual([4_000, 1, 0]);
  });

  test('restarts with its own length after the clock was set back', () => {
    const wait = new Wait();
    wait.extend(5_000, T0);
    const back = T0 - HOUR_MS;
    expect([wait.leftMs(back), wait.leftMs(back + 4_000), wait.leftMs(back + 5_000)]).toEqual([5_000, 1_000, 0]);
  });
});

test('a clock watch detects a step back and nothing else', () => {
  const watch = new ClockWatch();
  const times = [T0, T0 + 10, T0 + 5, T0 + HOUR_MS, T0, T0 + 1];
  expect(times.map((ts) => watch.read(ts))).toEqual([undefined, undefined, undefined, undefined, HOUR_MS, undefined]);
});

test('small steps back add up', () => {
  const watch = new ClockWatch();
  expect([T0, T0 - 600, T0 - 1_200].map((ts) => watch.read(ts))).toEqual([undefined, undefined, 1_200]);
});
