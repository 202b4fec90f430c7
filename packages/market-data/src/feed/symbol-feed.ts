import type { VenueMessage } from '@helios/binance/parse-frame.ts';
import type { Trade } from '@helios/binance/wire/trade.ts';
import { KlineBuilder } from '@helios/core/indicators/kline-builder.ts';
import { SESSION_GAP_MS } from '@helios/shared/domain/freshness.ts';
import type { Kline, MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { VenueFrame } from '../source.ts';
import { BookTime } from './book-time.ts';
import { type BookNotice, breakOf, SymbolBook } from './symbol-book.ts';
import { TopCheck } from './top-check.ts';
import { markEvent, tradeEvent } from './wire-events.ts';

/** Messages of one symbol. */
export type FeedMessage = Extract<VenueMessage, { readonly symbol: string }>;

/** An event that may interest the operator; the feed has already handled it. */
export type FeedNotice =
  | BookNotice
  /** A frame that is not a message of the venue; skipped. */
  | { readonly kind: 'BAD_FRAME'; readonly frame: VenueFrame; readonly detail: string }
  /** A trade that came before, or out of order; skipped. */
  | { readonly kind: 'REPEATED_TRADE'; readonly symbol: string; readonly tradeId: number }
  /** A message of a symbol that the source did not announce; skipped. */
  | { readonly kind: 'UNKNOWN_SYMBOL'; readonly symbol: string };

/** Shared dependencies of all symbol feeds. */
export interface FeedContext {
  /** Wall time for `ts_init`, epoch ms. */
  readonly now: () => number;
  readonly onNotice: (notice: FeedNotice) => void;
}

/** The feed of one symbol: book, klines, sessions. It appends events to `out` in the order of publication. */
export class SymbolFeed {
  readonly tops = new TopCheck();
  readonly bookTime = new BookTime();
  readonly #symbol: string;
  readonly #context: FeedContext;
  readonly #book: SymbolBook;
  readonly #klines: KlineBuilder;
  /** Market time of the last message; undefined outside a session. */
  #lastTs: number | undefined;
  #tradeStream: Trade['stream'] | undefined;
  /** Id and time of the newest trade, epoch ms. */
  #tradeId = -1;
  #tradeTs = 0;

  constructor(symbol: string, context: FeedContext) {
    this.#symbol = symbol;
    this.#context = context;
    this.#book = new SymbolBook(symbol, { ...context, onTop: this.tops.onBook.bind(this.tops) });
    this.#klines = new KlineBuilder(symbol);
  }

  /** Number of missing updates since the start. */
  get gaps(): number {
    return this.#book.gaps;
  }

  /** True from a message until the end of its session. */
  get isOpen(): boolean {
    return this.#lastTs !== undefined;
  }

  /** Loads closed one-minute klines from before the first message, oldest first. */
  warm(klines: readonly Kline[]): void {
    for (const kline of klines) this.#klines.warm(kline);
  }

  onMessage(message: FeedMessage, tsMarket: number, out: MarketEvent[]): void {
    this.endIfSilent(tsMarket, out);
    this.bookTime.pass(this.#lastTs, tsMarket, this.#book.isShown);
    this.#lastTs = tsMarket;
    for (const kline of this.#klines.advance(tsMarket, { tsEvent: tsMarket, tsInit: this.#context.now() }))
      out.push(kline);
    this.#handle(message, tsMarket, out);
  }

  /** Ends the session if the symbol was silent for more than a minute of market time. */
  endIfSilent(tsMarket: number, out: MarketEvent[]): void {
    if (this.#lastTs === undefined || tsMarket - this.#lastTs <= SESSION_GAP_MS) return;
    this.endSession(this.#lastTs + SESSION_GAP_MS, '60 s without data', out);
  }

  /** Drops book and klines; emits the end of the session if there was one. */
  endSession(tsEvent: number, reason: string, out: MarketEvent[]): void {
    if (this.#lastTs === undefined) return;
    out.push(breakOf('SESSION_END', { symbol: this.#symbol, reason, tsEvent, now: this.#context.now() }));
    this.#lastTs = undefined;
    this.#tradeStream = undefined;
    this.#book.forget();
    this.#klines.reset();
    this.tops.reset();
  }

  /**
   * Ignores klines of the venue: klines are built from trades, so recordings without klines and the generator give the same ones.
   */
  #handle(message: FeedMessage, tsMarket: number, out: MarketEvent[]): void {
    this.bookTime.onMessage(message.kind);
    if (message.kind === 'DEPTH_UPDATE') this.#book.onUpdate(message, out);
    else if (message.kind === 'BOOK_TICKER') this.tops.onTicker(message);
    else if (message.kind === 'TRADE') this.#onTrade(message, tsMarket, out);
    else if (message.kind === 'MARK_PRICE') out.push(markEvent(message, this.#stamps(message)));
    else if (message.kind === 'DEPTH_SNAPSHOT') this.#book.onSnapshot(message, out);
  }

  #onTrade(trade: Trade, tsMarket: number, out: MarketEvent[]): void {
    this.#tradeStream ??= trade.stream;
    if (trade.stream !== this.#tradeStream) return;
    // A venue that starts again counts from the beginning, with newer times.
    if (trade.tradeId <= this.#tradeId && trade.tsEvent <= this.#tradeTs) {
      this.#context.onNotice({ kind: 'REPEATED_TRADE', symbol: this.#symbol, tradeId: trade.tradeId });
      return;
    }
    this.#tradeId = trade.tradeId;
    this.#tradeTs = trade.tsEvent;
    const event = tradeEvent(trade, this.#stamps(trade));
    this.#klines.trade(event, tsMarket);
    out.push(event);
  }

  #stamps({ tsEvent }: Pick<Trade, 'tsEvent'>): { readonly tsEvent: number; readonly tsInit: number } {
    return { tsEvent, tsInit: this.#context.now() };
  }
}
