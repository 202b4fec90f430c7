import { TrialQueue } from '../../src/queue/trial-queue.ts';
import { fakeTrials, NEEDS, TIMES } from './fake-search.ts';

/** A coordinator process of a test: `node fake-coordinator.ts PORT TRIALS MS`. It prints each answer. */
const [port, count, ms] = process.argv.slice(2).map(Number);

const address = { host: '127.0.0.1', port: port ?? 0, db: 0 };
const place = { address, times: TIMES, id: `coordinator-${process.pid}`, host: 'here', pid: process.pid };
const queue = new TrialQueue(place, NEEDS, () => {});
await queue.start();
for (const trial of fakeTrials(count ?? 0, ms ?? 0))
  void queue.run(trial).then(({ kind }) => process.stdout.write(`${kind} ${trial.id}\n`));
