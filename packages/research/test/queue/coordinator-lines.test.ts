import { expect, test } from 'vitest';
import { workersText } from '../../src/queue/coordinator-lines.ts';
import type { WorkerBeat } from '../../src/queue/search-board.ts';

const worker = (pid: number, oldest_ms: number): WorkerBeat => ({
  ...{ id: `w${pid}`, host: 'here', pid, code: 'c', seen_ms: 0, valid_ms: 1, jobs: 2, running: 2, done: 0 },
  ...{ oldest_ms, search: 's', missing: [] },
});

const textOf = (...workers: WorkerBeat[]) =>
  workersText({ search: 's', workers, pending: 1, silentMs: 0, trouble: undefined });

test('a trial that may hang is named with its worker and what to do, once each ten minutes', () => {
  expect(textOf(worker(1, 599_999), worker(2, 0))).toBe(
    '2 workers, trials at once: here (process 1) 2, here (process 2) 2.',
  );
  const [, long] = textOf(worker(1, 0), worker(2, 1_260_000)).split('\n');
  expect(long).toMatch(/^A trial on here \(process 2\) has run for over 20 min\. .*end that worker/);
  expect(textOf(worker(2, 1_799_999))).toBe(textOf(worker(2, 1_200_000)));
});
