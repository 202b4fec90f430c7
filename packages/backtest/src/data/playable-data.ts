import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { BacktestResult } from '../backtest-result.ts';
import type { CandleLengths } from './candle-lengths.ts';
import type { DataWindow, MarketTarget } from './market-target.ts';

/** What the data themselves add to a result. */
export type PlayedData = Pick<BacktestResult, 'badFrames' | 'faults' | 'assumptions'>;

/** Data that can be played several times, whole or in part. */
export interface PlayableData {
  /** A replay of the same files has the same name, and so the same signal ids. */
  readonly run: string;
  readonly instruments: readonly Instrument[];
  /** Trades come with books that are made up from them. */
  readonly isBookMadeUp?: boolean;
  /** Undefined if the data are no candles. */
  readonly candleMs?: CandleLengths;
  play(target: MarketTarget, window?: DataWindow): Promise<PlayedData>;
}
