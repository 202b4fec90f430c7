import type { Execution } from '@helios/shared/domain/execution.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { Book, Kline, MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { RegimeState, SentimentState } from '@helios/shared/domain/market-state.ts';
import type { LastEntry, PositionUpdate, TrailingState } from '@helios/shared/domain/position.ts';
import type { TradingState } from '@helios/shared/domain/trading-state.ts';
import type { EngineOutput } from './engine-output.ts';
import type { PriceSample } from './market-memory.ts';

/** The strategy of a whole fleet: events in, outputs out. Pure but for its own memory; all times are market time, epoch ms. */
export interface StrategyEngine {
  /** Hears one event. Also runs the timers of all symbols once a second has passed since they ran last. */
  onMarket(event: MarketEvent, nowMs: number): readonly EngineOutput[];
  /** Runs the timers without an event: TIME_EXIT, prices gone stale, follow-ups. */
  onTimer(nowMs: number): readonly EngineOutput[];
  /** A symbol's positions and orders, whole, and the answers that came with them; those of a foreign run count as absent. */
  onPositions(update: PositionUpdate): void;
  /** An answer to a signal; `onPositions` has told before what came of it. */
  onExecution(execution: Execution): void;
  onTradingState(state: TradingState): void;
  /** Closes every position, and each that still appears, until the trading state becomes ACTIVE or HALTED. */
  flatten(nowMs: number): readonly EngineOutput[];
  onSentiment(symbol: string | 'global', sentiment: SentimentState | undefined): void;
  /**
   * Begins to listen to a symbol's market that went on before, with what it last said as far as that was kept: positions may
   * be left at it, none is entered on it. For a minute exits wait for something younger.
   */
  restore(symbol: string, samples: readonly PriceSample[], nowMs: number): void;
  /** Ticks of a symbol: stops and targets of its entries lie on them from now on. */
  onInstrument(instrument: Instrument): void;
  /** A closed candle of the past, oldest first. */
  warm(kline: Kline): void;
  /** A trailing stop stored under `SYMBOL:SIDE`; after the positions are known. False where no position is its own. */
  restoreTrailing(field: string, trailing: TrailingState): boolean;
  /** When a symbol was last entered: its cooldown survives a restart. */
  restoreEntry(symbol: string, entry: LastEntry): void;
  /** An entry signal of before a restart that has no final answer yet. `onPositions` follows, and tells what came of it. */
  restoreUnanswered(symbol: string, signalId: string): void;
  regimeState(symbol: string, nowMs: number): RegimeState;
  /** The newest usable book that was heard of a symbol, however old. */
  lastBook(symbol: string): Book | undefined;
  /** No position, order or entry without an answer on any symbol. */
  isFlat(): boolean;
  /** Symbols with a position, an order or an entry without an answer. */
  exposedSymbols(): readonly string[];
  /** Ids of the entry signals that are not answered yet. */
  pendingEntries(): readonly string[];
}
