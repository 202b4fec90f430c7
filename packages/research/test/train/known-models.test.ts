import { describe, expect, test } from 'vitest';
import { judgeSplit } from '../../src/train/recipe/judge-split.ts';
import { FULL } from '../../src/train/recipe/variants.ts';
import { joinedAnswers, variantFigures } from '../../src/train/report/figures.ts';
import { modelVerdictOf } from '../../src/train/report/model-verdict.ts';
import { walkForward } from '../../src/train/split/purged-splits.ts';
import { findXgboost } from '../xgboost/find-xgboost.ts';
import { evaluateMade, madeSet, withTools } from './trained.ts';

describe.skipIf(findXgboost() === undefined)('models with known answers', () => {
  test('noise gives no model that may speak, in 20 of 20 seeds', async () => {
    const speaking: number[] = [];
    for (let seed = 1; seed <= 20; seed += 1) {
      const set = madeSet({ count: 700, seed });
      const { full } = await withTools(async (tools) => {
        const splits = walkForward(set, 2, tools.parameters.embargoMs);
        const judged = [];
        for (const split of splits) judged.push(await judgeSplit(set, split, FULL, undefined, tools));
        return { full: variantFigures(set, joinedAnswers(judged), 'noise') };
      });
      if (modelVerdictOf(full, 'none').maySpeak) speaking.push(seed);
    }
    expect(speaking).toEqual([]);
  }, 240_000);

  test('a planted edge is found, and its feature is the most important one', async () => {
    const { full, importance, ablations, takeAll } = await evaluateMade({ count: 1_200, seed: 3, edge: 0.8 });
    expect(full.auc.low).toBeGreaterThan(0.6);
    expect(full.netBp.low).toBeGreaterThan(0);
    expect(takeAll.netBp.value).toBeLessThan(0);
    expect(importance[0]?.feature).toBe('return_60m');
    expect(ablations.find(({ name }) => name === 'imbalance-alone')?.auc.low).toBeLessThan(0.5);
    // So good that somebody has to look for the leak first.
    expect(modelVerdictOf(full, undefined)).toMatchObject({ kind: 'LEAK', maySpeak: false });
    expect(modelVerdictOf(full, 'The edge is planted.')).toMatchObject({ kind: 'PAYS', maySpeak: true });
  }, 240_000);

  test('an edge in the sequence is found by the LSTM alone', async () => {
    const { full, ablations, importance } = await evaluateMade({
      count: 2_400,
      seed: 5,
      sequenceEdge: 1.2,
      withSequence: true,
    });
    const without = ablations.find(({ name }) => name === 'no-lstm');
    expect(full.auc.low).toBeGreaterThan(0.6);
    expect(without?.auc.value).toBeLessThan(0.56);
    expect(importance[0]?.feature).toBe('lstm');
  }, 240_000);

  test('the size of the move is foretold and calibrated where something tells it', async () => {
    const { move } = await evaluateMade({ count: 1_000, seed: 7, moveEdge: 0.5 });
    expect(move.correlation).toBeGreaterThan(0.5);
    expect(move.isCalibrated).toBe(true);
    const noise = await evaluateMade({ count: 1_000, seed: 8 });
    expect(Math.abs(noise.move.correlation ?? 0)).toBeLessThan(0.15);
  }, 240_000);
});
