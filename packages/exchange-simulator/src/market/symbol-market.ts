import { BookSync } from '@helios/binance/book-sync.ts';
import type { VenueMessage } from '@helios/binance/parse-frame.ts';
import type { DepthSnapshot } from '@helios/binance/wire/depth-snapshot.ts';
import type { DepthUpdate } from '@helios/binance/wire/depth-update.ts';
import type { MarkPriceUpdate } from '@helios/binance/wire/mark-price.ts';
import type { Trade } from '@helios/binance/wire/trade.ts';
import { OrderBook } from '@helios/shared/core/book/order-book.ts';
import type { Level } from '@helios/shared/domain/market-data.ts';
import { CandleBook } from './candle-book.ts';
import { decimalsOf, onTick, type PriceScale, scaleLevels, scalePrice } from './price-scale.ts';
import { TradeTape } from './trade-tape.ts';

/** Levels of a side that the venue gives out at most. */
const MAX_LEVELS = 1_000;
const EIGHT_HOURS_MS = 28_800_000;

/** A symbol's book at one moment, best levels first. */
export interface BookView {
  readonly lastUpdateId: number;
  readonly tsEvent: number;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** A symbol's mark price and funding at one moment. */
export interface MarkView {
  readonly markPrice: string;
  readonly indexPrice: string;
  readonly fundingRate: string;
  readonly nextFundingTs: number;
}

/** What the venue knows of one symbol's market. Times are the server's. */
export class SymbolMarket {
  readonly tape = new TradeTape();
  readonly candles: CandleBook;
  readonly #book = new OrderBook();
  readonly #sync = new BookSync();
  readonly #scale: PriceScale;
  #bookTs = 0;
  #lastUpdateId = 0;
  #hasBook = false;
  #mark: MarkPriceUpdate | undefined;
  #tradeStream: Trade['stream'] | undefined;
  #frozen: BookView | undefined;

  /** The grids of prices and quantities, as the venue writes them. */
  constructor(tickSize: string, stepSize: string) {
    this.#scale = { factor: 1, tickSize };
    const [tick, step] = [decimalsOf(tickSize), decimalsOf(stepSize)];
    this.candles = new CandleBook({ volume: (0).toFixed(step), quoteVolume: (0).toFixed(tick + step) });
  }

  /** True once there is a book to show. */
  get hasBook(): boolean {
    return this.#hasBook;
  }

  /** Takes one message whose times are moved by `shiftMs`. */
  onMessage(message: Extract<VenueMessage, { readonly symbol: string }>, shiftMs: number): void {
    if (message.kind === 'DEPTH_UPDATE') this.#onUpdate(message, shiftMs);
    else if (message.kind === 'DEPTH_SNAPSHOT') this.#onSnapshot(message, shiftMs);
    else if (message.kind === 'TRADE') this.#onTrade(message, shiftMs);
    else if (message.kind === 'MARK_PRICE') this.#mark = message;
  }

  /** A recording begins anew: its ids and its book do not follow on the last ones. */
  restart(): void {
    this.#sync.drop();
    this.#tradeStream = undefined;
  }

  /** Prices are `factor` times the source's from now on. */
  setFactor(factor: number): void {
    this.#scale.factor = factor;
  }

  /** While still the book shown does not change and there are no trades. */
  setStill(still: boolean): void {
    if (!still) this.#frozen = undefined;
    else this.#frozen ??= this.book(MAX_LEVELS);
  }

  /** Brings the candles to `nowTs`; those of a still symbol do not move. */
  advanceCandles(nowTs: number): void {
    if (this.#frozen === undefined) this.candles.advance(nowTs);
  }

  /** The best `limit` levels; undefined before the first book. */
  book(limit: number): BookView | undefined {
    const frozen = this.#frozen;
    if (frozen !== undefined)
      return { ...frozen, bids: frozen.bids.slice(0, limit), asks: frozen.asks.slice(0, limit) };
    if (!this.#hasBook) return undefined;
    const { bids, asks } = this.#book.top(limit);
    return {
      lastUpdateId: this.#lastUpdateId,
      tsEvent: this.#bookTs,
      bids: scaleLevels(bids, this.#scale),
      asks: scaleLevels(asks, this.#scale),
    };
  }

  /** The last price traded, or the middle of the book. */
  get lastPrice(): string | undefined {
    const traded = this.tape.last?.price;
    if (traded !== undefined) return traded;
    const mid = this.#book.mid;
    return mid === undefined ? undefined : onTick(mid * this.#scale.factor, this.#scale);
  }

  /** Mark price and funding at `nowTs`; where the source tells none, the last price stands in. Undefined without any price. */
  mark(nowTs: number): MarkView | undefined {
    const nextFundingTs = (Math.floor(nowTs / EIGHT_HOURS_MS) + 1) * EIGHT_HOURS_MS;
    const last = this.lastPrice;
    const given = this.#mark;
    if (given === undefined) {
      if (last === undefined) return undefined;
      const price = Number(last).toFixed(8);
      return { markPrice: price, indexPrice: price, fundingRate: '0.00010000', nextFundingTs };
    }
    const factor = this.#scale.factor;
    const scaled = (price: string): string => (factor === 1 ? price : (Number(price) * factor).toFixed(8));
    return {
      markPrice: scaled(given.markPrice),
      indexPrice: scaled(given.indexPrice ?? given.markPrice),
      fundingRate: given.fundingRate ?? '0.00010000',
      nextFundingTs,
    };
  }

  #onUpdate(update: DepthUpdate, shiftMs: number): void {
    const step = this.#sync.onUpdate(update);
    if (step.kind !== 'APPLY') return;
    this.#book.apply(update);
    this.#onBook(update.lastUpdateId, update.tsEvent + shiftMs);
  }

  #onSnapshot(snapshot: DepthSnapshot, shiftMs: number): void {
    const step = this.#sync.onSnapshot(snapshot);
    if (step.kind !== 'RESET') return;
    this.#book.reset(snapshot);
    for (const update of step.updates) this.#book.apply(update);
    const last = step.updates.at(-1);
    this.#onBook(last?.lastUpdateId ?? snapshot.lastUpdateId, (last?.tsEvent ?? snapshot.tsEvent) + shiftMs);
  }

  /** Ids only rise, also where a recording is played again. */
  #onBook(updateId: number, ts: number): void {
    this.#hasBook = true;
    this.#bookTs = ts;
    this.#lastUpdateId = Math.max(this.#lastUpdateId + 1, updateId);
  }

  #onTrade(trade: Trade, shiftMs: number): void {
    this.#tradeStream ??= trade.stream;
    if (trade.stream !== this.#tradeStream || this.#frozen !== undefined) return;
    const price = scalePrice(trade.price, this.#scale);
    const time = Math.max(trade.tsEvent + shiftMs, this.tape.last?.time ?? 0);
    const id = Math.max(trade.tradeId, (this.tape.last?.id ?? 0) + 1);
    const { qty, buyerIsMaker } = trade;
    this.tape.add({ id, price, qty, time, buyerIsMaker });
    this.candles.trade({ price, qty, buyerIsMaker }, time);
  }
}
