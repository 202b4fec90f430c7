import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { TrialWorker } from '../../src/queue/trial-worker.ts';
import { type FakeTrial, fakeResultOf, NEEDS, TIMES } from './fake-search.ts';

/** A worker process of a test: `node fake-worker.ts PORT [CODE]`. It prints each trial that it begins. SIGINT ends it, twice at once. */
const [port, code = NEEDS.code] = process.argv.slice(2);

const worker = new TrialWorker(
  {
    address: { host: '127.0.0.1', port: Number(port), db: 0 },
    times: TIMES,
    id: `worker-${process.pid}`,
    host: hostname(),
    pid: process.pid,
  },
  {
    code,
    jobs: 2,
    missingOf: async () => [],
    async run(trial, _files, signal) {
      const { id, ms, isPoison } = trial as FakeTrial;
      process.stdout.write(`began ${id}\n`);
      await pause(ms, undefined, { signal });
      if (isPoison) throw new Error('this trial is poison');
      return fakeResultOf({ id });
    },
  },
  () => {},
);

process.once('SIGINT', () => {
  process.once('SIGINT', () => worker.giveBack());
  void worker.end().then(() => process.exit(0));
});
await worker.start();
process.stdout.write('ready\n');
