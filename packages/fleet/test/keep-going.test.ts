import { BusFault, BusUnavailable } from '@helios/shared/runtime/errors.ts';
import { createRecordingLog } from '@helios/shared/testing/silent-log.ts';
import { expect, test } from 'vitest';
import { createKeepGoing } from '../src/keep-going.ts';

test('a failure in a supervisor round ends nothing; it is logged once a minute, except for an absent Redis', async () => {
  const log = createRecordingLog();
  let now = 0;
  const keepGoing = createKeepGoing(log, () => now);
  const errors = () => log.lines.filter(({ level }) => level === 'error').length;
  const fails = (error: Error) => keepGoing('look', () => Promise.reject(error));
  expect(await keepGoing('look', async () => 1)).toBe(1);
  expect(await fails(new BusUnavailable('REDIS_UNAVAILABLE', 'away'))).toBeUndefined();
  expect(errors()).toBe(0);
  for (const error of [new TypeError('odd'), new BusFault('refused')]) expect(await fails(error)).toBeUndefined();
  expect(errors()).toBe(1);
  now = 60_000;
  await fails(new BusUnavailable('REDIS_ODD_REPLY', 'odd'));
  expect(errors()).toBe(2);
});
