import { parentPort } from 'node:worker_threads';
import { messageOf } from '@helios/shared/runtime/cli/run-command.ts';
import { HopelessStart } from '@helios/shared/runtime/errors.ts';
import { OpenedData } from '../opened-data.ts';
import { runTrial } from '../run-trial.ts';
import type { Trial, TrialResult } from '../trial.ts';

/** What a thread answers to a trial. */
export type ThreadAnswer =
  | { readonly kind: 'RESULT'; readonly result: TrialResult }
  /** For the operator: what happened, why, and what to do. */
  | {
      readonly kind: 'FAILED';
      readonly message: string;
      /** Each trial on these data would fail alike. */
      readonly isHopeless: boolean;
    };

/** A worker thread: plays one trial after the other and keeps the data open in between. */
const opened = new OpenedData();

async function answerTo(trial: Trial): Promise<ThreadAnswer> {
  try {
    return { kind: 'RESULT', result: await runTrial(trial, opened) };
  } catch (error) {
    return { kind: 'FAILED', message: messageOf(error), isHopeless: error instanceof HopelessStart };
  }
}

parentPort?.on('message', async (trial: Trial) => parentPort?.postMessage(await answerTo(trial)));
