import { RecorderHealth } from '@helios/market-data/record/recorder-health.ts';
import { expect, test } from 'vitest';

function made() {
  const clock = { now: 1_000_000 };
  const health = new RecorderHealth(() => clock.now);
  const pass = (ms: number): void => {
    clock.now += ms;
  };
  return { health, pass };
}

const FULL = { code: 'DISK_FULL', message: 'full' } as const;
const SLOW = { code: 'SLOW', message: 'slow' } as const;

test('a fault lasts until something is written, also while nothing comes', () => {
  const { health, pass } = made();
  health.onTrouble(FULL);
  pass(60_000);
  expect(health.trouble).toEqual(FULL);
  health.onDropped();
  pass(60_000);
  health.onFrame();
  expect(health.trouble).toEqual(FULL);
  health.onWritten();
  expect(health.trouble).toBeUndefined();
});

test('a slow disk stays a trouble until nothing was left out for a while', () => {
  const { health, pass } = made();
  health.onTrouble(SLOW);
  health.onWritten();
  expect(health.trouble).toEqual(SLOW);
  pass(89_000);
  expect(health.trouble).toEqual(SLOW);
  pass(2_000);
  health.onFrame();
  expect(health.trouble).toBeUndefined();
});

test('a disk that takes nothing for half a minute is slow', () => {
  const { health, pass } = made();
  health.onBusy();
  pass(30_000);
  expect(health.trouble).toBeUndefined();
  pass(1_000);
  expect(health.trouble).toMatchObject({ code: 'SLOW', message: expect.stringContaining('31 s') });
  health.onReady();
  expect(health.trouble).toBeUndefined();
});

test('streams that bring nothing for two minutes are a trouble', () => {
  const { health, pass } = made();
  pass(120_000);
  expect(health.trouble).toBeUndefined();
  pass(1_000);
  expect(health.trouble?.code).toBe('SILENT');
  health.onFrame();
  expect(health.trouble).toBeUndefined();
});
