import { BookSync } from '@helios/binance/book-sync.ts';
import type { VenueMessage } from '@helios/binance/parse-frame.ts';
import type { DepthSnapshot } from '@helios/binance/wire/depth-snapshot.ts';
import type { DepthUpdate } from '@helios/binance/wire/depth-update.ts';
import type { MarkPriceUpdate } from '@helios/binance/wire/mark-price.ts';
import type { Trade } from '@helios/binance/wire/trade.ts';
import { decimalsOf } from '@helios/core/price/decimal-text.ts';
import type { Level } from '@helios/shared/domain/market-data.ts';
import { KlineBook } from './kline-book.ts';
import { type PriceScale, scalePrice } from './price-scale.ts';
import { type BookChange, type BookView, ServedBook, type ServerTime } from './served-book.ts';
import { TradeTape } from './trade-tape.ts';

const EIGHT_HOURS_MS = 28_800_000;

/** A symbol's mark price and funding at one time. */
export interface MarkView {
  readonly markPrice: string;
  readonly indexPrice: string;
  readonly fundingRate: string;
  readonly nextFundingTs: number;
}

/** State of one symbol's market. Times are the server's. */
export class SymbolMarket {
  readonly tape = new TradeTape();
  readonly klines: KlineBook;
  readonly #book: ServedBook;
  readonly #sync = new BookSync();
  readonly #scale: PriceScale;
  #mark: MarkPriceUpdate | undefined;
  #tradeStream: Trade['stream'] | undefined;

  /** `tickSize` and `stepSize` are the grids of prices and quantities, as the venue writes them. */
  constructor(tickSize: string, stepSize: string) {
    this.#scale = { factor: 1, tickSize };
    const [tick, step] = [decimalsOf(tickSize), decimalsOf(stepSize)];
    this.#book = new ServedBook(this.#scale, (0).toFixed(step));
    this.klines = new KlineBook({ volume: (0).toFixed(step), quoteVolume: (0).toFixed(tick + step) });
  }

  /** True after the first book. */
  get hasBook(): boolean {
    return this.#book.hasBook;
  }

  /** True while a fault or the status keeps the symbol still. */
  get isStill(): boolean {
    return this.#book.isStill;
  }

  /** The book's changes of about the last second, oldest first. */
  get bookChanges(): readonly BookChange[] {
    return this.#book.changes;
  }

  /** Applies one message that plays at `atMs` of the clock, its times shifted by `shiftMs`. */
  onMessage(message: Extract<VenueMessage, { readonly symbol: string }>, shiftMs: number, atMs: number): void {
    if (message.kind === 'DEPTH_UPDATE') this.#onUpdate(message, shiftMs, atMs);
    else if (message.kind === 'DEPTH_SNAPSHOT') this.#onSnapshot(message, shiftMs, atMs);
    else if (message.kind === 'TRADE') this.#onTrade(message, shiftMs, atMs);
    else if (message.kind === 'MARK_PRICE') this.#mark = message;
  }

  /** Call when a recording starts again: its ids and its book do not continue the previous ones. */
  restart(): void {
    this.#sync.drop();
    this.#tradeStream = undefined;
  }

  /** Multiplies the source's prices by `factor` from now on. */
  setFactor(factor: number, eventTime: ServerTime): void {
    this.#book.setFactor(factor, eventTime);
  }

  /** While still, the shown book does not change and there are no trades. */
  setStill(still: boolean, eventTime: ServerTime): void {
    this.#book.setStill(still, eventTime);
  }

  /** Advances the klines to `nowTs`; those of a still symbol do not change. */
  advanceKlines(nowTs: number): void {
    if (!this.isStill) this.klines.advance(nowTs);
  }

  /** Id of the shown book. */
  get bookId(): number {
    return this.#book.id;
  }

  /** The best `limit` levels; undefined before the first book. */
  book(limit: number): BookView | undefined {
    return this.#book.view(limit);
  }

  /** The shown level at a price of a side; undefined if there is none. */
  levelAt(side: 'bids' | 'asks', price: string): Level | undefined {
    return this.#book.levelAt(side, price);
  }

  /** The last trade's price, or the mid price. */
  get lastPrice(): string | undefined {
    return this.tape.last?.price ?? this.#book.mid;
  }

  /** Mark price and funding at `nowTs`. Uses the last price if the source has no mark price; undefined without any price. */
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

  #onUpdate(update: DepthUpdate, shiftMs: number, atMs: number): void {
    if (this.#sync.onUpdate(update).kind !== 'APPLY') return;
    this.#book.apply(update, { atMs, ts: update.tsEvent + shiftMs });
  }

  #onSnapshot(snapshot: DepthSnapshot, shiftMs: number, atMs: number): void {
    const step = this.#sync.onSnapshot(snapshot);
    if (step.kind !== 'RESET') return;
    const last = step.updates.at(-1);
    const ts = (last?.tsEvent ?? snapshot.tsEvent) + shiftMs;
    this.#book.reset(snapshot, step.updates, last?.lastUpdateId ?? snapshot.lastUpdateId, { atMs, ts });
  }

  #onTrade(trade: Trade, shiftMs: number, atMs: number): void {
    this.#tradeStream ??= trade.stream;
    if (trade.stream !== this.#tradeStream || this.isStill) return;
    // If the buyer is the maker, the trade is at a bid.
    const price = scalePrice(trade.price, trade.buyerIsMaker ? 'bid' : 'ask', this.#scale);
    const time = Math.max(trade.tsEvent + shiftMs, this.tape.last?.time ?? 0);
    const id = Math.max(trade.tradeId, (this.tape.last?.id ?? 0) + 1);
    const { qty, buyerIsMaker } = trade;
    this.tape.add({ id, price, qty, time, buyerIsMaker }, atMs);
    this.klines.trade({ price, qty, buyerIsMaker }, time);
  }
}
