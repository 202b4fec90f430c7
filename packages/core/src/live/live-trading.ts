import type { Account } from '@helios/shared/domain/account.ts';
import type { EntryBlock } from '@helios/shared/domain/entry-block.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { LiveStatus } from '@helios/shared/domain/live-status.ts';
import type { AssessedEntry } from '@helios/shared/domain/order.ts';
import type { OpenOrder, OpenPosition, PositionUpdate } from '@helios/shared/domain/position.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import type { SymbolTerms } from '@helios/shared/domain/symbol-terms.ts';
import type { TradingState } from '@helios/shared/domain/trading-state.ts';
import { LiveOutbox } from './live-outbox.ts';
import type { VenueCommand, VenueNews } from './venue-port.ts';

/** Settings that live trading reads. */
export type LiveSettings = Pick<Settings, 'trading' | 'risk' | 'protections' | 'fees' | 'execution' | 'signals'>;

export interface LiveTradingOptions {
  readonly run: string;
  readonly settings: LiveSettings;
  /** Start of the process, epoch ms. An entry decided before it may have been sent by an earlier process. */
  readonly startedTs: number;
}

/** What Redis knew of the run before this process started; the venue's snapshot corrects it. */
export interface LiveState {
  readonly positions: readonly OpenPosition[];
  readonly orders: readonly OpenOrder[];
  /** Ids of signals that have their final answer on record: they are never executed again. */
  readonly answered: readonly string[];
}

/** What the best prices of a symbol are, quote currency. */
export interface LivePrice {
  readonly mark?: number;
  readonly bid?: number;
  readonly ask?: number;
}

/** A reason of the process against entries: lease, self-test, clock, ban. */
export interface ProcessBlock {
  readonly code: string;
  readonly reason: string;
}

/** The part of `live_status` that the core knows. */
export interface LiveTradingStatus
  extends Pick<
    LiveStatus,
    | 'blocked_by'
    | 'reconciled_ts'
    | 'differences'
    | 'unknown_orders'
    | 'foreign_orders'
    | 'foreign_positions'
    | 'uncovered_ms'
    | 'order_latency_ms'
    | 'rejects'
  > {
  /** True once a snapshot that was asked for after the last change shows no position and no order of ours. */
  readonly is_proven_flat: boolean;
}

/**
 * Decides what happens on the live account, without clock and network: entries, exits and news of the venue go in, commands to the
 * venue and answers to signals come out. Take both after each call.
 */
export class LiveTrading {
  readonly #options: LiveTradingOptions;
  readonly #outbox = new LiveOutbox();

  constructor(options: LiveTradingOptions) {
    this.#options = options;
  }

  onInstrument(_instrument: Instrument): void {}

  onTerms(_terms: SymbolTerms): void {}

  /** Takes over what an earlier process stored. Call it once, before anything else. */
  restore(_state: LiveState, _nowMs: number): void {}

  /** Sets leverage and margin mode of a symbol, so that its first entry need not wait. */
  prepare(_symbol: string, _nowMs: number): void {}

  /** Reasons of the process against entries; empty: none. */
  onProcessBlocks(_blocks: readonly ProcessBlock[]): void {}

  /** Executes an entry. The same entry again changes nothing. */
  onEntry(_entry: AssessedEntry, _nowMs: number): void {}

  /** Closes what is open on the signal's side, reduce-only. */
  onExit(_signal: TradingSignal, _nowMs: number): void {}

  onTradingState(_state: TradingState, _flattening: boolean, _nowMs: number): void {}

  onPrice(_symbol: string, _price: LivePrice, _nowMs: number): void {}

  onNews(_news: VenueNews, _nowMs: number): void {}

  /** Handles everything that is due. Call it every 100 ms. */
  onTimer(_nowMs: number): void {}

  takeCommands(): readonly VenueCommand[] {
    return this.#outbox.takeCommands();
  }

  takeExecutions(): readonly Execution[] {
    return this.#outbox.takeExecutions();
  }

  /** Symbols whose positions or orders changed. */
  takeChanged(): readonly string[] {
    return this.#outbox.takeChanged();
  }

  /** Symbols with positions or orders of ours. */
  symbols(): readonly string[] {
    return [];
  }

  positionUpdate(symbol: string, nowMs: number): PositionUpdate {
    return { run: this.#options.run, symbol, ts_event: nowMs, positions: [], orders: [] };
  }

  /** The account as of the last snapshot and the news since; undefined before the first. */
  account(_nowMs: number): Account | undefined {
    return undefined;
  }

  status(_nowMs: number): LiveTradingStatus {
    const blocked: readonly { readonly code: EntryBlock; readonly reason: string }[] = [];
    return {
      blocked_by: [...blocked],
      differences: [],
      unknown_orders: [],
      foreign_orders: 0,
      foreign_positions: [],
      uncovered_ms: 0,
      rejects: {},
      is_proven_flat: false,
    };
  }
}
