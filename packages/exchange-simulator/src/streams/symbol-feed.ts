import type { Exchange, Listed } from '../exchange.ts';
import type { VenueInterval } from '../market/candle-times.ts';
import type { BookChange } from '../market/shown-book.ts';
import { aggTradeMessage } from './messages/agg-trade-message.ts';
import { bookTickerMessage } from './messages/book-ticker-message.ts';
import { depthMessage } from './messages/depth-message.ts';
import { klineMessage } from './messages/kline-message.ts';
import { markPriceMessage } from './messages/mark-price-message.ts';
import type { StreamName } from './stream-name.ts';

/** An event for everybody who listens to a stream. */
export interface StreamEvent {
  readonly stream: string;
  readonly symbol: string;
  /** When it is sent, ms of the clock that faults do not move. */
  readonly atMs: number;
  readonly data: Readonly<Record<string, unknown>>;
}

/** How often joined trades and candles are told of, ms. */
const TRADES_EVERY_MS = 100;
const KLINE_EVERY_MS = 250;

/** Makes the events of one symbol's streams out of the market that REST serves, beat by beat. */
export class SymbolFeed {
  readonly #symbol: string;
  readonly #exchange: Exchange;
  readonly #publish: (event: StreamEvent) => void;
  readonly #streams = new Map<string, StreamName>();
  #lastAggregateId: number;
  #lastTickerId: number;
  #lastTicker: Pick<BookChange, 'bestBid' | 'bestAsk'> | undefined;
  /** The candle told of last, by stream: when it opened and how many trades it had. */
  readonly #candles = new Map<string, { readonly openTs: number; readonly trades: number }>();

  constructor(symbol: string, exchange: Exchange, publish: (event: StreamEvent) => void) {
    this.#symbol = symbol;
    this.#exchange = exchange;
    this.#publish = publish;
    const market = exchange.listed(symbol)?.market;
    this.#lastAggregateId = market?.tape.aggregates.at(-1)?.id ?? 0;
    this.#lastTickerId = market?.bookChanges.at(-1)?.lastId ?? 0;
  }

  get isIdle(): boolean {
    return this.#streams.size === 0;
  }

  add(stream: StreamName): void {
    this.#streams.set(stream.name, stream);
  }

  remove(name: string): void {
    this.#streams.delete(name);
    this.#candles.delete(name);
  }

  /** Tells what is due at a beat. A symbol that is not listed is silent; one that stands still has nothing new. */
  beat(atMs: number): void {
    const listed = this.#exchange.listed(this.#symbol);
    if (listed === undefined) return;
    this.tick(atMs);
    this.#tell(listed, atMs, (stream) => this.#due(stream, listed, atMs));
    this.#lastAggregateId = newestClosed(listed, atMs) ?? this.#lastAggregateId;
  }

  /** Tells of new best prices, which no beat is waited for. */
  tick(atMs: number): void {
    const listed = this.#exchange.listed(this.#symbol);
    if (listed === undefined) return;
    for (const change of listed.market.bookChanges) {
      if (change.lastId <= this.#lastTickerId || change.atMs > atMs) continue;
      this.#lastTickerId = change.lastId;
      if (isSameTop(this.#lastTicker, change)) continue;
      this.#lastTicker = change;
      const nowTs = Math.round(change.atMs) + this.#exchange.offsetMs;
      this.#tell(listed, change.atMs, ({ kind }) =>
        kind.kind === 'BOOK_TICKER' ? [bookTickerMessage(listed.contract, change, nowTs)] : [],
      );
    }
  }

  #tell(
    { contract }: Listed,
    atMs: number,
    messagesOf: (stream: StreamName) => readonly Record<string, unknown>[],
  ): void {
    for (const stream of this.#streams.values())
      for (const data of messagesOf(stream))
        this.#publish({ stream: stream.name, symbol: contract.symbol, atMs, data });
  }

  #due({ name, kind }: StreamName, listed: Listed, atMs: number): readonly Record<string, unknown>[] {
    switch (kind.kind) {
      case 'DEPTH':
        return atMs % kind.everyMs === 0 ? this.#depth(listed, atMs, kind.everyMs) : [];
      case 'AGG_TRADE':
        return atMs % TRADES_EVERY_MS === 0 ? this.#trades(listed, atMs) : [];
      case 'MARK_PRICE':
        return atMs % kind.everyMs === 0 ? this.#mark(listed, atMs) : [];
      case 'KLINE':
        return atMs % KLINE_EVERY_MS === 0 ? this.#klines(listed, name, kind.interval, atMs) : [];
      case 'BOOK_TICKER':
        return [];
    }
  }

  #depth({ contract, market }: Listed, atMs: number, everyMs: number): readonly Record<string, unknown>[] {
    const [first, ...others] = market.bookChanges.filter((one) => one.atMs > atMs - everyMs && one.atMs <= atMs);
    if (first === undefined) return [];
    return [depthMessage(contract, [first, ...others], atMs + this.#exchange.offsetMs)];
  }

  #trades({ contract, market }: Listed, atMs: number): readonly Record<string, unknown>[] {
    const nowTs = atMs + this.#exchange.offsetMs;
    const told = market.tape.aggregates.findLastIndex(({ id }) => id <= this.#lastAggregateId);
    return market.tape.aggregates
      .slice(told + 1)
      .filter(({ closesMs }) => closesMs <= atMs)
      .map((aggregate) => aggTradeMessage(contract, aggregate, nowTs));
  }

  #mark({ contract, market }: Listed, atMs: number): readonly Record<string, unknown>[] {
    const nowTs = atMs + this.#exchange.offsetMs;
    const mark = market.isStill ? undefined : market.mark(nowTs);
    return mark === undefined ? [] : [markPriceMessage(contract, mark, nowTs)];
  }

  /** Candles that have closed since, and the open one where it has changed. */
  #klines(
    { contract, market }: Listed,
    name: string,
    interval: VenueInterval,
    atMs: number,
  ): readonly Record<string, unknown>[] {
    if (market.isStill) return [];
    const nowTs = atMs + this.#exchange.offsetMs;
    market.advanceCandles(nowTs);
    const told = this.#candles.get(name);
    const candles = market.candles.since(interval, told?.openTs ?? nowTs);
    const open = candles.at(-1);
    if (open === undefined) return [];
    this.#candles.set(name, open);
    const changed = candles.filter(
      (candle) => candle !== open || told?.openTs !== open.openTs || told.trades !== open.trades,
    );
    return changed.map((candle) =>
      klineMessage(contract, { interval, candle, isClosed: candle !== open }, market.tape, nowTs),
    );
  }
}

function newestClosed({ market }: Listed, atMs: number): number | undefined {
  return market.tape.aggregates.findLast(({ closesMs }) => closesMs <= atMs)?.id;
}

function isSameTop(a: Pick<BookChange, 'bestBid' | 'bestAsk'> | undefined, b: BookChange): boolean {
  if (a === undefined) return false;
  return String(a.bestBid) === String(b.bestBid) && String(a.bestAsk) === String(b.bestAsk);
}
