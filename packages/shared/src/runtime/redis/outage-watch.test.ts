import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createRecordingLog } from '../../testing/silent-log.ts';
import { BusUnavailable } from '../errors.ts';
import type { Connection } from './connection.ts';
import { createOutageWatch } from './outage-watch.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A watch on a connection that a test loses and restores, with handlers that record their calls. */
function aWatch() {
  const log = createRecordingLog();
  const faults: unknown[] = [];
  const called: string[] = [];
  const refusing = new Set<string>();
  const lost: (() => void)[] = [];
  const watch = createOutageWatch({ log, isWhole: () => true, onFault: (error) => void faults.push(error) });
  const trouble = () => new BusUnavailable('REDIS_UNAVAILABLE', 'gone');
  const connection: Partial<Connection> = { onLost: (handler) => void lost.push(handler), trouble };
  watch.watch(connection as Connection);
  for (const name of ['a', 'b', 'c']) {
    watch.onReconnect(async () => {
      called.push(name);
      if (refusing.has(name)) throw new BusUnavailable('REDIS_OUT_OF_MEMORY', 'full');
    });
  }
  return {
    log,
    faults,
    refusing,
    stop: watch.stop,
    onReconnect: watch.onReconnect,
    lose: () => lost.forEach((handler) => void handler()),
    restore: watch.restored,
    /** The handlers called since the last look, after `ms`. */
    async calledWithin(ms: number): Promise<string> {
      await vi.advanceTimersByTimeAsync(ms);
      return called.splice(0).join('');
    },
  };
}

test('a handler that Redis refuses does not block the others, and runs again with pauses until it succeeds', async () => {
  const { log, faults, refusing, lose, restore, calledWithin } = aWatch();
  refusing.add('a').add('c');
  lose();
  restore();
  expect(await calledWithin(0)).toBe('abc');
  expect(await calledWithin(99)).toBe('');
  refusing.delete('c');
  expect(await calledWithin(1)).toBe('ac');
  expect(await calledWithin(199)).toBe('');
  expect(await calledWithin(1)).toBe('a');
  expect(await calledWithin(60_000)).toMatch(/^a{12,20}$/);
  refusing.clear();
  expect(await calledWithin(5_000)).toBe('a');
  expect(await calledWithin(600_000)).toBe('');
  expect(log.lines.map(({ message }) => message)).toEqual([
    'redis connection lost',
    'redis connection restored',
    'redis is back but refuses commands, retrying',
  ]);
  expect(faults).toEqual([]);
});

test('a handler still due when Redis goes away again runs once at its next return', async () => {
  const { refusing, lose, restore, calledWithin } = aWatch();
  refusing.add('b');
  lose();
  restore();
  expect(await calledWithin(0)).toBe('abc');
  lose();
  expect(await calledWithin(60_000)).toBe('');
  refusing.clear();
  restore();
  expect(await calledWithin(60_000)).toBe('abc');
});

test('any other rejection is a fault, and blocks no other handler', async () => {
  const { faults, onReconnect, lose, restore, calledWithin } = aWatch();
  const fault = new Error('ours');
  onReconnect(() => Promise.reject(fault));
  lose();
  restore();
  expect(await calledWithin(60_000)).toBe('abc');
  expect(faults).toEqual([fault]);
});

test('a stop ends the retries', async () => {
  const { refusing, stop, lose, restore, calledWithin } = aWatch();
  refusing.add('a');
  lose();
  restore();
  expect(await calledWithin(0)).toBe('abc');
  stop();
  expect(await calledWithin(60_000)).toBe('');
});
