import { spreadOf } from './moments.ts';
import { normalQuantile } from './normal.ts';
import { probabilisticSharpe, type SharpeSample } from './probabilistic-sharpe.ts';

const EULER = 0.5772156649015329;

/** What was tried before this result was chosen. */
export interface SettingTrials {
  /** Number of independent settings, this one included. */
  readonly count: number;
  /** Sharpe ratios of the trials, per return; unknown ratios are taken to differ by chance alone. */
  readonly sharpes?: readonly number[];
}

/**
 * The greatest Sharpe ratio that `count` worthless trials show on average, per return; `deviation` is that of their ratios.
 * Source: Bailey & López de Prado, "The deflated Sharpe ratio", Journal of Portfolio Management 2014.
 */
export function expectedMaxSharpe(count: number, deviation: number): number {
  if (count <= 1) return 0;
  const [usual, far] = [normalQuantile(1 - 1 / count), normalQuantile(1 - 1 / (count * Math.E))];
  return Math.max(0, deviation * ((1 - EULER) * usual + EULER * far));
}

/**
 * Probability that the true Sharpe ratio exceeds 0 although the best of several trials is reported: the probabilistic Sharpe
 * ratio against `expectedMaxSharpe`. Where ratios of trials are unknown, the deviation is at least 1 / √(n − 1), that of chance.
 * Source: as above. Undefined where the probabilistic Sharpe ratio is.
 */
export function deflatedSharpe(sample: SharpeSample, { count, sharpes = [] }: SettingTrials): number | undefined {
  const byChance = 1 / Math.sqrt(sample.count - 1);
  const known = spreadOf(sharpes) ?? byChance;
  const deviation = sharpes.length < count ? Math.max(known, byChance) : known;
  return probabilisticSharpe(sample, expectedMaxSharpe(count, deviation));
}
