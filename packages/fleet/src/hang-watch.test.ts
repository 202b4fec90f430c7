import type { Heartbeat } from '@helios/shared/domain/fleet.ts';
import { expect, test } from 'vitest';
import { HangWatch } from './hang-watch.ts';

const beat = (ts: number, fields: Partial<Heartbeat> = {}): Heartbeat => ({
  service: 'signal-engine',
  status: 'RUNNING',
  pid: 7,
  ts,
  started_ts: 1,
  loop_lag_ms: 0,
  malformed: 0,
  rss_mb: 1,
  ...fields,
});

/** A watch that has seen two heartbeats of process 7, and looks every 250 ms from 0 on. */
function watching(status: Heartbeat['status'] = 'RUNNING') {
  const watch = new HangWatch();
  let nowMs = 0;
  let last = beat(1, { status });
  /** Looks for `ms` without a new heartbeat; true if the process counts as hanging. */
  function silentFor(ms: number, pid = 7): boolean {
    let hangs = false;
    for (const end = nowMs + ms; nowMs < end; nowMs += 250) hangs ||= watch.look(last, pid, nowMs);
    return hangs;
  }
  const hears = (ts: number) => {
    last = beat(ts, { status });
    return watch.look(last, 7, nowMs);
  };
  hears(1);
  hears(2);
  function sleep(ms: number): void {
    nowMs += ms;
  }
  return { watch, silentFor, hears, sleep };
}

test('a process counts as hanging after 30 s without a heartbeat', () => {
  const { silentFor } = watching();
  expect(silentFor(30_000)).toBe(false);
  expect(silentFor(500)).toBe(true);
});

test('any other stamp is a sign of life, even after the clock jumped back or ahead', () => {
  const { silentFor, hears } = watching();
  for (const ts of [3_600_000, -3_600_000, 5]) {
    expect(silentFor(29_000)).toBe(false);
    expect(hears(ts)).toBe(false);
  }
});

test('a sleep of the machine or of the supervisor counts as one second of silence', () => {
  const { silentFor, sleep, hears } = watching();
  for (let i = 0; i < 5; i += 1) {
    sleep(3_600_000);
    expect(silentFor(3_000)).toBe(false);
  }
  expect(hears(3)).toBe(false);
});

test('time without Redis does not count as silence', () => {
  const { watch, silentFor } = watching();
  for (let i = 0; i < 5; i += 1) {
    expect(silentFor(29_000)).toBe(false);
    watch.forgive();
  }
});

test('a starting process may be silent for five minutes', () => {
  const { silentFor } = watching('STARTING');
  expect(silentFor(300_000)).toBe(false);
  expect(silentFor(500)).toBe(true);
});

test('a process without its own heartbeat does not hang, whatever its predecessor left', () => {
  const { watch, silentFor } = watching();
  expect(silentFor(10_000)).toBe(false);
  expect(silentFor(600_000, 8)).toBe(false);
  expect(watch.look(beat(99, { pid: 8 }), 8, 10_000_000)).toBe(false);
  expect(watch.hasBeaten()).toBe(false);
  expect(watch.look(beat(100, { pid: 8 }), 8, 10_000_250)).toBe(false);
  expect(watch.hasBeaten()).toBe(true);
});

test('a process that hangs after its only heartbeat is found, if that is stamped after its start', () => {
  for (const [startedTs, hangs] of [
    [1, true],
    [2, false],
    [undefined, false],
  ] as const) {
    const watch = new HangWatch();
    let found = false;
    for (let nowMs = 0; nowMs <= 31_000; nowMs += 250) found ||= watch.look(beat(1), 7, nowMs, startedTs);
    expect(found, `started at ${startedTs}`).toBe(hangs);
  }
});
