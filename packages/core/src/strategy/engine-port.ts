import type { Execution } from '@helios/shared/domain/execution.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { Book, Kline, MarketEvent, MarketTrade } from '@helios/shared/domain/market-data.ts';
import type { RegimeState, SentimentState } from '@helios/shared/domain/market-state.ts';
import type { LastEntry, PositionUpdate, TrailingState } from '@helios/shared/domain/position.ts';
import type { TradingState } from '@helios/shared/domain/trading-state.ts';
import type { ModelWatchState } from '../model/model-in-use.ts';
import type { TradingModel } from '../model/trading-model.ts';
import type { VenueModels } from '../paper/venue-models.ts';
import type { TradingProfile } from '../trading/profile.ts';
import type { EdgeEstimates } from './edge-estimate.ts';
import type { EngineOutput } from './engine-output.ts';
import type { CandleRules } from './exit-plan.ts';
import type { PriceSample } from './market-memory.ts';
import type { QuietMarket } from './quiet-market.ts';

/** Run and profile of the strategy. */
export interface EngineContext {
  readonly run: string;
  readonly profile: TradingProfile;
  /** False: refused triggers are neither recorded nor followed up. Signals are the same without a model, which watches their outcomes. */
  readonly recordsRefusals?: boolean | undefined;
  /** True: signals and refusals carry the features of candidates. */
  readonly collectsFeatures?: boolean | undefined;
  /** True: books come from candles or trades, so they do not show what orders came and went. */
  readonly isBookMadeUp?: boolean | undefined;
  /** How orders of follow-ups fill, if not as in paper trading; only backtests on candles have them. */
  readonly followUpModels?: VenueModels | undefined;
  /** The rules of a symbol's candles; given if prices come from candles. */
  readonly candlesOf?: ((symbol: string) => CandleRules | undefined) | undefined;
}

/** The strategy of a whole fleet: events in, outputs out. Pure except for its own memory; all times are market time, epoch ms. */
export interface StrategyEngine {
  /** Processes one event. Also runs the timers of all symbols if their last run is a second ago. */
  onMarket(event: MarketEvent, nowMs: number): readonly EngineOutput[];
  /** Shows a trade to the resting orders of follow-ups alone: the strategy does not know of it. */
  showResting(trade: MarketTrade, nowMs: number): void;
  /** Runs the timers without an event: TIME_EXIT, stale prices, follow-ups. */
  onTimer(nowMs: number): readonly EngineOutput[];
  /** Replaces a symbol's positions and orders, and takes the answers that came with them; those of another run count as absent. */
  onPositions(update: PositionUpdate): void;
  /** Processes an answer to a signal; call it after `onPositions` with the result. */
  onExecution(execution: Execution): void;
  onTradingState(state: TradingState): void;
  /** Closes every position, including those that appear later, until the trading state becomes ACTIVE or HALTED. */
  flatten(nowMs: number): readonly EngineOutput[];
  onSentiment(symbol: string | 'global', sentiment: SentimentState | undefined): void;
  /**
   * Starts to follow the market of a symbol that traded before the start. `samples` are its last stored prices: positions may be
   * closed at them, but no entry uses them. For one minute, exits wait for a newer price.
   */
  restore(symbol: string, samples: readonly PriceSample[], nowMs: number): void;
  /** Stores the instrument of a symbol: stops and targets of later entries lie on its ticks. */
  onInstrument(instrument: Instrument): void;
  /** Loads a closed kline of the past; call with the oldest first. */
  warm(kline: Kline): void;
  /**
   * Restores the trailing stop stored under `SYMBOL:SIDE`; call after `onPositions`. Returns false if it belongs to no position.
   */
  restoreTrailing(field: string, trailing: TrailingState): boolean;
  /** Restores the last entry of a symbol, so its cooldown survives a restart. */
  restoreEntry(symbol: string, entry: LastEntry): void;
  /** Restores an entry signal without a final answer. `onPositions` follows with its result. */
  restoreUnanswered(symbol: string, signalId: string): void;
  regimeState(symbol: string, nowMs: number): RegimeState;
  /** What the triggers of each reason were worth; the caller keeps it across restarts. */
  readonly edges: EdgeEstimates;
  /** Which books change nothing, for callers that can leave them out. */
  readonly quiet: QuietMarket;
  /** Judges later decisions with this model, or without one. Call it between two events. It needs features. */
  useModel(model: TradingModel | undefined): void;
  /** What the model in use has said so far; undefined without one. */
  modelState(): ModelWatchState | undefined;
  /** The newest usable book of a symbol, of any age. */
  lastBook(symbol: string): Book | undefined;
  /** True if no symbol has a position, an order or an unanswered entry. */
  isFlat(): boolean;
  /** Symbols with a position, an order or an unanswered entry. */
  exposedSymbols(): readonly string[];
  /** Ids of entry signals that have no answer yet. */
  pendingEntries(): readonly string[];
}
