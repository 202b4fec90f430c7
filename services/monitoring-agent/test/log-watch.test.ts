import type { LogRecord } from '@helios/shared/domain/fleet.ts';
import { expect, test } from 'vitest';
import { createLogWatch } from '../src/log-watch.ts';

const line = (ts: number, level: LogRecord['level'], message = 'disk on fire'): LogRecord => ({
  ts,
  level,
  service: 'decision-logger',
  message,
  fields: '{}',
});

test('errors of the last minute are reported with their number and the last line; warnings are not', () => {
  const logs = createLogWatch();
  logs.onRecord(line(1_000, 'WARN'));
  expect(logs.check(1_000)).toEqual([]);
  logs.onRecord(line(2_000, 'ERROR', 'first'));
  logs.onRecord(line(3_000, 'FATAL', 'second'));
  expect(logs.check(3_000)).toMatchObject([
    { code: 'ERROR_LOGGED', subject: 'decision-logger', message: 'decision-logger logged 2 errors, the last: second' },
  ]);
  expect(logs.check(62_999)).toHaveLength(1);
  expect(logs.check(63_000)).toEqual([]);
});

test('a line from long ago, read after a restart, raises nothing', () => {
  const logs = createLogWatch();
  logs.onRecord(line(1_000, 'ERROR'));
  expect(logs.check(500_000)).toEqual([]);
});
