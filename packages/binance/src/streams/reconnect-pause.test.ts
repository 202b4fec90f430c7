import { expect, test } from 'vitest';
import { ConnectionGate } from './connection-gate.ts';
import { ReconnectPause } from './reconnect-pause.ts';
import { troubleOf } from './stream-trouble.ts';

/** Ms until `isOpen` is true for the first time. */
function delayMs(isOpen: (ms: number) => boolean): number {
  let ms = 0;
  while (!isOpen(ms)) ms += 1;
  return ms;
}

test('the wait doubles from 1 s to 60 s, and restarts only after a steady connection', () => {
  const backOff = new ReconnectPause(() => 0.5);
  const waits = Array.from({ length: 8 }, () => {
    backOff.failed(0, false);
    return delayMs((ms) => backOff.isOver(ms));
  });
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  backOff.failed(0, true);
  expect(delayMs((ms) => backOff.isOver(ms))).toBe(1_000);
});

test('random jitter changes the wait by up to a quarter', () => {
  const waits = [0, 1].map((random) => {
    const backOff = new ReconnectPause(() => random);
    backOff.failed(0, false);
    return delayMs((ms) => backOff.isOver(ms));
  });
  expect(waits).toEqual([750, 1_250]);
});

test('after a refusal of our address all wait, then one tries at a time; waits grow, simultaneous refusals count once', () => {
  const gate = new ConnectionGate(() => 0.5);
  expect(gate.mayTry(0)).toBe(true);
  let now = 0;
  const waits = Array.from({ length: 6 }, () => {
    for (let at = 0; at < 3; at += 1) gate.failed(troubleOf('GEO_BLOCKED', ''), now);
    const wait = delayMs((ms) => gate.mayTry(now + ms));
    now += wait;
    gate.tried();
    expect(gate.mayTry(now)).toBe(false);
    return wait;
  });
  expect(waits).toEqual([30_000, 60_000, 120_000, 240_000, 480_000, 600_000]);
});

test('an opened connection opens the gate for all; other troubles do not close it', () => {
  const gate = new ConnectionGate(() => 0.5);
  gate.failed(troubleOf('LIMITED', '', 5_000), 0);
  expect(delayMs((ms) => gate.mayTry(ms))).toBe(6_500);
  gate.tried();
  gate.failed(troubleOf('DOWN', ''), 7_000);
  expect(gate.mayTry(7_000)).toBe(true);
  gate.tried();
  gate.opened();
  expect(gate.mayTry(0)).toBe(true);
  gate.failed(troubleOf('DOWN', ''), 0);
  expect(gate.mayTry(0)).toBe(true);
});
