import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evaluate } from '../../src/train/evaluate.ts';
import type { TrainingTools } from '../../src/train/recipe/judge-split.ts';
import { treesToTry } from '../../src/train/recipe/parameters.ts';
import { XgboostBoosting } from '../../src/train/recipe/xgboost-boosting.ts';
import { OWN_SHAPE } from '../../src/train/rows/collected-rows.ts';
import { compactRow } from '../../src/train/rows/compact-row.ts';
import { type TrainingSet, trainingSetOf } from '../../src/train/rows/training-set.ts';
import { walkForward } from '../../src/train/split/purged-splits.ts';
import { StepStore } from '../../src/train/step-store.ts';
import { xgboostLibrary } from '../../src/xgboost/xgboost-library.ts';
import { type MadeRows, madeRows } from './made-rows.ts';

export const madeSet = (made: MadeRows): TrainingSet => trainingSetOf(madeRows(made).map(compactRow), OWN_SHAPE);

/** Runs `work` with the tools of a small training, in a folder that is removed afterwards. */
export async function withTools<Result>(work: (tools: TrainingTools) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'helios-training-'));
  try {
    return await work({
      ...{
        boosting: new XgboostBoosting(xgboostLibrary()),
        steps: new StepStore(folder, 'test'),
        signal: new AbortController().signal,
        onStep: () => {},
      },
      parameters: {
        ...{ seed: 1, trees: treesToTry(1, 1), maxRounds: 60, patience: 10, lstmUnits: 4, lstmEpochs: 8 },
        ...{ stackingFolds: 2, embargoMs: 1_800_000 },
      },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Judges made rows by a walk-forward of three folds. */
export async function evaluateMade(made: MadeRows) {
  const set = madeSet(made);
  return await withTools((tools) => evaluate(set, walkForward(set, 3, tools.parameters.embargoMs), [], tools));
}
