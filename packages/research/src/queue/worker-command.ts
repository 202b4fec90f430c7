import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { availableParallelism, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { printableLines } from '@helios/shared/runtime/cli/printable.ts';
import { runCommand, typedFolder } from '@helios/shared/runtime/cli/run-command.ts';
import { loadSettings } from '@helios/shared/runtime/config/load-settings.ts';
import { codeHash } from '../code-hash.ts';
import { FileHashes } from '../file-hashes.ts';
import { ThreadRunner } from '../threads/thread-runner.ts';
import { checkQueueServer } from './check-queue-server.ts';
import { FileFinder } from './file-finder.ts';
import { readQueueAddress } from './queue-address.ts';
import { timesFor, USUAL_TIMES } from './queue-options.ts';
import { TrialSkill } from './trial-skill.ts';
import { TrialWorker, type WorkerView } from './trial-worker.ts';
import { shortHash, workerLines } from './worker-lines.ts';

const ROOT = resolve(import.meta.dirname, '../../../..');
/** The model that comes with the code. */
const MODELS = join(ROOT, 'models');

/** Two signals within this time are one key, ms. */
const SAME_KEY_MS = 500;
/** Time between two lines of counts, ms. */
const COUNTS_MS = 60_000;

/** `npm run worker`: carries out trials of searches on other machines until Ctrl-C. */
async function main(line: CommandLine): Promise<number> {
  const folders = dataFolders(line);
  const jobs = line.number('jobs', { fallback: availableParallelism(), min: 1, max: 256, whole: true });
  const lockMs = line.number('lock-ms', { fallback: USUAL_TIMES.lockMs, min: 200, max: 600_000, whole: true });
  const { settings } = loadSettings({ env: process.env, root: ROOT });
  const address = readQueueAddress(line, settings);
  for (const warning of await checkQueueServer(address)) console.error(warning);

  const code = codeHash();
  const runner = new ThreadRunner(jobs);
  const skill = new TrialSkill(code, jobs, new FileFinder([...folders, MODELS], new FileHashes()), runner);
  const host = hostname();
  const place = {
    address,
    times: timesFor(lockMs),
    id: `${host}-${randomBytes(6).toString('hex')}`,
    host,
    pid: process.pid,
  };
  const worker = new TrialWorker(place, skill, reporter(code));
  console.log(`Worker ${place.id}: ${jobs} trials at once, code ${shortHash(code)}…, data in ${folders.join(', ')}.`);
  await worker.start();
  await untilStopped(worker);
  await runner.close();
  return 0;
}

/** The folders of --data; default the folder where the command was typed. */
function dataFolders(line: CommandLine): string[] {
  const named = line.texts('data');
  const folders = (named.length === 0 ? ['.'] : named).map((folder) => resolve(typedFolder(), folder));
  const wrong = folders.find((folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true);
  if (wrong !== undefined) throw line.problem(`--data: ${wrong} is not a folder.`);
  return folders;
}

/** The first Ctrl-C lets the running trials end; a later one, and SIGTERM, give them back to the queue. */
async function untilStopped(worker: TrialWorker): Promise<void> {
  await new Promise<void>((stop) => {
    let firstMs: number | undefined;
    process.on('SIGINT', () => {
      firstMs ??= performance.now();
      // A terminal sends Ctrl-C twice: to this process and through the launcher.
      if (performance.now() - firstMs > SAME_KEY_MS) worker.giveBack();
      stop();
    });
    for (const signal of ['SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        worker.giveBack();
        stop();
      });
  });
  console.error('Finishing the running trials. Press Ctrl-C again to give them back.');
  await worker.end();
}

/** Prints what the worker does whenever that changes, and its counts each minute. */
function reporter(code: string): (view: WorkerView) => void {
  let said = '';
  let counted = { text: '', ms: 0 };
  return (view) => {
    const text = printableLines(workerLines(view, code).join('\n'));
    if (text !== said) console.log(text);
    said = text;
    const counts = `${view.done} trials done, ${view.failed} failed, ${view.running} running.`;
    if (counts === counted.text || performance.now() - counted.ms < COUNTS_MS) return;
    if (counted.ms > 0) console.log(counts);
    counted = { text: counts, ms: performance.now() };
  };
}

await runCommand('worker', main);
