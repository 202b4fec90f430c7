import { describe, expect, test } from 'vitest';
import { createRecordingLog } from '../testing/silent-log.ts';
import { BusUnavailable } from './errors.ts';
import { createRedisOutage, createRedisRetry, skipWhileAway } from './redis-outage.ts';

const away = () => Promise.reject(new BusUnavailable('REDIS_TIMEOUT', 'no answer'));
const faulty = () => Promise.reject(new TypeError('ours'));
const done = () => Promise.resolve();

test('work is skipped while Redis is away, and only then', async () => {
  expect(await skipWhileAway(done)).toBe(true);
  expect(await skipWhileAway(away)).toBe(false);
  await expect(skipWhileAway(faulty)).rejects.toThrow('ours');
});

describe('an outage', () => {
  test('is logged once when it begins and once when it is over', async () => {
    const log = createRecordingLog();
    const outage = createRedisOutage(log, { begun: 'waiting', over: 'going on' });
    const answers: boolean[] = [];
    for (const work of [done, away, away, done, done, away]) answers.push(await outage.attempt(work, { job: 'look' }));
    expect(answers).toEqual([true, false, false, true, true, false]);
    const warning = { job: 'look', code: 'REDIS_TIMEOUT', problem: 'no answer' };
    expect(log.lines).toEqual([
      { level: 'warn', fields: warning, message: 'waiting' },
      { level: 'info', fields: {}, message: 'going on' },
      { level: 'warn', fields: warning, message: 'waiting' },
    ]);
  });

  test('does not hide a fault of ours', async () => {
    const log = createRecordingLog();
    await expect(createRedisOutage(log, { begun: 'waiting' }).attempt(faulty)).rejects.toThrow('ours');
    expect(log.lines).toEqual([]);
  });
});

describe('a retry', () => {
  test('repeats until Redis answers, and logs once that it waits and once that it continues', async () => {
    const log = createRecordingLog();
    const returns: string[] = [];
    const retry = createRedisRetry({ log, stop: new AbortController().signal, onBack: () => returns.push('back') });
    const answers = [away, away, () => Promise.resolve(7)];
    expect(await retry(() => (answers.shift() ?? away)() as Promise<number>)).toBe(7);
    expect(log.lines.map(({ message }) => message)).toEqual([
      'paused until redis is back',
      'redis is back, continuing',
    ]);
    expect(returns).toEqual(['back']);
  });

  test('returns undefined when stopped, and throws a fault of ours at once', async () => {
    const stop = new AbortController();
    const retry = createRedisRetry({ log: createRecordingLog(), stop: stop.signal });
    await expect(retry(faulty)).rejects.toThrow('ours');
    const asked = retry(() => {
      stop.abort();
      return away();
    });
    expect(await asked).toBeUndefined();
  });
});
