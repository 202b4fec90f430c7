import { basename } from 'node:path';
import { Trial, trialOf } from '../trial.ts';
import type { TrialRunner } from '../trial-runner.ts';
import type { FileFinder } from './file-finder.ts';
import type { NeededFile } from './queue-options.ts';
import { NotHere, type WorkerSkill } from './trial-worker.ts';

/** Carries out the trials of a queue with the files of this machine. */
export class TrialSkill implements WorkerSkill {
  readonly code: string;
  readonly jobs: number;
  readonly #finder: FileFinder;
  readonly #runner: TrialRunner;

  constructor(code: string, jobs: number, finder: FileFinder, runner: TrialRunner) {
    this.code = code;
    this.jobs = jobs;
    this.#finder = finder;
    this.#runner = runner;
  }

  async missingOf(files: readonly NeededFile[]): Promise<NeededFile[]> {
    const missing: NeededFile[] = [];
    for (const file of files) if ((await this.#finder.find(file, performance.now())) === undefined) missing.push(file);
    return missing;
  }

  async run(sent: unknown, files: readonly NeededFile[], signal: AbortSignal): Promise<unknown> {
    const trial = await this.#withPaths(Trial.parse(sent), files);
    if (trialOf(trial.settings, trial.data, this.code).id !== trial.id)
      throw new Error(
        'The id of the trial is not that of its settings, data and code. Another program wrote into this queue.',
      );
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const onAbort = () => reject(new NotHere('given back'));
    signal.addEventListener('abort', onAbort);
    try {
      return await Promise.race([this.#runner.run(trial), aborted]);
    } catch (error) {
      // A file that was changed or deleted meanwhile says nothing about the trial.
      const [gone] = await this.missingOf(files);
      throw gone === undefined ? error : new NotHere(`${gone.name} was changed or deleted`);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  async #withPaths(trial: Trial, files: readonly NeededFile[]): Promise<Trial> {
    const found = trial.data.files.map(async (file) => {
      const needed = files.find(({ name, sha256 }) => name === basename(file.path) && sha256 === file.sha256);
      if (needed === undefined) throw new Error(`The trial reads ${file.path}, which its search does not have.`);
      const path = await this.#finder.find(needed, performance.now());
      if (path === undefined) throw new NotHere(`${file.path} is not here`);
      return { ...file, path };
    });
    return { ...trial, data: { ...trial.data, files: await Promise.all(found) } };
  }
}
