import { Rng } from '@helios/synthetic-market/rng.ts';
import { expect, test } from 'vitest';
import { studyReport } from '../src/report/make-study-report.ts';
import { isProved } from '../src/report/study-verdict.ts';
import { Study, type StudyPlan } from '../src/study.ts';
import type { Trial, TrialResult } from '../src/trial.ts';
import { SearchStopped } from '../src/trial-runner.ts';
import { foldsOf } from '../src/walk-forward/folds.ts';
import { inlineRunner } from './inline-search.ts';

const DAY = 86_400_000;
const DAYS = 40;
const whole = { fromTs: 0, toTs: DAYS * DAY };

const plan: StudyPlan = {
  ...{ method: 'tpe', trials: 60, seed: 7, base: {}, codeHash: 'code' },
  dimensions: [
    { kind: 'RANGE', path: 'a.edge', low: 0, high: 10, isLog: false, isInteger: false },
    { kind: 'CHOICE', path: 'a.word', texts: ['x', 'y', 'wrong'] },
  ],
  data: { files: [{ option: 'data', path: '/d', sha256: 'h' }], options: {}, fromTs: 0, toTs: DAYS * DAY - 1 },
  judging: { folds: foldsOf(whole, 3, 3_600_000), whole, objective: 'bound', minTrades: 10 },
};

/** Ten trades a day; their mean is what `bpOf` says, their deviation 20 bp. INVALID for one of the words. */
function played(trial: Trial, bpOf: (edge: number, day: number) => number): TrialResult {
  const { id, settings } = trial;
  if (settings['a.word'] === 'wrong') return { kind: 'INVALID', id, faults: ['x above y'] };
  const rng = new Rng(id);
  const entryTs = Array.from({ length: 10 * DAYS }, (_, n) => (n * DAY) / 10);
  const netBp = entryTs.map((ts) => bpOf(Number(settings['a.edge'] ?? 0), ts / DAY) + 20 * rng.normal());
  return {
    ...{ kind: 'PLAYED', id, firstTs: 0, lastTs: whole.toTs, startingBalance: 10_000, events: 1 },
    trades: { entryTs, exitTs: entryTs.map((ts) => ts + 60_000), netBp, net: netBp.map((bp) => bp / 10) },
    ...{ dailyReturns: [], assumptions: [], models: [] },
  };
}

const byEdge = (trial: Trial) => played(trial, (edge) => 12 - (edge - 4) ** 2);

test('the outcome does not depend on the order in which trials end', async () => {
  const late: (() => void)[] = [];
  const [inOrder, reversed] = await Promise.all([
    new Study(
      plan,
      inlineRunner(async (trial) => byEdge(trial)),
    ).run(),
    new Study(
      plan,
      inlineRunner(
        (trial) =>
          new Promise((resolve) => {
            // The last one that was asked for ends first.
            late.push(() => resolve(byEdge(trial)));
            queueMicrotask(() => late.pop()?.());
          }),
      ),
    ).run(),
  ]);
  const choices = (outcome: typeof inOrder) => outcome.chosen.map((one) => one?.candidate.texts);
  expect(choices(reversed)).toEqual(choices(inOrder));
  expect(new Set(reversed.tried.map(({ candidate }) => candidate.key))).toEqual(
    new Set(inOrder.tried.map(({ candidate }) => candidate.key)),
  );
  expect(inOrder.tried.length).toBeLessThanOrEqual(plan.trials);
});

test('finds the best values, counts contradictions, and proves the edge out of sample', async () => {
  const study = new Study(
    plan,
    inlineRunner(async (trial) => byEdge(trial)),
  );
  const outcome = await study.run();
  const report = await studyReport(plan, outcome, (texts) => study.result(texts), { riskFreeRatePct: 0 });
  for (const { texts } of report.folds) expect(Math.abs(Number(texts?.['a.edge']) - 4)).toBeLessThan(1.5);
  expect(report.counts.invalid).toBeGreaterThan(0);
  expect(isProved(report)).toBe(true);
  // The test windows hold 24 of the 40 days.
  expect(report.chosen.netBp).toHaveLength(240);
});

test('what happens after a training changes neither what it tries nor what it chooses', async () => {
  const firstTest = plan.judging.folds[0]?.test.fromTs ?? 0;
  const turned = (trial: Trial) =>
    played(trial, (edge, day) => (day * DAY < firstTest ? 12 - (edge - 4) ** 2 : 12 - (edge - 9) ** 2));
  const [straight, other] = await Promise.all(
    [byEdge, turned].map((play) =>
      new Study(
        plan,
        inlineRunner(async (trial) => play(trial)),
      ).run(),
    ),
  );
  const firstOf = (outcome: typeof straight) => ({
    tried: outcome?.pools[0]?.map(({ candidate }) => candidate.key),
    chosen: outcome?.chosen[0]?.candidate.key,
  });
  expect(firstOf(other)).toEqual(firstOf(straight));
  expect(other?.chosen.at(-1)?.candidate.key).not.toBe(straight?.chosen.at(-1)?.candidate.key);
});

test('the best of many worthless settings is never called an edge', async () => {
  let proved = 0;
  for (let seed = 0; seed < 20; seed += 1) {
    const own = { ...plan, seed, trials: 30, data: { ...plan.data, options: { seed: String(seed) } } };
    const study = new Study(
      own,
      inlineRunner(async (trial) => played(trial, () => 0)),
    );
    const report = await studyReport(own, await study.run(), (texts) => study.result(texts), { riskFreeRatePct: 0 });
    if (isProved(report)) proved += 1;
  }
  expect(proved).toBe(0);
}, 120_000);

test('a stopped search chooses from what is known, and says so', async () => {
  let played60 = 0;
  const study = new Study(
    plan,
    inlineRunner(async (trial) => {
      played60 += 1;
      if (played60 > 20) throw new SearchStopped();
      return byEdge(trial);
    }),
  );
  const outcome = await study.run();
  const report = await studyReport(plan, outcome, (texts) => study.result(texts), { riskFreeRatePct: 0 });
  expect(report.isComplete).toBe(false);
  expect(report.verdict.some(({ text }) => text.startsWith('The search was stopped after'))).toBe(true);
});

test('a setting without trades is no choice', async () => {
  const few = { ...plan, judging: { ...plan.judging, minTrades: 1_000 } };
  const study = new Study(
    few,
    inlineRunner(async (trial) => byEdge(trial)),
  );
  const report = await studyReport(few, await study.run(), (texts) => study.result(texts), { riskFreeRatePct: 0 });
  expect(report.folds.every(({ texts }) => texts === undefined)).toBe(true);
  expect(report.verdict[0]?.text).toMatch(/^No setting made 1000 trades/);
});
