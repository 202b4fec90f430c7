import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evaluate } from '@helios/research/train/evaluate.ts';
import type { Boosting } from '@helios/research/train/recipe/boosting.ts';
import { trainFinal } from '@helios/research/train/recipe/final-model.ts';
import { treesToTry } from '@helios/research/train/recipe/parameters.ts';
import { XgboostBoosting } from '@helios/research/train/recipe/xgboost-boosting.ts';
import { OWN_SHAPE } from '@helios/research/train/rows/collected-rows.ts';
import { compactRow } from '@helios/research/train/rows/compact-row.ts';
import { trainingSetOf } from '@helios/research/train/rows/training-set.ts';
import { walkForward } from '@helios/research/train/split/purged-splits.ts';
import { StepStore } from '@helios/research/train/step-store.ts';
import { xgboostLibrary } from '@helios/research/xgboost/xgboost-library.ts';
import { madeRows } from '../packages/research/test/train/made-rows.ts';
import type { Row } from './report.ts';

const CANDIDATES = 3_000;
const FOLDS = 3;
const TRIALS = 2;
const EMBARGO_MS = 3_600_000;
const MEGABYTE = 1e6;

/**
 * Processor time of a training on made-up candidates with a weak edge: folds, ablations, importance and the final model. The floor is
 * what libxgboost alone takes of it.
 */
export async function benchTrain(): Promise<Row[]> {
  const rows = madeRows({
    count: CANDIDATES,
    seed: 1,
    edge: 0.1,
    sequenceEdge: 0.1,
    moveEdge: 0.3,
    withSequence: true,
  });
  const set = trainingSetOf(rows.map(compactRow), OWN_SHAPE);
  return [await trained(set, 0), await trained(set, 8), { what: '  memory after it', value: memoryMb(), unit: 'MB' }];
}

async function trained(set: ReturnType<typeof trainingSetOf>, lstmUnits: number): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'helios-bench-train-'));
  const boosting = new TimedBoosting(new XgboostBoosting(xgboostLibrary()));
  const tools = {
    ...{ boosting, steps: new StepStore(folder, 'bench'), signal: new AbortController().signal, onStep: () => {} },
    parameters: {
      ...{ seed: 1, trees: treesToTry(TRIALS, 1), maxRounds: 200, patience: 20, lstmUnits, lstmEpochs: 10 },
      ...{ stackingFolds: 2, embargoMs: EMBARGO_MS },
    },
  };
  try {
    const before = processorSeconds();
    await evaluate(set, walkForward(set, FOLDS, EMBARGO_MS), [], tools);
    await trainFinal(set, tools);
    const what = `train on ${CANDIDATES} candidates, ${FOLDS} folds, ${lstmUnits === 0 ? 'no LSTM' : `LSTM of ${lstmUnits} units`}`;
    return { what, value: processorSeconds() - before, unit: 's', floor: boosting.seconds };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Counts the processor time of the trainings of trees. */
class TimedBoosting implements Boosting {
  readonly #boosting: Boosting;
  seconds = 0;

  constructor(boosting: Boosting) {
    this.#boosting = boosting;
  }

  async train(task: Parameters<Boosting['train']>[0]) {
    const before = processorSeconds();
    const trees = await this.#boosting.train(task);
    this.seconds += processorSeconds() - before;
    return trees;
  }

  load(json: string) {
    return this.#boosting.load(json);
  }
}

const memoryMb = () => process.memoryUsage().rss / MEGABYTE;

function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
