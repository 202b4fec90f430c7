import { CLUSTERING_LAGS, type MinuteFacts, VOLUME_LAGS } from '@helios/synthetic-market/minute-facts.ts';
import { type ByStep, HORIZONS_S, type StylisedFacts } from '@helios/synthetic-market/stylised-facts.ts';

function text(value: number | undefined, digits = 2): string {
  return value === undefined ? '–' : value.toFixed(digits).replace('-', '−');
}

function list(figures: ByStep, steps: readonly number[]): string {
  return steps.map((step) => text(figures[step])).join(' / ');
}

function percent(value: number | undefined): string {
  return value === undefined ? '–' : `${text(value * 100, 1)} %`;
}

/** Name and figure of one line of the table. */
export type FactRow = readonly [name: string, figure: string];

/** Figures of books and trades, as lines of a table. */
export function bookRows(facts: StylisedFacts): readonly FactRow[] {
  return [
    ['minutes', text(facts.minutes, 1)],
    ['spread (bp)', text(facts.spreadBp, 3)],
    ['time at the narrowest spread', percent(facts.narrowestSpreadShare)],
    ['top-10 depth, both sides ($ M)', text((facts.topDepthValue ?? 0) / 1e6)],
    [
      '|NOBI| p50 / p90 / p99',
      [facts.imbalanceP50, facts.imbalanceP90, facts.imbalanceP99].map((q) => text(q)).join(' / '),
    ],
    ['time with |NOBI| ≥ 0.4', percent(facts.triggerShare)],
    [`correlation of −NOBI with the return over ${HORIZONS_S.join(' / ')} s`, list(facts.prediction, HORIZONS_S)],
    [`mean move when |NOBI| ≥ 0.4 over ${HORIZONS_S.join(' / ')} s (bp)`, list(facts.moveBp, HORIZONS_S)],
    [`standard deviation of returns over ${HORIZONS_S.join(' / ')} s (bp)`, list(facts.returnSigmaBp, HORIZONS_S)],
    ['autocorrelation of NOBI after 0.1 / 1 / 5 / 30 s', list(facts.imbalanceMemory, [0.1, 1, 5, 30])],
    ['100 ms steps in which the mid stands still', percent(facts.standstillShare)],
    ['trades per second', text(facts.tradesPerSecond, 1)],
    ['traded per minute ($ M)', text((facts.tradedValuePerMinute ?? 0) / 1e6)],
    ['levels changed per depth update', text(facts.changedLevelsPerUpdate, 1)],
    ['fresh confirmations of |NOBI| ≥ 0.4 per minute', text(facts.confirmationsPerMinute, 1)],
    ['autocorrelation of trade signs after one trade', text(facts.signMemory)],
    [
      'excess kurtosis of 1-s returns, 8 minutes / whole time',
      `${text(facts.secondKurtosis, 1)} / ${text(facts.secondKurtosisWhole, 1)}`,
    ],
  ];
}

/** Figures of minutes, as lines of a table. */
export function minuteRows(facts: MinuteFacts): readonly FactRow[] {
  return [
    ['whole minutes', text(facts.minutes, 0)],
    ['standard deviation of 1-min returns (bp)', text(facts.returnSigmaBp)],
    ['standard deviation of ln volume', text(facts.volumeSigma)],
    [`autocorrelation of ln volume after ${VOLUME_LAGS.join(' / ')} min`, list(facts.volumeMemory, VOLUME_LAGS)],
    ['correlation of ln volume with |return|', text(facts.volumeWithMove)],
    ['tail index of 1-min returns', text(facts.tailIndex)],
    ['excess kurtosis of 1-min returns', text(facts.kurtosis, 1)],
    [
      `autocorrelation of |1-min return| after ${CLUSTERING_LAGS.join(' / ')} min`,
      list(facts.clustering, CLUSTERING_LAGS),
    ],
    ['autocorrelation of 1-min returns', text(facts.returnMemory)],
    ['variance ratio of 30 minutes', text(facts.varianceRatio)],
    [
      'volatility half an hour after a fall / a rise of 3 σ, over that of the hour of the move',
      [facts.afterFalls, facts.afterRises].map(({ volatility, moves }) => `${text(volatility)} (${moves})`).join(' / '),
    ],
  ];
}
