import { type AfterMoves, afterMoves } from './after-moves.ts';
import { autocorrelation, correlation, deviation, excessKurtosis, mean, quantile } from './series-statistics.ts';
import { tailIndex } from './tail-index.ts';

/** Length of a window, minutes. Figures of longer series are medians over windows, so that series of any length compare. */
export const WINDOW_MINUTES = 36 * 60;

/** Lags of the autocorrelation of ln volume, minutes. */
export const VOLUME_LAGS = [1, 10, 60] as const;

/** Lags of the autocorrelation of absolute one-minute returns, minutes. */
export const CLUSTERING_LAGS = [1, 5, 10, 20, 30] as const;

/** Minutes of the longer return of the variance ratio. */
const LONG_MINUTES = 30;

const BP = 10_000;

/** Consecutive minutes of a market, real or generated. */
export interface MinuteSeries {
  /** Last price of each minute. */
  readonly closes: ArrayLike<number>;
  /** Traded value of each minute, quote currency. */
  readonly volumes: ArrayLike<number>;
}

/** Statistical properties of the minutes of one market: each is the median over windows, but for those after moves. */
export interface MinuteFacts {
  readonly minutes: number;
  readonly returnSigmaBp: number | undefined;
  /** Standard deviation of the logarithm of volume; minutes without volume do not count. */
  readonly volumeSigma: number | undefined;
  readonly volumeMemory: Readonly<Record<number, number | undefined>>;
  /** Correlation of ln volume with the size of the same minute's return. */
  readonly volumeWithMove: number | undefined;
  readonly tailIndex: number | undefined;
  readonly kurtosis: number | undefined;
  /** Autocorrelation of absolute returns by lag in minutes. */
  readonly clustering: Readonly<Record<number, number | undefined>>;
  /** Autocorrelation of returns after one minute. */
  readonly returnMemory: number | undefined;
  /** Variance of 30-minute returns over 30 times that of one minute (Lo and MacKinlay 1988): above 1 with trends, 1 for a martingale. */
  readonly varianceRatio: number | undefined;
  readonly afterFalls: AfterMoves;
  readonly afterRises: AfterMoves;
}

type Figure = number | undefined;
interface Figures extends Omit<MinuteFacts, 'minutes' | 'volumeMemory' | 'clustering' | 'afterFalls' | 'afterRises'> {
  readonly volumeLags: readonly Figure[];
  readonly clusteringLags: readonly Figure[];
}

/** The figures of a series of minutes. */
export function minuteFacts(series: MinuteSeries): MinuteFacts {
  const { length } = series.closes;
  const count = Math.max(1, Math.floor(length / WINDOW_MINUTES));
  const windows = Array.from({ length: count }, (_, at) =>
    windowFigures(series, at * WINDOW_MINUTES, count === 1 ? length : (at + 1) * WINDOW_MINUTES),
  );
  const returns = returnsOf(series.closes, 0, length);
  const middle = (figure: (window: Figures) => Figure): Figure =>
    median(windows.map(figure).filter((value) => value !== undefined));
  return {
    minutes: length,
    returnSigmaBp: middle((window) => window.returnSigmaBp),
    volumeSigma: middle((window) => window.volumeSigma),
    volumeMemory: Object.fromEntries(VOLUME_LAGS.map((lag, at) => [lag, middle((window) => window.volumeLags[at])])),
    volumeWithMove: middle((window) => window.volumeWithMove),
    tailIndex: middle((window) => window.tailIndex),
    kurtosis: middle((window) => window.kurtosis),
    clustering: Object.fromEntries(
      CLUSTERING_LAGS.map((lag, at) => [lag, middle((window) => window.clusteringLags[at])]),
    ),
    returnMemory: middle((window) => window.returnMemory),
    varianceRatio: middle((window) => window.varianceRatio),
    afterFalls: afterMoves(returns, -1),
    afterRises: afterMoves(returns, 1),
  };
}

function windowFigures({ closes, volumes }: MinuteSeries, from: number, to: number): Figures {
  const returns = returnsOf(closes, from, to);
  const moves: number[] = [];
  const logVolumes: number[] = [];
  returns.forEach((move, index) => {
    const volume = volumes[from + 1 + index] ?? 0;
    if (!(volume > 0)) return;
    logVolumes.push(Math.log(volume));
    moves.push(Math.abs(move));
  });
  return {
    returnSigmaBp: deviation(returns),
    volumeSigma: deviation(logVolumes),
    volumeLags: VOLUME_LAGS.map((lag) => autocorrelation(logVolumes, lag)),
    clusteringLags: CLUSTERING_LAGS.map((lag) => autocorrelation(returns.map(Math.abs), lag)),
    volumeWithMove: correlation(logVolumes, moves),
    tailIndex: tailIndex(returns),
    kurtosis: excessKurtosis(returns),
    returnMemory: autocorrelation(returns, 1),
    varianceRatio: varianceRatio(returns),
  };
}

/** Returns of the minutes after the first one of `from` to `to`, basis points. */
function returnsOf(closes: ArrayLike<number>, from: number, to: number): number[] {
  const returns: number[] = [];
  for (let at = from + 1; at < to; at += 1) returns.push(Math.log((closes[at] ?? 1) / (closes[at - 1] ?? 1)) * BP);
  return returns;
}

/** With overlapping long returns. */
function varianceRatio(returns: readonly number[]): number | undefined {
  const centre = mean(returns);
  const sigma = deviation(returns);
  if (centre === undefined || sigma === undefined || returns.length < 4 * LONG_MINUTES) return undefined;
  let sum = 0;
  let squares = 0;
  let count = 0;
  returns.forEach((value, at) => {
    sum += value - centre - (at >= LONG_MINUTES ? (returns[at - LONG_MINUTES] ?? 0) - centre : 0);
    if (at < LONG_MINUTES - 1) return;
    squares += sum * sum;
    count += 1;
  });
  return squares / count / (LONG_MINUTES * sigma * sigma);
}

function median(values: readonly number[]): number | undefined {
  return quantile(values, 0.5);
}
