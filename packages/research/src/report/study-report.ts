import type { Remark } from '@helios/backtest/report/backtest-report.ts';
import type { SearchPlan } from '../search/search-plan.ts';
import type { Overfitting } from '../statistics/overfitting.ts';
import type { Fold } from '../walk-forward/folds.ts';
import type { Judging, WindowFigures } from '../walk-forward/trial-summary.ts';
import type { OutOfSample } from './out-of-sample.ts';
import type { SettingEffect } from './setting-effect.ts';

/** A choice of settings and what became of it. */
export interface FoldReport {
  readonly fold: Fold;
  /** Number of settings from which was chosen. */
  readonly candidates: number;
  /** Searched settings, `section.key` to text; undefined if none had a score. */
  readonly texts: Readonly<Record<string, string>> | undefined;
  readonly score: number | undefined;
  readonly training: WindowFigures;
  readonly test: WindowFigures;
  /** The settings without the search, in the same test. */
  readonly base: WindowFigures;
}

/** One of the best settings of the last training, with its test. */
export interface RankedTrial {
  readonly texts: Readonly<Record<string, string>>;
  readonly score: number;
  readonly training: WindowFigures;
  readonly test: WindowFigures;
}

/** Mean net result of a setting in training and test of a fold, bp. */
export interface TrainingAndTest {
  readonly trainingBp: number;
  readonly testBp: number;
  readonly isChosen: boolean;
}

/** Numbers of different settings. */
export interface SettingCounts {
  readonly tried: number;
  /** Their values contradict each other. */
  readonly invalid: number;
  /** Their trials could not be played. */
  readonly failed: number;
  /** They had too few trades in every training. */
  readonly tooFew: number;
  /** Other settings, which earlier searches tried on these data. */
  readonly earlier: number;
}

/** All figures of a search. Text, JSON and page show these and compute none of their own. */
export interface StudyReport {
  readonly files: readonly string[];
  readonly plan: SearchPlan & Pick<Judging, 'objective' | 'minTrades' | 'whole'>;
  /** Time between training and test, ms. */
  readonly embargoMs: number;
  readonly counts: SettingCounts;
  readonly isComplete: boolean;
  readonly folds: readonly FoldReport[];
  /** Trades of the chosen settings in the tests, and those of the settings without the search. */
  readonly chosen: OutOfSample;
  readonly base: OutOfSample;
  /** Undefined for fewer than two settings with trades. */
  readonly overfitting: Overfitting | undefined;
  readonly ranked: readonly RankedTrial[];
  readonly scatter: readonly TrainingAndTest[];
  readonly effects: readonly SettingEffect[];
  /** The best settings of the whole time, `section.key` to text; nothing tested them. */
  readonly latest: Readonly<Record<string, string>> | undefined;
  readonly assumptions: readonly string[];
  readonly models: readonly string[];
  /** Plain sentences on what the figures prove. */
  readonly verdict: readonly Remark[];
}
