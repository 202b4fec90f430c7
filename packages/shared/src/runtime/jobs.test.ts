import { afterEach, expect, test, vi } from 'vitest';
import { eventually } from '../testing/eventually.ts';
import { createRecordingLog } from '../testing/silent-log.ts';
import { BusUnavailable } from './errors.ts';
import { createJobs } from './jobs.ts';

afterEach(() => void vi.useRealTimers());

function jobsWithFaults() {
  const faults: unknown[] = [];
  const log = createRecordingLog();
  return { jobs: createJobs(log, (error) => void faults.push(error)), faults, log };
}

test('a job runs repeatedly, and never twice at a time', async () => {
  const { jobs } = jobsWithFaults();
  let atOnce = 0;
  let most = 0;
  let rounds = 0;
  jobs.every('slow', 5, async () => {
    atOnce += 1;
    most = Math.max(most, atOnce);
    await new Promise((resolve) => setTimeout(resolve, 20));
    atOnce -= 1;
    rounds += 1;
  });
  await eventually('five rounds', () => rounds >= 5);
  await jobs.stop();
  expect(most).toBe(1);
});

test('stop waits for the running round, and starts no other', async () => {
  vi.useFakeTimers();
  const { jobs } = jobsWithFaults();
  let started = 0;
  let ended = 0;
  jobs.every('job', 1, async () => {
    started += 1;
    await new Promise((resolve) => setTimeout(resolve, 30));
    ended += 1;
  });
  await vi.advanceTimersByTimeAsync(1);
  expect([started, ended]).toEqual([1, 0]);
  const stopped = jobs.stop().then(() => ended);
  await vi.advanceTimersByTimeAsync(30);
  expect(await stopped).toBe(1);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(started).toBe(1);
});

test('without Redis a job warns once per outage and continues', async () => {
  const { jobs, faults, log } = jobsWithFaults();
  let rounds = 0;
  jobs.every('write', 1, () => {
    rounds += 1;
    const away = rounds <= 3 || (rounds > 5 && rounds <= 8);
    if (away) throw new BusUnavailable('REDIS_UNAVAILABLE', 'away');
  });
  await eventually('ten rounds', () => rounds >= 10);
  await jobs.stop();
  expect(faults).toEqual([]);
  expect(log.lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
    'warn job failed: redis is away',
    'warn job failed: redis is away',
  ]);
});

test('any other failure is a fault, and the job ends', async () => {
  vi.useFakeTimers();
  const { jobs, faults } = jobsWithFaults();
  let rounds = 0;
  jobs.every('broken', 1, () => {
    rounds += 1;
    throw new Error('our mistake');
  });
  await vi.advanceTimersByTimeAsync(10_000);
  await jobs.stop();
  expect(faults).toEqual([new Error('our mistake')]);
  expect(rounds).toBe(1);
});
