import type { RestFailure } from '@helios/binance/rest/rest-answer.ts';
import type { ChosenWatchlist, WatchlistSource } from '../watchlist/watchlist-source.ts';
import type { KlineKeeper } from './kline-keeper.ts';

/** Delay after a failed scan. */
const SOON_MS = 60_000;
/** Number of symbols whose history is requested in parallel. */
const AT_ONCE = 6;

/** State of a watched symbol. */
export interface RegisteredSymbol {
  readonly symbol: string;
  /** True if the venue refuses requests for the symbol; logged once. */
  isRefused: boolean;
  /** True if the session ended and readers dropped its klines. */
  hasForgotten: boolean;
}

export interface WatchlistRegistryOptions<S extends RegisteredSymbol> {
  readonly source: WatchlistSource;
  readonly klines: KlineKeeper;
  /** Writes the chosen watchlist; retries until Redis accepts it. */
  readonly write: (chosen: ChosenWatchlist) => Promise<unknown>;
  /** True if Redis has a watchlist; undefined if Redis is away. */
  readonly isListed: () => Promise<boolean | undefined>;
  /** Symbols that readers already follow, from an earlier start. */
  readonly announced: readonly string[];
  readonly rescanMs: number;
  readonly now: () => number;
  /** Starts to watch a symbol. */
  readonly watch: (symbol: string) => S;
  /** Called when the watched symbols change. */
  readonly onSymbols: (symbols: readonly S[]) => void;
  /** Called when the venue refuses the klines of this symbol. */
  readonly onRefused: (failure: RestFailure, symbol: S) => void;
}

/**
 * The watched symbols: chosen, loaded with history, and only then announced, because readers read the history of a symbol when it
 * is announced.
 */
export class WatchlistRegistry<S extends RegisteredSymbol> {
  readonly #options: WatchlistRegistryOptions<S>;
  #symbols = new Map<string, S>();
  #chosen: ChosenWatchlist | undefined;
  #announced: readonly string[];
  /** The last written watchlist. */
  #written: ChosenWatchlist | undefined;
  #rescanTs = 0;

  constructor(options: WatchlistRegistryOptions<S>) {
    this.#options = options;
    this.#announced = options.announced;
  }

  get symbols(): readonly S[] {
    return [...this.#symbols.values()];
  }

  /** Names of the watched symbols; before the venue is reached, those that are shown. */
  get names(): readonly string[] {
    return this.#symbols.size > 0 ? [...this.#symbols.keys()] : this.#announced;
  }

  /** Time of the next choice of the watchlist, epoch ms. */
  get rescanTs(): number {
    // A clock that was set back restarts the wait with its own length.
    this.#rescanTs = Math.min(this.#rescanTs, this.#options.now() + this.#options.rescanMs);
    return this.#rescanTs;
  }

  /** True if the symbol had an open position or order at the last check. */
  isExposed(symbol: string): boolean {
    return this.#options.source.isExposed(symbol);
  }

  find(symbol: string): S | undefined {
    return this.#symbols.get(symbol);
  }

  /** Writes the initial list before the venue is reached: the page shows its symbols, and fallback prices have a target. */
  async showInitial(): Promise<void> {
    if (this.#chosen !== undefined) return;
    this.#chosen = await this.#options.source.initial();
    await this.#announce();
  }

  /** Chooses the watchlist if due, and updates the klines of every symbol. Resolves to the failure, if any. */
  async bringUpToDate(): Promise<RestFailure | undefined> {
    const failure = this.#options.now() < this.rescanTs ? undefined : await this.#choose();
    return failure ?? (await this.#catchUp());
  }

  /** Chooses the watchlist again; retries soon after a failure. */
  async rescan(): Promise<RestFailure | undefined> {
    const failure = (await this.#choose()) ?? (await this.#catchUp());
    if (failure !== undefined) this.#rescanTs = Math.max(this.#rescanTs, this.#options.now() + SOON_MS);
    return failure;
  }

  /** Adds symbols on which a position or order was opened meanwhile. */
  async includeExposed(): Promise<RestFailure | undefined> {
    const chosen = await this.#options.source.withExposed();
    if (chosen === undefined) return undefined;
    this.#watch(chosen);
    return this.#catchUp();
  }

  /** Requests the missing klines of a symbol. */
  async keepKlines(symbol: S): Promise<RestFailure | undefined> {
    const isKnown = this.#announced.includes(symbol.symbol);
    const readers = symbol.hasForgotten ? 'FORGOTTEN' : isKnown ? 'LISTED' : 'NOBODY';
    const failure = await this.#options.klines.catchUp(symbol.symbol, readers);
    if (failure === undefined) symbol.hasForgotten = false;
    if (failure?.code !== 'REJECTED') return failure;
    this.#options.onRefused(failure, symbol);
    return undefined;
  }

  /** Writes the list again if Redis lost it: a service that starts then would watch nothing. Returns true if it was lost. */
  async announceIfLost(): Promise<boolean> {
    if (this.#written === undefined || (await this.#options.isListed()) !== false) return false;
    await this.#options.write(this.#written);
    return true;
  }

  async #choose(): Promise<RestFailure | undefined> {
    const { source, rescanMs, now } = this.#options;
    const chosen = await source.choose();
    if (chosen.kind === 'FAILURE') return chosen;
    this.#rescanTs = now() + (chosen.isMakeshift ? Math.min(SOON_MS, rescanMs) : rescanMs);
    this.#watch(chosen);
    return undefined;
  }

  #watch(chosen: ChosenWatchlist): void {
    const { klines, watch, onSymbols } = this.#options;
    const before = this.#symbols;
    this.#chosen = chosen;
    this.#symbols = new Map(chosen.symbols.map((symbol) => [symbol, before.get(symbol) ?? watch(symbol)]));
    for (const symbol of before.keys()) if (!this.#symbols.has(symbol)) klines.forget(symbol);
    onSymbols(this.symbols);
  }

  /** Updates the klines of every symbol, then writes the watchlist. */
  async #catchUp(): Promise<RestFailure | undefined> {
    const waiting = [...this.#symbols.values()];
    let failure: RestFailure | undefined;
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined && failure === undefined; next = waiting.shift()) {
        failure = (await this.keepKlines(next)) ?? failure;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    if (failure === undefined) await this.#announce();
    return failure;
  }

  async #announce(): Promise<void> {
    const chosen = this.#chosen;
    if (chosen === undefined) return;
    await this.#options.write(chosen);
    this.#written = chosen;
    this.#announced = chosen.symbols;
  }
}
