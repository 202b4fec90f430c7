import { SAMPLE_MS, type SymbolSamples } from './book-samples.ts';
import { autocorrelation, correlation, deviation, excessKurtosis, mean, quantile } from './series-statistics.ts';

/** Horizons for the prediction by imbalance, seconds. */
export const HORIZONS_S = [1, 5, 10, 30, 60] as const;

/** Lags of the autocorrelation of absolute one-minute returns, minutes. */
export const CLUSTERING_LAGS = [1, 5, 10, 20, 30] as const;

/** |NOBI| of the strategy's default trigger threshold. */
const TRIGGER = 0.4;

const BP = 10_000;

/** Figures by horizon or lag; undefined if the series is too short. */
export type ByStep = Readonly<Record<number, number | undefined>>;

/** Statistical properties of one symbol's market. Returns are of the mid, in basis points. */
export interface StylisedFacts {
  readonly minutes: number;
  readonly spreadBp: number | undefined;
  /** Share of samples with the minimum spread. */
  readonly narrowestSpreadShare: number | undefined;
  readonly topDepthValue: number | undefined;
  readonly imbalanceP50: number | undefined;
  readonly imbalanceP90: number | undefined;
  readonly imbalanceP99: number | undefined;
  /** Share of time with |NOBI| ≥ 0.4. */
  readonly triggerShare: number | undefined;
  /** Correlation of −NOBI with the return over the next seconds. */
  readonly prediction: ByStep;
  /** Mean return in the direction of NOBI, for |NOBI| ≥ 0.4. */
  readonly moveBp: ByStep;
  /** Standard deviation of returns by length in seconds. */
  readonly returnSigmaBp: ByStep;
  readonly imbalanceMemory: ByStep;
  /** Share of samples with the same mid as the previous sample. */
  readonly standstillShare: number | undefined;
  readonly minuteKurtosis: number | undefined;
  /** Autocorrelation of absolute one-minute returns by lag in minutes. */
  readonly clustering: ByStep;
  readonly tradesPerSecond: number | undefined;
  readonly tradedValuePerMinute: number | undefined;
  readonly changedLevelsPerUpdate: number | undefined;
}

const perSecond = 1_000 / SAMPLE_MS;

function returnsBp(mids: readonly number[], seconds: number, every: number): number[] {
  const ahead = seconds * perSecond;
  const returns: number[] = [];
  for (let index = 0; index + ahead < mids.length; index += every) {
    returns.push(Math.log((mids[index + ahead] ?? 1) / (mids[index] ?? 1)) * BP);
  }
  return returns;
}

function predictionOf(samples: SymbolSamples, seconds: number): number | undefined {
  const returns = returnsBp(samples.mids, seconds, 1);
  const against = samples.imbalances.slice(0, returns.length).map((nobi) => -nobi);
  return correlation(against, returns);
}

function moveOf(samples: SymbolSamples, seconds: number): number | undefined {
  const returns = returnsBp(samples.mids, seconds, 1);
  const signed: number[] = [];
  returns.forEach((value, index) => {
    const nobi = samples.imbalances[index] ?? 0;
    if (Math.abs(nobi) >= TRIGGER) signed.push(-Math.sign(nobi) * value);
  });
  return mean(signed);
}

function byStep(steps: readonly number[], figure: (step: number) => number | undefined): ByStep {
  return Object.fromEntries(steps.map((step) => [step, figure(step)]));
}

function share(values: readonly number[], holds: (value: number, index: number) => boolean): number | undefined {
  return values.length === 0 ? undefined : values.filter(holds).length / values.length;
}

/** The figures of one symbol's samples. An autocorrelation over minutes needs hours of samples. */
export function stylisedFacts(samples: SymbolSamples): StylisedFacts {
  const { mids, imbalances, spreads } = samples;
  const strength = imbalances.map(Math.abs);
  const minuteReturns = returnsBp(mids, 60, 60 * perSecond);
  const minuteSizes = minuteReturns.map(Math.abs);
  const narrowest = quantile(spreads, 0) ?? 0;
  const seconds = mids.length / perSecond;
  return {
    minutes: seconds / 60,
    spreadBp: mean(spreads.map((spread, index) => (spread / (mids[index] ?? 1)) * BP)),
    narrowestSpreadShare: share(spreads, (spread) => spread < narrowest * 1.5),
    topDepthValue: mean(samples.depths),
    imbalanceP50: quantile(strength, 0.5),
    imbalanceP90: quantile(strength, 0.9),
    imbalanceP99: quantile(strength, 0.99),
    triggerShare: share(strength, (value) => value >= TRIGGER),
    prediction: byStep(HORIZONS_S, (horizon) => predictionOf(samples, horizon)),
    moveBp: byStep(HORIZONS_S, (horizon) => moveOf(samples, horizon)),
    returnSigmaBp: byStep([0.1, ...HORIZONS_S], (length) => deviation(returnsBp(mids, length, 1))),
    imbalanceMemory: byStep([0.1, 0.5, ...HORIZONS_S], (lag) => autocorrelation(imbalances, lag * perSecond)),
    standstillShare: share(mids, (mid, index) => index > 0 && mid === mids[index - 1]),
    minuteKurtosis: excessKurtosis(minuteReturns),
    clustering: byStep(CLUSTERING_LAGS, (lag) => autocorrelation(minuteSizes, lag)),
    tradesPerSecond: seconds > 0 ? samples.trades / seconds : undefined,
    tradedValuePerMinute: seconds > 0 ? (samples.tradedValue / seconds) * 60 : undefined,
    changedLevelsPerUpdate: samples.depthUpdates > 0 ? samples.changedLevels / samples.depthUpdates : undefined,
  };
}
