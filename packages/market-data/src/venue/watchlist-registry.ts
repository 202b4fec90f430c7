import type { RestFailure } from '@helios/binance/rest/rest-answer.ts';
import type { ChosenWatchlist, WatchlistSource } from '../watchlist/watchlist-source.ts';
import type { KlineKeeper } from './kline-keeper.ts';

/** After a scan that failed. */
const SOON_MS = 60_000;
/** Symbols whose history is asked for at once. */
const AT_ONCE = 6;

/** What the desk remembers of a symbol that it watches. */
export interface RegisteredSymbol {
  readonly symbol: string;
  /** The venue refused to speak of it; said once. */
  isRefused: boolean;
  /** Candles that readers knew were forgotten with the session. */
  hasForgotten: boolean;
}

export interface WatchlistRegistryOptions<S extends RegisteredSymbol> {
  readonly source: WatchlistSource;
  readonly klines: KlineKeeper;
  /** Writes what was chosen; repeats it until Redis takes it. */
  readonly write: (chosen: ChosenWatchlist) => Promise<unknown>;
  /** Redis still shows a watchlist; undefined where it cannot be asked. */
  readonly isListed: () => Promise<boolean | undefined>;
  /** Symbols that readers follow already, from an earlier start. */
  readonly announced: readonly string[];
  readonly rescanMs: number;
  readonly now: () => number;
  /** Begins to watch a symbol. */
  readonly watch: (symbol: string) => S;
  /** What is watched has changed. */
  readonly onSymbols: (symbols: readonly S[]) => void;
  /** The venue refuses this symbol's candles. */
  readonly onRefused: (failure: RestFailure, symbol: S) => void;
}

/** What is watched: chosen, given its history, and only then announced, because readers read the history when they hear of a symbol. */
export class WatchlistRegistry<S extends RegisteredSymbol> {
  readonly #options: WatchlistRegistryOptions<S>;
  #symbols = new Map<string, S>();
  #chosen: ChosenWatchlist | undefined;
  #announced: readonly string[];
  /** What was written last. */
  #written: ChosenWatchlist | undefined;
  #rescanTs = 0;

  constructor(options: WatchlistRegistryOptions<S>) {
    this.#options = options;
    this.#announced = options.announced;
  }

  get symbols(): readonly S[] {
    return [...this.#symbols.values()];
  }

  /** Names of what is watched, or before the venue was reached of what is shown. */
  get names(): readonly string[] {
    return this.#symbols.size > 0 ? [...this.#symbols.keys()] : this.#announced;
  }

  /** When the watchlist is to be chosen anew, epoch ms. */
  get rescanTs(): number {
    // A clock that was set back begins the wait again, at its own length.
    this.#rescanTs = Math.min(this.#rescanTs, this.#options.now() + this.#options.rescanMs);
    return this.#rescanTs;
  }

  /** A position or an order was open on the symbol when it was last looked for them. */
  isExposed(symbol: string): boolean {
    return this.#options.source.isExposed(symbol);
  }

  find(symbol: string): S | undefined {
    return this.#symbols.get(symbol);
  }

  /** Before the venue was reached: the page shows the symbols, and a fallback price has somewhere to go. */
  async showInitial(): Promise<void> {
    if (this.#chosen !== undefined) return;
    this.#chosen = await this.#options.source.initial();
    await this.#announce();
  }

  /** Chooses where that is due, and brings every symbol's candles up to now. Resolves to what went wrong. */
  async bringUpToDate(): Promise<RestFailure | undefined> {
    const failure = this.#options.now() < this.rescanTs ? undefined : await this.#choose();
    return failure ?? (await this.#catchUp());
  }

  /** Chooses anew; after a failure soon again. */
  async rescan(): Promise<RestFailure | undefined> {
    const failure = (await this.#choose()) ?? (await this.#catchUp());
    if (failure !== undefined) this.#rescanTs = Math.max(this.#rescanTs, this.#options.now() + SOON_MS);
    return failure;
  }

  /** Takes up symbols on which something was opened meanwhile. */
  async includeExposed(): Promise<RestFailure | undefined> {
    const chosen = await this.#options.source.withExposed();
    if (chosen === undefined) return undefined;
    this.#watch(chosen);
    return this.#catchUp();
  }

  /** Asks for the candles of a symbol that are missing. */
  async keepKlines(symbol: S): Promise<RestFailure | undefined> {
    const isKnown = this.#announced.includes(symbol.symbol);
    const hearers = symbol.hasForgotten ? 'FORGOTTEN' : isKnown ? 'LISTED' : 'NOBODY';
    const failure = await this.#options.klines.catchUp(symbol.symbol, hearers);
    if (failure === undefined) symbol.hasForgotten = false;
    if (failure?.code !== 'REJECTED') return failure;
    this.#options.onRefused(failure, symbol);
    return undefined;
  }

  /** Writes the list again where Redis has lost it: a service that starts then would watch nothing. True where it had. */
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

  /** Candles of every symbol up to now, then the watchlist. */
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
