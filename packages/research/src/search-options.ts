import type { Settings } from '@helios/shared/domain/settings.ts';
import type { CommandLine } from '@helios/shared/runtime/cli/command-line.mjs';
import { readLength } from '@helios/shared/runtime/cli/read-time.ts';
import { smallestGrid } from './search/grid-search.ts';
import { readDimensions } from './search/read-dimensions.ts';
import { METHODS, type SearchPlan } from './search/search-plan.ts';
import { OBJECTIVES } from './walk-forward/objective.ts';
import type { Judging } from './walk-forward/trial-summary.ts';

/** The options of `npm run optimise` that concern the search. */
export interface SearchOptions {
  readonly plan: SearchPlan;
  readonly judging: Pick<Judging, 'objective' | 'minTrades'>;
  readonly folds: number;
  /** Least time between training and test, ms; undefined for the longest holding time. */
  readonly embargoMs: number | undefined;
}

const MAX_TRIALS = 100_000;

/** @throws CommandLineError for options that do not fit together */
export function readSearchOptions(line: CommandLine, settings: Settings): SearchOptions {
  const dimensions = readDimensions(line, settings);
  const plan = {
    dimensions,
    method: oneOf(line, 'method', METHODS),
    trials: line.number('trials', { fallback: 100, min: 2, max: MAX_TRIALS, whole: true }),
    seed: line.number('seed', { fallback: 1, min: 0, max: 2 ** 31 - 1, whole: true }),
  };
  const least = smallestGrid(dimensions);
  if (plan.method === 'grid' && least > plan.trials)
    throw line.problem(
      `The smallest grid has ${least} combinations: raise --trials ${plan.trials}, or search fewer values.`,
    );
  return {
    plan,
    judging: {
      objective: oneOf(line, 'objective', OBJECTIVES),
      minTrades: line.number('min-trades', { fallback: 10, min: 5, max: 1_000_000, whole: true }),
    },
    folds: line.number('folds', { fallback: 4, min: 1, max: 50, whole: true }),
    embargoMs: readLength(line, 'embargo'),
  };
}

/** One of several words; the first is the default. */
function oneOf<Word extends string>(line: CommandLine, option: string, words: readonly [Word, ...Word[]]): Word {
  const text = line.text(option) ?? words[0];
  const word = words.find((known) => known === text);
  if (word !== undefined) return word;
  throw line.problem(`--${option} must be ${words.join(', ')}, not “${text}”.`);
}
