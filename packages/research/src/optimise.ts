import { resolve } from 'node:path';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { runCommand, typedFolder } from '@helios/shared/runtime/cli/run-command.ts';
import { FileHashes } from './file-hashes.ts';
import { OpenedData } from './opened-data.ts';
import { prepareStudy } from './prepare-study.ts';
import { runTrial } from './run-trial.ts';
import { Study } from './study.ts';

/** `npm run optimise`: searches settings on the past of each fold and tests them on what came after. */
async function main(line: CommandLine): Promise<number> {
  const root = resolve(import.meta.dirname, '../../..');
  const hashes = new FileHashes();
  const plan = await prepareStudy(line, { cwd: typedFolder(), root, env: process.env, nowMs: Date.now() }, hashes);
  const opened = new OpenedData();
  let queue = Promise.resolve<unknown>(undefined);
  const runner = {
    run: (trial: Parameters<typeof runTrial>[0]) => {
      const next = queue.then(() => runTrial(trial, opened));
      queue = next;
      return next;
    },
    close: async () => {},
  };
  const outcome = await new Study(plan, runner, () => process.stderr.write('.')).run();
  for (const { candidate, summary } of outcome.tried)
    console.log(candidate.key, summary.isValid, summary.scores, summary.tests);
  console.log(JSON.stringify(outcome.chosen.map((one) => one?.candidate.texts)));
  return 0;
}

await runCommand('optimise', main);
