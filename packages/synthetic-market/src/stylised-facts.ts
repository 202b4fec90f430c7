import { SAMPLE_MS, type SymbolSamples, TRIGGER } from './book-samples.ts';
import { autocorrelation, correlation, deviation, excessKurtosis, mean, quantile } from './series-statistics.ts';

/** Horizons for the prediction by imbalance, seconds. */
export const HORIZONS_S = [1, 5, 10, 30, 60] as const;

/** Length of the windows for the kurtosis of seconds, minutes. */
export const KURTOSIS_MINUTES = 8;

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
  readonly tradesPerSecond: number | undefined;
  readonly tradedValuePerMinute: number | undefined;
  readonly changedLevelsPerUpdate: number | undefined;
  /** Times per minute at which an imbalance of 0.4 becomes confirmed, as the strategy counts by default. */
  readonly confirmationsPerMinute: number | undefined;
  /** Autocorrelation of the takers' sides of consecutive trades, after one trade. */
  readonly signMemory: number | undefined;
  /** Excess kurtosis of one-second returns: median over windows of `KURTOSIS_MINUTES`, the length of a recorded session. */
  readonly secondKurtosis: number | undefined;
  /** The same over the whole time. */
  readonly secondKurtosisWhole: number | undefined;
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

function kurtosisOfWindows(secondReturns: readonly number[]): number | undefined {
  const length = KURTOSIS_MINUTES * 60 - 1;
  const figures: number[] = [];
  for (let from = 0; from + length <= Math.max(length, secondReturns.length); from += length) {
    const figure = excessKurtosis(secondReturns.slice(from, from + length));
    if (figure !== undefined) figures.push(figure);
  }
  return quantile(figures, 0.5);
}

/** The figures of one symbol's samples. */
export function stylisedFacts(samples: SymbolSamples): StylisedFacts {
  const { mids, imbalances, spreads } = samples;
  const strength = imbalances.map(Math.abs);
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
    tradesPerSecond: seconds > 0 ? samples.trades / seconds : undefined,
    tradedValuePerMinute: seconds > 0 ? (samples.tradedValue / seconds) * 60 : undefined,
    changedLevelsPerUpdate: samples.depthUpdates > 0 ? samples.changedLevels / samples.depthUpdates : undefined,
    confirmationsPerMinute: seconds > 0 ? (samples.confirmations / seconds) * 60 : undefined,
    signMemory: autocorrelation(samples.tradeSigns, 1),
    secondKurtosis: kurtosisOfWindows(returnsBp(mids, 1, perSecond)),
    secondKurtosisWhole: excessKurtosis(returnsBp(mids, 1, perSecond)),
  };
}
