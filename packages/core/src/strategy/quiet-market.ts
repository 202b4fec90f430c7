import type { Book } from '@helios/shared/domain/market-data.ts';
import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import type { Side } from '@helios/shared/domain/signal.ts';
import type { TradingProfile } from '../trading/profile.ts';
import { trailingAfter } from './calm.ts';
import type { SymbolState } from './symbol-state.ts';

/** Number of books in a minute of candles. */
export const MINUTE_BOOKS = 4;

/** The prices of a symbol in a while whose books are not played; quote currency. */
export interface PassedPrices {
  readonly symbol: string;
  /** Lowest and highest price at which a position of that side could be closed. */
  readonly range: { readonly [side in Side]: { readonly low: number; readonly high: number } };
  /** End of the while, epoch ms. */
  readonly untilMs: number;
}

/**
 * Tells which books of the market can change nothing, and lets them pass. All of it holds while no button is pressed and no
 * sentiment comes.
 */
export class QuietMarket {
  readonly #symbols: ReadonlyMap<string, SymbolState>;
  readonly #params: StrategyParams;
  readonly #profile: TradingProfile;

  constructor(symbols: ReadonlyMap<string, SymbolState>, params: StrategyParams, profile: TradingProfile) {
    this.#symbols = symbols;
    this.#params = params;
    this.#profile = profile;
  }

  /**
   * The imbalance (absolute) that the next book of a symbol must reach to change anything; undefined if every book counts. Below it
   * a book only moves the current price, and a kline only the indicators, while nothing in the fleet watches one: no position,
   * order, unanswered entry or follow-up of any symbol, no trigger whose move is being measured, no feature of books, and an ATR
   * of klines in place of the one of mids.
   */
  threshold(symbol: string): number | undefined {
    return this.isFlat() && !this.watchesBooks(symbol, Number.POSITIVE_INFINITY)
      ? this.openThreshold(symbol)
      : undefined;
  }

  /** The same for the next `MINUTE_BOOKS` books, if `passPrices` agrees with their prices, and `watchBook` sees each that is watched. */
  openThreshold(symbol: string): number | undefined {
    const state = this.#symbols.get(symbol);
    if (state === undefined || state.sessionOver || !state.market.bookValid) return undefined;
    if (state.watch?.features.needsBooks) return undefined;
    return state.klines.atr === undefined ? undefined : state.thresholdFor(MINUTE_BOOKS);
  }

  /** True if something learns from books until `ts` (epoch ms) that trigger nothing. */
  watchesBooks(symbol: string, ts: number): boolean {
    const state = this.#symbols.get(symbol);
    return state === undefined || this.#params.signals.nobi_threshold === 'auto' || state.openMoves.endsBy(ts);
  }

  /** Shows mid and imbalance of a book that passes at `ts`, epoch ms. */
  watchBook(symbol: string, ts: number, mid: number, nobi: number): void {
    this.#symbols.get(symbol)?.learn(ts, mid, nobi);
  }

  /** True without a position, an order, an unanswered entry and a follow-up. */
  isFlat(): boolean {
    for (const { exposure, followUps } of this.#symbols.values())
      if (!exposure.flat || followUps.size > 0) return false;
    return true;
  }

  /** Lets a book below the threshold pass at `ts`, epoch ms: the history of books goes on. Its price is never used. */
  passBook(symbol: string, ts: number): void {
    this.#symbols.get(symbol)?.market.passBook(ts);
  }

  /**
   * Lets the prices of a while pass if they close no position and move no stop; they may set a new best price. Returns false, and
   * changes nothing, if they may do more, or if the while has no prices of a symbol with a position.
   */
  passPrices(passed: readonly PassedPrices[]): boolean {
    if (this.#profile.stopsRestAt !== 'ENGINE') return false;
    for (const state of this.#symbols.values()) {
      if (state.followUps.size > 0 || !state.exposure.isManagedOnly) return false;
      const prices = passed.find(({ symbol }) => symbol === state.symbol);
      for (const managed of state.exposure.managed) if (this.#after(state, managed, prices) === undefined) return false;
    }
    for (const state of this.#symbols.values()) {
      const prices = passed.find(({ symbol }) => symbol === state.symbol);
      for (const managed of state.exposure.managed) managed.trailing = this.#after(state, managed, prices);
    }
    return true;
  }

  /** Stores the last of the books that passed, before a book is played again. */
  rememberBook(book: Book): void {
    this.#symbols.get(book.symbol)?.market.rememberBook(book, this.#params.signals.nobi_depth);
  }

  #after(state: SymbolState, managed: SymbolState['exposure']['managed'][number], prices: PassedPrices | undefined) {
    if (prices === undefined || state.listenedSince !== undefined) return undefined;
    const { low, high } = prices.range[managed.plan.side];
    const measure = state.stopMeasure(managed.plan, 1);
    return trailingAfter(managed, { low, high, untilMs: prices.untilMs }, measure, this.#params);
  }
}
