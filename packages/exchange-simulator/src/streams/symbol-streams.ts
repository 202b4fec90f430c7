import type { Exchange } from '../exchange.ts';
import type { Listed } from '../listing/listed.ts';
import { dayStatistics } from '../market/day-statistics.ts';
import type { VenueInterval } from '../market/kline-times.ts';
import { liquidations } from '../market/liquidation.ts';
import type { BookChange } from '../market/served-book.ts';
import type { Feed, StreamEvent } from './feed.ts';
import { aggTradeMessage } from './messages/agg-trade-message.ts';
import { bookTickerMessage } from './messages/book-ticker-message.ts';
import { continuousKlineMessage } from './messages/continuous-kline-message.ts';
import { depthMessage } from './messages/depth-message.ts';
import { forceOrderMessage } from './messages/force-order-message.ts';
import { klineMessage } from './messages/kline-message.ts';
import { markPriceMessage } from './messages/mark-price-message.ts';
import { miniTickerMessage } from './messages/mini-ticker-message.ts';
import { partialDepthMessage } from './messages/partial-depth-message.ts';
import { tickerMessage } from './messages/ticker-message.ts';
import { tradeMessage } from './messages/trade-message.ts';
import type { StreamName, SymbolStreamKind, SymbolStreamName } from './stream-name.ts';

/** Interval of aggregate trades, klines, tickers and liquidations, ms. */
const TRADES_EVERY_MS = 100;
const KLINE_EVERY_MS = 250;
const TICKER_EVERY_MS = 2_000;
const FORCE_ORDER_EVERY_MS = 1_000;

type Messages = readonly Record<string, unknown>[];
type KlineKind = Extract<SymbolStreamKind, { readonly interval: VenueInterval }>;

/** Makes the events of one symbol's streams at each beat, from the same market as REST. */
export class SymbolStreams implements Feed {
  readonly #symbol: string;
  readonly #exchange: Exchange;
  readonly #publish: (event: StreamEvent) => void;
  readonly #streams = new Map<string, SymbolStreamName>();
  #lastAggregateId: number;
  #lastTradeId: number;
  #lastTickerId: number;
  #lastTicker: Pick<BookChange, 'bestBid' | 'bestAsk'> | undefined;
  /** The last sent kline by stream: its open time and number of trades. */
  readonly #klines = new Map<string, { readonly openTs: number; readonly trades: number }>();

  constructor(symbol: string, exchange: Exchange, publish: (event: StreamEvent) => void) {
    this.#symbol = symbol;
    this.#exchange = exchange;
    this.#publish = publish;
    const market = exchange.listed(symbol)?.market;
    this.#lastAggregateId = market?.tape.aggregates.at(-1)?.id ?? 0;
    this.#lastTradeId = market?.tape.last?.id ?? 0;
    this.#lastTickerId = market?.bookChanges.at(-1)?.lastId ?? 0;
  }

  get isIdle(): boolean {
    return this.#streams.size === 0;
  }

  add(stream: StreamName): void {
    if (stream.of !== undefined) this.#streams.set(stream.name, stream);
  }

  remove(name: string): void {
    this.#streams.delete(name);
    this.#klines.delete(name);
  }

  /** Publishes the events due at a beat. An unlisted symbol is silent; a still one has no new events. */
  beat(atMs: number): void {
    const listed = this.#exchange.listed(this.#symbol);
    if (listed === undefined) return;
    this.tick(atMs);
    this.#publishEach(listed, atMs, (stream) => this.#due(stream, listed, atMs));
    this.#lastAggregateId = newestClosed(listed, atMs) ?? this.#lastAggregateId;
  }

  /** Publishes new trades and new best prices, which do not wait for a beat. */
  tick(atMs: number): void {
    const listed = this.#exchange.listed(this.#symbol);
    if (listed === undefined) return;
    this.#tickTrades(listed, atMs);
    this.#tickBest(listed, atMs);
  }

  #tickTrades(listed: Listed, atMs: number): void {
    const { contract, market } = listed;
    const at = market.tape.trades.findLastIndex(({ id }) => id <= this.#lastTradeId);
    const nowTs = Math.round(atMs) + this.#exchange.offsetMs;
    for (const trade of market.tape.trades.slice(at + 1)) {
      this.#lastTradeId = trade.id;
      this.#publishEach(listed, atMs, ({ kind }) =>
        kind.kind === 'TRADE' ? [tradeMessage(contract, trade, nowTs)] : [],
      );
    }
  }

  #tickBest(listed: Listed, atMs: number): void {
    for (const change of listed.market.bookChanges) {
      if (change.lastId <= this.#lastTickerId || change.atMs > atMs) continue;
      this.#lastTickerId = change.lastId;
      if (isSameTop(this.#lastTicker, change)) continue;
      this.#lastTicker = change;
      const nowTs = Math.round(change.atMs) + this.#exchange.offsetMs;
      this.#publishEach(listed, change.atMs, ({ kind }) =>
        kind.kind === 'BOOK_TICKER' ? [bookTickerMessage(listed.contract, change, nowTs)] : [],
      );
    }
  }

  #publishEach({ contract }: Listed, atMs: number, messagesOf: (stream: SymbolStreamName) => Messages): void {
    for (const stream of this.#streams.values())
      for (const data of messagesOf(stream))
        this.#publish({ stream: stream.name, symbol: contract.symbol, atMs, data });
  }

  #due({ name, kind }: SymbolStreamName, listed: Listed, atMs: number): Messages {
    switch (kind.kind) {
      case 'DEPTH':
        return atMs % kind.everyMs === 0 ? this.#depth(listed, atMs, kind.everyMs) : [];
      case 'AGG_TRADE':
        return atMs % TRADES_EVERY_MS === 0 ? this.#trades(listed, atMs) : [];
      case 'MARK_PRICE':
        return atMs % kind.everyMs === 0 ? this.#mark(listed, atMs) : [];
      case 'PARTIAL_DEPTH':
        return atMs % kind.everyMs === 0 ? this.#partialDepth(listed, kind, atMs) : [];
      case 'KLINE':
      case 'CONTINUOUS_KLINE':
        return atMs % KLINE_EVERY_MS === 0 ? this.#klineMessages(listed, name, kind, atMs) : [];
      case 'TICKER':
      case 'MINI_TICKER':
        return atMs % TICKER_EVERY_MS === 0 ? this.#ticker(listed, kind.kind, atMs) : [];
      case 'FORCE_ORDER':
        return atMs % FORCE_ORDER_EVERY_MS === 0 ? this.#forceOrder(listed, atMs) : [];
      case 'BOOK_TICKER':
      case 'TRADE':
        return [];
    }
  }

  #depth({ contract, market }: Listed, atMs: number, everyMs: number): Messages {
    const [first, ...others] = market.bookChanges.filter((one) => one.atMs > atMs - everyMs && one.atMs <= atMs);
    if (first === undefined) return [];
    return [depthMessage(contract, [first, ...others], atMs + this.#exchange.offsetMs)];
  }

  #partialDepth(
    { contract, market }: Listed,
    { levels, everyMs }: { readonly levels: number; readonly everyMs: number },
    atMs: number,
  ): Messages {
    const first = market.bookChanges.find((one) => one.atMs > atMs - everyMs && one.atMs <= atMs);
    const book = market.book(levels);
    if (first === undefined || book === undefined) return [];
    return [partialDepthMessage(contract, book, first, atMs + this.#exchange.offsetMs)];
  }

  #ticker({ contract, market }: Listed, kind: 'TICKER' | 'MINI_TICKER', atMs: number): Messages {
    const nowTs = atMs + this.#exchange.offsetMs;
    const day = market.isStill ? undefined : dayStatistics(market, nowTs);
    if (day === undefined) return [];
    return [kind === 'TICKER' ? tickerMessage(contract, day, nowTs) : miniTickerMessage(contract, day, nowTs)];
  }

  /** The newest liquidation of the last second. */
  #forceOrder({ contract, market }: Listed, atMs: number): Messages {
    const newest = liquidations(market.tape.aggregates, atMs - FORCE_ORDER_EVERY_MS, atMs).at(-1);
    return newest === undefined ? [] : [forceOrderMessage(contract, newest, atMs + this.#exchange.offsetMs)];
  }

  #trades({ contract, market }: Listed, atMs: number): Messages {
    const nowTs = atMs + this.#exchange.offsetMs;
    const lastSent = market.tape.aggregates.findLastIndex(({ id }) => id <= this.#lastAggregateId);
    return market.tape.aggregates
      .slice(lastSent + 1)
      .filter(({ closesMs }) => closesMs <= atMs)
      .map((aggregate) => aggTradeMessage(contract, aggregate, nowTs));
  }

  #mark({ contract, market }: Listed, atMs: number): Messages {
    const nowTs = atMs + this.#exchange.offsetMs;
    const mark = market.isStill ? undefined : market.mark(nowTs);
    return mark === undefined ? [] : [markPriceMessage(contract, mark, nowTs)];
  }

  /** Klines that closed since the last time, and the open one if it has changed. */
  #klineMessages({ contract, market }: Listed, name: string, { kind, interval }: KlineKind, atMs: number): Messages {
    if (market.isStill) return [];
    const nowTs = atMs + this.#exchange.offsetMs;
    market.advanceKlines(nowTs);
    const lastSent = this.#klines.get(name);
    const klines = market.klines.since(interval, lastSent?.openTs ?? nowTs);
    const open = klines.at(-1);
    if (open === undefined) return [];
    this.#klines.set(name, open);
    const changed = klines.filter(
      (kline) => kline !== open || lastSent?.openTs !== open.openTs || lastSent.trades !== open.trades,
    );
    const messageOf = kind === 'KLINE' ? klineMessage : continuousKlineMessage;
    return changed.map((kline) =>
      messageOf(contract, { interval, kline, isClosed: kline !== open }, market.tape, nowTs),
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
