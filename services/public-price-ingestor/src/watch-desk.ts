import type { RestFailure } from '@helios/binance/rest/rest-answer.ts';
import type { ChosenWatchlist, WatchlistSource } from '@helios/market-data/watchlist/watchlist-source.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import type { KlineKeeper } from './kline-keeper.ts';
import { type Dropped, WatchedSymbol } from './watched-symbol.ts';

/** After a scan that failed. */
const SOON_MS = 60_000;
/** Symbols whose history is asked for at once. */
const AT_ONCE = 6;

export interface WatchDeskOptions {
  readonly source: WatchlistSource;
  readonly klines: KlineKeeper;
  readonly bus: Bus<'public-price-ingestor'>;
  /** Repeats a request to Redis until it is taken. */
  readonly patiently: <T>(request: () => Promise<T>) => Promise<T | undefined>;
  /** Symbols that readers follow already, from an earlier start. */
  readonly announced: readonly string[];
  readonly rescanMs: number;
  readonly now: () => number;
  /** What is watched has changed. */
  readonly onSymbols: (symbols: readonly WatchedSymbol[]) => void;
  /** The venue refuses this symbol's candles. */
  readonly onRefused: (failure: RestFailure, symbol: WatchedSymbol) => void;
  /** Something was heard of a symbol and not used. */
  readonly onDropped: (dropped: Dropped) => void;
}

/** What is watched: chosen, given its history, and only then announced, because readers read the history when they hear of a symbol. */
export class WatchDesk {
  readonly #options: WatchDeskOptions;
  #symbols = new Map<string, WatchedSymbol>();
  #chosen: ChosenWatchlist | undefined;
  #announced: readonly string[];
  #rescanTs = 0;

  constructor(options: WatchDeskOptions) {
    this.#options = options;
    this.#announced = options.announced;
  }

  get symbols(): readonly WatchedSymbol[] {
    return [...this.#symbols.values()];
  }

  /** Names of what is watched, or before the venue was reached of what is shown. */
  get names(): readonly string[] {
    return this.#symbols.size > 0 ? [...this.#symbols.keys()] : this.#announced;
  }

  /** When the watchlist is to be chosen anew, epoch ms. */
  get rescanTs(): number {
    return this.#rescanTs;
  }

  find(symbol: string): WatchedSymbol | undefined {
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
    const failure = this.#options.now() < this.#rescanTs ? undefined : await this.#choose();
    return failure ?? (await this.#catchUp());
  }

  /** Chooses anew; after a failure soon again. */
  async rescan(): Promise<RestFailure | undefined> {
    const failure = (await this.#choose()) ?? (await this.#catchUp());
    if (failure !== undefined) this.#rescanTs = Math.max(this.#rescanTs, this.#options.now() + SOON_MS);
    return failure;
  }

  /** Takes up symbols on which something was opened meanwhile. */
  async includeHeld(): Promise<RestFailure | undefined> {
    const chosen = await this.#options.source.withHeld();
    if (chosen === undefined) return undefined;
    this.#watch(chosen);
    return this.#catchUp();
  }

  /** Asks for the candles of a symbol that are missing. */
  async keepCandles(symbol: WatchedSymbol): Promise<RestFailure | undefined> {
    const isKnown = this.#announced.includes(symbol.symbol);
    const hearers = symbol.hasForgotten ? 'FORGOTTEN' : isKnown ? 'LISTED' : 'NOBODY';
    const failure = await this.#options.klines.catchUp(symbol.symbol, hearers);
    if (failure === undefined) symbol.hasForgotten = false;
    if (failure?.code !== 'REJECTED') return failure;
    this.#options.onRefused(failure, symbol);
    return undefined;
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
    const { klines, onSymbols, onDropped } = this.#options;
    const before = this.#symbols;
    this.#chosen = chosen;
    const watched = (symbol: string) => before.get(symbol) ?? new WatchedSymbol(symbol, onDropped);
    this.#symbols = new Map(chosen.symbols.map((symbol) => [symbol, watched(symbol)]));
    for (const symbol of before.keys()) if (!this.#symbols.has(symbol)) klines.forget(symbol);
    onSymbols(this.symbols);
  }

  /** Candles of every symbol up to now, then the watchlist. */
  async #catchUp(): Promise<RestFailure | undefined> {
    const waiting = [...this.#symbols.values()];
    let failure: RestFailure | undefined;
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined && failure === undefined; next = waiting.shift()) {
        failure = (await this.keepCandles(next)) ?? failure;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    if (failure === undefined) await this.#announce();
    return failure;
  }

  async #announce(): Promise<void> {
    const { patiently, bus } = this.#options;
    const chosen = this.#chosen;
    if (chosen === undefined) return;
    await patiently(() => bus.write(chosen.write));
    this.#announced = chosen.symbols;
  }
}
