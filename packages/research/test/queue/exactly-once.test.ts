import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { startTestRedis, type TestRedis } from '@helios/shared/testing/test-redis.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type QueueView, TrialQueue } from '../../src/queue/trial-queue.ts';
import { type FakeTrial, fakeResultOf, fakeTrials, LOCK_MS, NEEDS, TIMES } from './fake-search.ts';

let redis: TestRedis;
const processes = new Set<ChildProcess>();
const queues = new Set<TrialQueue>();

beforeEach(async () => {
  redis = await startTestRedis();
});
afterEach(async () => {
  for (const child of processes) child.kill('SIGKILL');
  processes.clear();
  for (const queue of queues) await queue.leave();
  queues.clear();
  await redis.stop();
});

/** Processes start slowly on a busy machine, ms. */
const PATIENT_MS = 60_000;

const soon = (what: string, probe: () => boolean | undefined | Promise<boolean>) =>
  eventually(what, probe, PATIENT_MS / 2);

interface TestProcess {
  readonly child: ChildProcess;
  /** Each line that it has printed. */
  readonly lines: string[];
}

function start(script: string, ...args: (string | number)[]): TestProcess {
  const lines: string[] = [];
  const words = [join(import.meta.dirname, script), redis.port, ...args].map(String);
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  processes.add(child);
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  return { child, lines };
}

const startWorker = (code = NEEDS.code) => start('fake-worker.ts', code);

const begun = ({ lines }: TestProcess) => lines.filter((line) => line.startsWith('began'));

/** `kill -9` while it runs a trial; `feed` runs until it has one. */
async function killWhileBusy(worker: TestProcess, feed = () => {}): Promise<void> {
  await soon('the worker has begun a trial', () => {
    feed();
    return begun(worker).length > 0;
  });
  worker.child.kill('SIGKILL');
  await once(worker.child, 'exit');
}

async function startQueue(id = 'coordinator', views: QueueView[] = []): Promise<TrialQueue> {
  const address = { host: '127.0.0.1', port: redis.port, db: 0 };
  const place = { address, times: TIMES, id, host: 'here', pid: process.pid };
  const queue = new TrialQueue(place, NEEDS, (view) => void views.push(view));
  queues.add(queue);
  await queue.start();
  return queue;
}

async function answersOf(queue: TrialQueue, trials: readonly FakeTrial[]): Promise<unknown[]> {
  return await Promise.all(trials.map((trial) => queue.run(trial)));
}

const expected = (trials: readonly FakeTrial[]) =>
  trials.map((trial) => ({ kind: 'DONE', result: fakeResultOf(trial) }));

/** How often each trial was recorded as complete in Redis. */
async function completions(search: string): Promise<ReadonlyMap<string, number>> {
  const entries = (await redis.call('XRANGE', `helios-trials:queue:${search}:events`, '-', '+')) as [
    string,
    string[],
  ][];
  const counts = new Map<string, number>();
  for (const [, fields] of entries) {
    const field = (name: string) => fields[fields.indexOf(name) + 1] ?? '';
    if (field('event') === 'completed') counts.set(field('jobId'), (counts.get(field('jobId')) ?? 0) + 1);
  }
  return counts;
}

/** A worker leaves an ended search with its next beat, and may write a key of it until then. */
const nothingIsLeft = () =>
  soon('nothing of it is left', async () => {
    return ((await redis.call('KEYS', 'helios-trials:[qr]*')) as string[]).length === 0;
  });

const onceEach = (trials: readonly FakeTrial[]) => new Map(trials.map(({ id }) => [id, 1]));

test(
  'three workers, one killed twice: every trial is recorded exactly once',
  async () => {
    const all = fakeTrials(1_000, 100);
    const asked: Promise<unknown>[] = [];
    let answered = 0;
    const queue = await startQueue();
    const ask = () => void asked.push(queue.run(all[asked.length] as FakeTrial).finally(() => (answered += 1)));
    // However fast the others are, there is always something left for the worker that is killed.
    const feed = () => {
      while (asked.length - answered < 12) ask();
    };
    startWorker();
    startWorker();
    await killWhileBusy(startWorker(), feed);
    await killWhileBusy(startWorker(), feed);
    startWorker();
    feed();
    const trials = all.slice(0, asked.length);
    expect(await Promise.all(asked)).toEqual(expected(trials));
    expect(await completions(queue.search)).toEqual(onceEach(trials));
    await queue.finish();
    expect(await redis.call('EXISTS', 'helios-trials:coordinators')).toBe(0);
    // A worker that came late writes a key of the ended search, and removes it when it leaves.
    await redis.call('HSET', `helios-trials:queue:${queue.search}:meta`, 'opts.maxLenEvents', '1');
    await nothingIsLeft();
  },
  PATIENT_MS,
);

test(
  'Redis dies, is away and comes back from its file: every trial is recorded exactly once',
  async () => {
    const trials = fakeTrials(30, 100);
    const queue = await startQueue();
    const answers = answersOf(queue, trials);
    const worker = startWorker();
    startWorker();
    await soon('some trials have begun', () => begun(worker).length > 4);
    await redis.kill();
    // Longer than a lock lasts.
    await pause(1.5 * LOCK_MS);
    await redis.restart();
    expect(await answers).toEqual(expected(trials));
    expect(Math.max(...(await completions(queue.search)).values())).toBe(1);
  },
  PATIENT_MS,
);

test(
  'Redis loses all it had: the coordinator puts the open trials in again',
  async () => {
    const trials = fakeTrials(30, 50);
    const queue = await startQueue();
    const answers = answersOf(queue, trials);
    const worker = startWorker();
    await soon('some trials have begun', () => begun(worker).length > 4);
    await redis.call('FLUSHALL');
    expect(await answers).toEqual(expected(trials));
  },
  PATIENT_MS,
);

test(
  'a killed coordinator starts again: what was done counts, and only the rest runs',
  async () => {
    const trials = fakeTrials(30, 50);
    const first = start('fake-coordinator.ts', trials.length, 50);
    const worker = startWorker();
    await soon('some answers', () => first.lines.length > 5);
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    const queue = await startQueue();
    // The cache of the search has what was answered before.
    const rest = trials.filter(({ id }) => !first.lines.includes(`DONE ${id}`));
    expect(rest.length).toBeLessThan(trials.length);
    expect(await answersOf(queue, rest)).toEqual(expected(rest));
    expect(await completions(queue.search)).toEqual(onceEach(trials));
    expect(begun(worker)).toHaveLength(trials.length);
  },
  PATIENT_MS,
);

test(
  'two coordinators of the same search share its trials',
  async () => {
    const trials = fakeTrials(20, 50);
    const [one, two] = [await startQueue('one'), await startQueue('two')];
    const answers = Promise.all([answersOf(one, trials), answersOf(two, trials)]);
    const worker = startWorker();
    expect(await answers).toEqual([expected(trials), expected(trials)]);
    expect(begun(worker)).toHaveLength(trials.length);
    await one.finish();
    expect(await redis.call('HKEYS', 'helios-trials:coordinators')).toEqual(['two']);
    await two.finish();
    await nothingIsLeft();
  },
  PATIENT_MS,
);

test(
  'a trial that throws each time fails with its reason, runs again at the next start, and blocks nothing',
  async () => {
    const trials = fakeTrials(6, 10, [2]);
    const worker = startWorker();
    const queue = await startQueue();
    const answers = await answersOf(queue, trials);
    const failed = { kind: 'FAILED', reason: 'this trial is poison' };
    expect(answers).toEqual(expected(trials).with(2, failed as never));
    const runs = () => begun(worker).filter((line) => line === 'began trial-2').length;
    expect(runs()).toBe(3);
    expect(await (await startQueue('again')).run(trials[2] as FakeTrial)).toEqual(failed);
    expect(runs()).toBe(6);
  },
  PATIENT_MS,
);

test(
  'a worker with other code takes no trial, and the coordinator sees its code',
  async () => {
    const views: QueueView[] = [];
    const queue = await startQueue('coordinator', views);
    const answers = answersOf(queue, fakeTrials(1, 10));
    const other = startWorker('other-code');
    await soon('the coordinator sees it', () => views.at(-1)?.workers.some(({ code }) => code === 'other-code'));
    startWorker();
    expect(await answers).toEqual(expected(fakeTrials(1, 10)));
    expect(begun(other)).toEqual([]);
  },
  PATIENT_MS,
);

test(
  'SIGINT lets a worker finish its trials, and a second one gives them back',
  async () => {
    const queue = await startQueue();
    const patient = startWorker();
    const answers = answersOf(queue, fakeTrials(2, 500));
    await soon('both have begun', () => begun(patient).length === 2);
    await soon('the worker says how long they run', async () => {
      const [text = '{}'] = (await redis.call('HVALS', 'helios-trials:workers')) as string[];
      return JSON.parse(text).oldest_ms > 0;
    });
    patient.child.kill('SIGINT');
    await once(patient.child, 'exit');
    expect(await answers).toEqual(expected(fakeTrials(2, 500)));

    const [long] = fakeTrials(3, 60_000).slice(2) as [FakeTrial];
    void queue.run(long);
    const hasty = startWorker();
    await soon('it has begun', () => begun(hasty).length === 1);
    hasty.child.kill('SIGINT');
    await pause(50);
    hasty.child.kill('SIGINT');
    await once(hasty.child, 'exit');
    expect(await redis.call('LRANGE', `helios-trials:queue:${queue.search}:wait`, 0, -1)).toEqual([long.id]);
  },
  PATIENT_MS,
);

test(
  'workers rest while nobody searches, and go on with the next start',
  async () => {
    const trials = fakeTrials(40, 50);
    const queue = await startQueue();
    const answered = new Set<FakeTrial>();
    for (const trial of trials) void queue.run(trial).then(() => answered.add(trial));
    const worker = startWorker();
    await soon('some have begun', () => begun(worker).length > 4);
    await queue.leave();
    await soon('the worker has left', async () => {
      const [text = '{}'] = (await redis.call('HVALS', 'helios-trials:workers')) as string[];
      return JSON.parse(text).search === undefined;
    });
    const rested = begun(worker).length;
    expect(rested).toBeLessThan(trials.length);
    const rest = trials.filter((trial) => !answered.has(trial));
    expect(await answersOf(await startQueue('next'), rest)).toEqual(expected(rest));
    expect(begun(worker)).toHaveLength(trials.length);
  },
  PATIENT_MS,
);
