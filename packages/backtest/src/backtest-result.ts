import type { RecordingFault } from '@helios/market-data/recording-fault.ts';
import type { Decision } from '@helios/shared/domain/decision.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { SectionName, Settings } from '@helios/shared/domain/settings.ts';

/** The sections that can change a backtest. No other one is in a result: it may hold secrets. */
export const REPORTED_SECTIONS = [
  ...(['trading', 'signals', 'reasons', 'trend', 'regime', 'risk', 'protections', 'execution'] as const),
  ...(['simulation', 'fees', 'sentiment', 'performance'] as const),
] as const satisfies readonly SectionName[];

type ReportedSettings = Pick<Settings, (typeof REPORTED_SECTIONS)[number]>;

/** Price of a symbol at the end of a minute, for charts and for buy-and-hold. */
export interface MinutePrice {
  /** Epoch ms. */
  readonly ts: number;
  /** Mid of the book, or the last trade where no book is known; quote currency. */
  readonly price: number;
}

/** What a report knows of a decision: all but its texts and its way to the venue. */
export type ReportedDecision = Omit<Decision, 'run' | 'ts_init' | 'reason' | 'model' | 'rules' | 'leg' | 'denial'>;

/** What a report knows of a refused trigger. */
export type ReportedRefusal = Pick<
  Decision,
  'symbol' | 'direction' | 'timestamp' | 'nobi_value' | 'entry_price' | 'regime' | 'refused_by' | 'follow_up'
>;

/** Everything that a backtest leaves behind. A report reads only this, so that a saved result can be reported again. */
export interface BacktestResult {
  /** Name of the data; a replay of the same files has the same one. */
  readonly run: string;
  readonly files: readonly string[];
  /** Market time of the first and the last event, epoch ms. */
  readonly firstTs: number;
  readonly lastTs: number;
  readonly settings: ReportedSettings;
  /** The settings of these sections that the command line changed, `section.key` to text. */
  readonly changed: Readonly<Record<string, string>>;
  /** The newest state of each signal's decision, in order of the signals. */
  readonly decisions: readonly ReportedDecision[];
  /** Refused triggers in order, with what they would have earned if their shadow position ended. */
  readonly refusals: readonly ReportedRefusal[];
  /** Closed round trips in order of closing. */
  readonly trades: readonly ClosedTrade[];
  /** Mid of the book at the decision, by signal id; absent where the decision knew no book. Quote currency. */
  readonly mids: ReadonlyMap<string, number>;
  /** By symbol, oldest first. */
  readonly prices: ReadonlyMap<string, readonly MinutePrice[]>;
  /** Number of market events and of frames that were no message. */
  readonly events: number;
  readonly badFrames: number;
  readonly faults: readonly RecordingFault[];
  /** Signals whose order filled in several trades; absent if none did. */
  readonly filledInParts?: readonly string[] | undefined;
  /** Settings tried on these data, as the saved report of this result says; absent for a new one. */
  readonly trials?: number | undefined;
  /** What the data do not hold, and what was assumed instead; one sentence each. */
  readonly assumptions: readonly string[];
  /** The models that ran: fees, funding, latency and so on; one sentence each. */
  readonly models: readonly string[];
}

/** The result of a run in this process, with whole decisions. */
export interface PlayedResult extends BacktestResult {
  readonly decisions: readonly Decision[];
  readonly refusals: readonly Decision[];
}
