import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import { watchOf } from './candidate.ts';
import type { EdgeEstimates } from './edge-estimate.ts';
import type { EngineContext } from './engine-port.ts';
import { Exposure } from './exposure.ts';
import { FollowUps } from './follow-up.ts';
import { bookFlowFor } from './order-flow.ts';
import { SymbolState } from './symbol-state.ts';

/** Minimum number of symbols for a mean of the market. */
const MIN_SYMBOLS = 3;

/** The states of all symbols that the strategy has heard of, and what they are together. */
export class WatchedSymbols {
  readonly #byName = new Map<string, SymbolState>();
  readonly #make: (symbol: string) => SymbolState;
  /** The symbol of the newest event: events of one symbol often follow each other. */
  #newest: SymbolState | undefined;
  #exposures = 0;

  constructor(params: StrategyParams, setup: EngineContext, edges: EdgeEstimates) {
    this.#make = (symbol) => {
      const bookFlow = bookFlowFor(params, setup);
      const watch = watchOf(symbol, setup, this.#byName, bookFlow);
      const state = new SymbolState(symbol, params, edges, watch, bookFlow);
      const { followUpModels: models } = setup;
      const candles = setup.candlesOf?.(symbol);
      if (models || candles) state.followUps = new FollowUps(params, { models, candles });
      if (candles) state.exposure = new Exposure(candles);
      return state;
    };
  }

  get byName(): ReadonlyMap<string, SymbolState> {
    return this.#byName;
  }

  /** Number of positions, orders and unanswered entries at the last count. */
  get exposures(): number {
    return this.#exposures;
  }

  all(): Iterable<SymbolState> {
    return this.#byName.values();
  }

  /** The state of a symbol; a new one for a symbol that was not heard of. */
  of(symbol: string): SymbolState {
    if (this.#newest?.symbol === symbol) return this.#newest;
    let state = this.#byName.get(symbol);
    if (state === undefined) {
      state = this.#make(symbol);
      this.#byName.set(symbol, state);
    }
    this.#newest = state;
    return state;
  }

  /** Counts the exposures again; call it after each change of one. */
  countExposures(): void {
    this.#exposures = 0;
    for (const { exposure } of this.all()) this.#exposures += exposure.exposures;
  }

  /** Symbols with a position, an order or an unanswered entry. */
  exposed(): readonly string[] {
    return [...this.all()].filter(({ exposure }) => !exposure.flat).map(({ symbol }) => symbol);
  }

  /** Ids of entry signals that have no answer yet. */
  pendingEntries(): readonly string[] {
    return [...this.all()].flatMap(({ exposure }) => exposure.pendingEntry ?? []);
  }

  /** Mean return of `minutes` over the warm symbols, in standard deviations of each; undefined if they are too few. */
  readonly meanMove = (minutes: number): number | undefined => {
    const moves = [...this.all()].flatMap(({ klines }) => klines.moveOver(minutes) ?? []);
    return moves.length < MIN_SYMBOLS ? undefined : moves.reduce((sum, move) => sum + move, 0) / moves.length;
  };
}
