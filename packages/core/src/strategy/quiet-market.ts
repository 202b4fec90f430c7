import type { Book } from '@helios/shared/domain/market-data.ts';
import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import type { Side } from '@helios/shared/domain/signal.ts';
import type { TradingProfile } from '../trading/profile.ts';
import { trailingAfter } from './calm.ts';
import { areReasonsAway } from './reasons/registry.ts';
import type { SymbolState } from './symbol-state.ts';
import { triggerOf } from './trigger.ts';

/** The part of the engine's setup that decides what may pass. */
interface QuietSetup {
  readonly profile: TradingProfile;
  readonly recordsRefusals?: boolean | undefined;
}

/** Number of books in a minute of candles. */
export const MINUTE_BOOKS = 4;
/** A longer window of confirmations reaches beyond the last minute of candles, ms. */
const MAX_WINDOW_MS = 60_000;
/** With a longer distance of samples, some book of a candle is none, ms: its books lie at least so far apart. */
const MAX_SAMPLE_MS = 2_000;

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
  readonly #setup: QuietSetup;
  /** The symbol that was asked for last: it mostly is the next one, too. */
  #newest: SymbolState | undefined;
  /** True if a trigger without a reason leaves no trace but its confirmation, and cannot reverse a position. */
  readonly #needsReason: boolean;

  constructor(symbols: ReadonlyMap<string, SymbolState>, params: StrategyParams, setup: QuietSetup) {
    this.#symbols = symbols;
    this.#params = params;
    this.#setup = setup;
    const { confirmation_window_ms: windowMs, confirmation_sample_ms: sampleMs } = params.signals;
    this.#needsReason = setup.recordsRefusals === false && windowMs <= MAX_WINDOW_MS && sampleMs <= MAX_SAMPLE_MS;
  }

  /**
   * The imbalance (absolute) that the next book of a symbol must reach to change anything; undefined if every book counts. Below it
   * a book only moves the current price, and a kline only the indicators, while nothing in the fleet watches one: no position,
   * order, unanswered entry or follow-up of any symbol, no trigger whose move is being measured, no order flow, and an ATR
   * of klines in place of the one of mids.
   */
  threshold(symbol: string): number | undefined {
    return this.isFlat() && !this.watchesBooks(symbol, Number.POSITIVE_INFINITY)
      ? thresholdIn(this.#find(symbol))
      : undefined;
  }

  /**
   * The same for the next `MINUTE_BOOKS` books, if `passPrices` agrees with their prices, and `watchBook` sees each that is watched.
   * Infinite while no trigger has a reason; then `rememberTriggers` sees the books before another one is played.
   */
  openThreshold(symbol: string): number | undefined {
    const state = this.#find(symbol);
    const threshold = thresholdIn(state);
    if (state === undefined || threshold === undefined || !this.#needsReason) return threshold;
    const mayReverse = state.exposure.managed.length > 0 && this.#params.risk.reversal_exit !== 'off';
    return mayReverse || !areReasonsAway(state, this.#params) ? threshold : Number.POSITIVE_INFINITY;
  }

  /** True if something learns from books until `ts` (epoch ms) that trigger nothing. */
  watchesBooks(symbol: string, ts: number): boolean {
    const state = this.#find(symbol);
    return state === undefined || this.#params.signals.nobi_threshold === 'auto' || state.openMoves.endsBy(ts);
  }

  /** Shows mid and imbalance of a book that passes at `ts`, epoch ms. */
  watchBook(symbol: string, ts: number, mid: number, nobi: number): void {
    this.#find(symbol)?.learn(ts, mid, nobi);
  }

  /** True without a position, an order, an unanswered entry and a follow-up. */
  isFlat(): boolean {
    for (const { exposure, followUps } of this.#symbols.values())
      if (!exposure.flat || followUps.size > 0) return false;
    return true;
  }

  /** Lets a book below the threshold pass at `ts`, epoch ms: the history of books goes on. Its price is never used. */
  passBook(symbol: string, ts: number): void {
    this.#find(symbol)?.market.passBook(ts);
  }

  /** The imbalance at which the books of a symbol trigger now; undefined if triggers are never passed over. */
  triggerThreshold(symbol: string): number | undefined {
    return this.#needsReason ? this.#find(symbol)?.threshold : undefined;
  }

  /** Takes the trigger of a book that was passed over at `ts` (epoch ms), if it reached `threshold`: it confirms the next ones. */
  rememberTrigger(symbol: string, ts: number, nobi: number, threshold: number): void {
    const side = triggerOf(nobi, threshold);
    if (side !== undefined) this.#find(symbol)?.confirmation.sample(side, ts);
  }

  /**
   * Lets the prices of a while pass if they close no position and move no stop; they may set a new best price. Returns false, and
   * changes nothing, if they may do more, or if the while has no prices of a symbol with a position.
   */
  passPrices(passed: readonly PassedPrices[]): boolean {
    if (this.#setup.profile.stopsRestAt !== 'ENGINE') return false;
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
    this.#find(book.symbol)?.market.rememberBook(book, this.#params.signals.nobi_depth);
  }

  /** A symbol keeps its state. */
  #find(symbol: string): SymbolState | undefined {
    if (this.#newest?.symbol === symbol) return this.#newest;
    this.#newest = this.#symbols.get(symbol);
    return this.#newest;
  }

  #after(state: SymbolState, managed: SymbolState['exposure']['managed'][number], prices: PassedPrices | undefined) {
    if (prices === undefined || state.listenedSince !== undefined) return undefined;
    const { low, high } = prices.range[managed.plan.side];
    const measure = state.stopMeasure(managed.plan, 1);
    return trailingAfter(managed, { low, high, untilMs: prices.untilMs }, measure, this.#params);
  }
}

/** The imbalance that the next book must reach to change anything; undefined if every book counts. */
function thresholdIn(state: SymbolState | undefined): number | undefined {
  if (state === undefined || state.sessionOver || !state.market.bookValid) return undefined;
  if (state.bookFlow !== undefined) return undefined;
  return state.klines.atr === undefined ? undefined : state.thresholdFor(MINUTE_BOOKS);
}
