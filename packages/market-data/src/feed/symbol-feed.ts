import { BookSync, type SyncStep } from '@helios/binance/book-sync.ts';
import type { DepthSnapshot } from '@helios/binance/wire/depth-snapshot.ts';
import type { DepthUpdate } from '@helios/binance/wire/depth-update.ts';
import type { MarkPriceUpdate } from '@helios/binance/wire/mark-price.ts';
import type { Trade } from '@helios/binance/wire/trade.ts';
import { OrderBook } from '@helios/shared/core/book/order-book.ts';
import { KlineBuilder } from '@helios/shared/core/indicators/kline-builder.ts';
import type { Kline, MarketBreak, MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { FeedMessage, FeedNotice } from './market-feed.ts';
import { TopCheck } from './top-check.ts';

/** Levels of a side that are published. */
const PUBLISHED_LEVELS = 20;
/** A symbol that is silent for longer has ended its session. */
export const SESSION_GAP_MS = 60_000;

/** What a symbol's feed shares with all others. */
export interface FeedContext {
  /** Wall time for `ts_init`, epoch ms. */
  readonly now: () => number;
  readonly onNotice: (notice: FeedNotice) => void;
}

/** One symbol: its book, its candles, its sessions. Events are added to `out` in the order in which they are to be published. */
export class SymbolFeed {
  readonly tops = new TopCheck();
  gaps = 0;
  readonly #symbol: string;
  readonly #context: FeedContext;
  readonly #sync = new BookSync();
  readonly #book = new OrderBook();
  readonly #klines: KlineBuilder;
  /** Market time of the last message; undefined outside a session. */
  #lastTs: number | undefined;
  /** A book was published since the last break. */
  #isShown = false;
  #tradeStream: Trade['stream'] | undefined;

  constructor(symbol: string, context: FeedContext) {
    this.#symbol = symbol;
    this.#context = context;
    this.#klines = new KlineBuilder(symbol);
  }

  /** Closed one-minute candles from before the first message, oldest first. */
  warm(klines: readonly Kline[]): void {
    for (const kline of klines) this.#klines.warm(kline);
  }

  onMessage(message: FeedMessage, tsMarket: number, out: MarketEvent[]): void {
    this.endIfSilent(tsMarket, out);
    this.#lastTs = tsMarket;
    for (const kline of this.#klines.advance(tsMarket, { tsEvent: tsMarket, tsInit: this.#context.now() }))
      out.push(kline);
    this.#handle(message, tsMarket, out);
  }

  /** Ends the session where the symbol has been silent for more than a minute of market time. */
  endIfSilent(tsMarket: number, out: MarketEvent[]): void {
    if (this.#lastTs === undefined || tsMarket - this.#lastTs <= SESSION_GAP_MS) return;
    this.endSession(this.#lastTs + SESSION_GAP_MS, '60 s without data', out);
  }

  /** Drops book and candles and says so, if there was a session. */
  endSession(tsEvent: number, reason: string, out: MarketEvent[]): void {
    if (this.#lastTs === undefined) return;
    out.push(this.#breakOf('SESSION_END', reason, tsEvent));
    this.#lastTs = undefined;
    this.#isShown = false;
    this.#tradeStream = undefined;
    this.#sync.drop();
    this.#klines.reset();
    this.tops.reset();
  }

  /** Candles of the venue are passed over: they are built from trades, so that replay, generator and venue give the same ones. */
  #handle(message: FeedMessage, tsMarket: number, out: MarketEvent[]): void {
    if (message.kind === 'DEPTH_UPDATE') this.#onUpdate(message, out);
    else if (message.kind === 'BOOK_TICKER') this.tops.onTicker(message);
    else if (message.kind === 'TRADE') this.#onTrade(message, tsMarket, out);
    else if (message.kind === 'MARK_PRICE') this.#onMarkPrice(message, out);
    else if (message.kind === 'DEPTH_SNAPSHOT') this.#onSnapshot(message, out);
  }

  #onUpdate(update: DepthUpdate, out: MarketEvent[]): void {
    const step = this.#sync.onUpdate(update);
    if (step.kind === 'APPLY') {
      this.#book.apply(update);
      this.#afterUpdate(update, out);
    } else if (step.kind === 'INVALID') {
      this.#onGap(step, update.tsEvent, out);
    }
  }

  #onSnapshot(snapshot: DepthSnapshot, out: MarketEvent[]): void {
    const step = this.#sync.onSnapshot(snapshot);
    if (step.kind === 'STALE_SNAPSHOT') {
      const { lastUpdateId, firstUpdateId } = step;
      this.#context.onNotice({ kind: 'STALE_SNAPSHOT', symbol: this.#symbol, lastUpdateId, firstUpdateId });
    }
    if (step.kind !== 'RESET') return;
    this.#book.reset(snapshot);
    const last = step.updates.at(-1);
    for (const update of step.updates) {
      this.#book.apply(update);
      if (update !== last) this.tops.onBook(update.lastUpdateId, this.#book.bestBid, this.#book.bestAsk);
    }
    if (last !== undefined) this.#afterUpdate(last, out);
  }

  #afterUpdate(update: DepthUpdate, out: MarketEvent[]): void {
    if (this.#book.isCrossed) {
      this.#context.onNotice({
        kind: 'CROSSED_BOOK',
        symbol: this.#symbol,
        bid: this.#book.bestBid?.[0],
        ask: this.#book.bestAsk?.[0],
      });
      this.#sync.drop();
      this.#invalidate('crossed book', update.tsEvent, out);
      return;
    }
    this.tops.onBook(update.lastUpdateId, this.#book.bestBid, this.#book.bestAsk);
    this.#isShown = true;
    const { bids, asks } = this.#book.top(PUBLISHED_LEVELS);
    out.push({
      type: 'book',
      symbol: this.#symbol,
      ts_event: update.tsEvent,
      ts_init: this.#context.now(),
      last_update_id: update.lastUpdateId,
      bids,
      asks,
    });
  }

  #onGap(step: Extract<SyncStep, { kind: 'INVALID' }>, tsEvent: number, out: MarketEvent[]): void {
    this.gaps += 1;
    const { expected, received } = step;
    this.#context.onNotice({ kind: 'DEPTH_GAP', symbol: this.#symbol, expected, received });
    this.#invalidate('depth gap', tsEvent, out);
  }

  /** News only where a book had been shown: nobody holds another one. */
  #invalidate(reason: string, tsEvent: number, out: MarketEvent[]): void {
    if (this.#isShown) out.push(this.#breakOf('BOOK_INVALID', reason, tsEvent));
    this.#isShown = false;
  }

  #onTrade(trade: Trade, tsMarket: number, out: MarketEvent[]): void {
    this.#tradeStream ??= trade.stream;
    if (trade.stream !== this.#tradeStream) return;
    const event = {
      type: 'trade',
      symbol: this.#symbol,
      ts_event: trade.tsEvent,
      ts_init: this.#context.now(),
      trade_id: trade.tradeId,
      price: trade.price,
      qty: trade.qty,
      buyer_is_maker: trade.buyerIsMaker,
    } as const;
    this.#klines.trade(event, tsMarket);
    out.push(event);
  }

  #onMarkPrice(mark: MarkPriceUpdate, out: MarketEvent[]): void {
    out.push({
      type: 'mark',
      symbol: this.#symbol,
      ts_event: mark.tsEvent,
      ts_init: this.#context.now(),
      mark_price: mark.markPrice,
      ...(mark.indexPrice === undefined ? {} : { index_price: mark.indexPrice }),
      ...(mark.fundingRate === undefined ? {} : { funding_rate: mark.fundingRate }),
      ...(mark.nextFundingTs === undefined ? {} : { next_funding_ts: mark.nextFundingTs }),
    });
  }

  #breakOf(kind: MarketBreak['kind'], reason: string, tsEvent: number): MarketBreak {
    return { type: 'break', symbol: this.#symbol, ts_event: tsEvent, ts_init: this.#context.now(), kind, reason };
  }
}
