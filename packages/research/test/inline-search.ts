import { readCommandLine } from '@helios/shared/runtime/cli/run-command.ts';
import { IMBALANCE_ALONE_ENVIRONMENT } from '@helios/shared/testing/imbalance-alone.ts';
import { settingsFolder } from '@helios/shared/testing/settings-folder.ts';
import { FileHashes } from '../src/file-hashes.ts';
import { OpenedData } from '../src/opened-data.ts';
import { prepareStudy } from '../src/prepare-study.ts';
import { studyReport } from '../src/report/make-study-report.ts';
import { runTrial } from '../src/run-trial.ts';
import { Study, type StudyPlan } from '../src/study.ts';
import type { Trial, TrialResult } from '../src/trial.ts';
import type { TrialRunner } from '../src/trial-runner.ts';

/** Plays trials in this thread, each once. */
export function inlineRunner(play: (trial: Trial) => Promise<TrialResult>): TrialRunner {
  const results = new Map<string, Promise<TrialResult>>();
  return {
    run(trial) {
      const result = results.get(trial.id) ?? play(trial);
      results.set(trial.id, result);
      return result;
    },
    close: async () => {},
  };
}

/** The plan of `npm run optimise` with these arguments, without any file of settings. */
export function planOf(args: readonly string[]): Promise<StudyPlan> {
  const place = { cwd: '/', root: settingsFolder(), env: IMBALANCE_ALONE_ENVIRONMENT, nowMs: 0 };
  return prepareStudy(readCommandLine('optimise', args), place, new FileHashes());
}

/** Carries out a search in this thread. */
export async function searchInline(args: readonly string[]) {
  const plan = await planOf(args);
  const opened = new OpenedData();
  const study = new Study(
    plan,
    inlineRunner((trial) => runTrial(trial, opened)),
  );
  const outcome = await study.run();
  const report = await studyReport(plan, outcome, (texts) => study.result(texts), { riskFreeRatePct: 0 });
  return { plan, outcome, report };
}
