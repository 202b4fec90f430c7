import type { Exchange } from '../exchange.ts';
import { assetIndexes } from '../market/asset-indexes.ts';
import { dayStatistics } from '../market/day-statistics.ts';
import { liquidations } from '../market/liquidation.ts';
import type { Feed, StreamEvent } from './feed.ts';
import { assetIndexMessage } from './messages/asset-index-message.ts';
import { bookTickerMessage } from './messages/book-ticker-message.ts';
import { contractInfoMessage } from './messages/contract-info-message.ts';
import { forceOrderMessage } from './messages/force-order-message.ts';
import { markPriceMessage } from './messages/mark-price-message.ts';
import { miniTickerMessage } from './messages/mini-ticker-message.ts';
import { tickerMessage } from './messages/ticker-message.ts';
import type { MarketStreamKind, MarketStreamName, StreamName } from './stream-name.ts';

type Message = Readonly<Record<string, unknown>>;
type Due = Pick<StreamEvent, 'symbol' | 'data'>;

/** Makes the events of the all-market streams at each beat, from the same market as REST. */
export class AllMarketFeed implements Feed {
  readonly #exchange: Exchange;
  readonly #publish: (event: StreamEvent) => void;
  readonly #streams = new Map<string, MarketStreamName>();
  /** Last sent state by symbol: a trade id per ticker stream, a book id, a status. */
  readonly #lastTradeIds = new Map<string, Map<string, number>>();
  readonly #lastBookIds = new Map<string, number>();
  #statuses: ReadonlyMap<string, string> | undefined;

  constructor(exchange: Exchange, publish: (event: StreamEvent) => void) {
    this.#exchange = exchange;
    this.#publish = publish;
  }

  get isIdle(): boolean {
    return this.#streams.size === 0;
  }

  add(stream: StreamName): void {
    if (stream.of === undefined) this.#streams.set(stream.name, stream);
  }

  remove(name: string): void {
    this.#streams.delete(name);
    this.#lastTradeIds.delete(name);
    // Changes without a listener are not sent later.
    if (name === '!contractInfo') this.#statuses = undefined;
  }

  beat(atMs: number): void {
    for (const { name, kind } of this.#streams.values()) {
      if (atMs % kind.everyMs !== 0) continue;
      for (const { symbol, data } of this.#due(name, kind, atMs)) this.#publish({ stream: name, symbol, atMs, data });
    }
  }

  /** Does nothing: all events wait for a beat. */
  tick(): void {}

  #due(name: string, { kind, everyMs }: MarketStreamKind, atMs: number): readonly Due[] {
    const nowTs = atMs + this.#exchange.offsetMs;
    switch (kind) {
      case 'ALL_TICKERS':
        return list(this.#tickers(name, nowTs, tickerMessage));
      case 'ALL_MINI_TICKERS':
        return list(this.#tickers(name, nowTs, miniTickerMessage));
      case 'ALL_MARK_PRICES':
        // Two frames each time, as measured. We guess that the second holds the contracts that do not trade.
        return [...list(this.#marks(nowTs, true)), ...list(this.#marks(nowTs, false))];
      case 'ALL_BOOK_TICKERS':
        return this.#bookTickers(nowTs);
      case 'ALL_FORCE_ORDERS':
        return this.#forceOrders(atMs, everyMs, nowTs);
      case 'ALL_ASSET_INDEXES':
        return list(assetIndexes(this.#exchange, nowTs).map((view) => assetIndexMessage(view, nowTs)));
      case 'CONTRACTS':
        return this.#changedContracts(nowTs);
    }
  }

  /** Contracts whose status changed since the last beat. */
  #changedContracts(nowTs: number): readonly Due[] {
    const before = this.#statuses;
    const contracts = this.#exchange.allListed().map(({ contract }) => contract);
    this.#statuses = new Map(contracts.map(({ symbol, status }) => [symbol, status]));
    return contracts
      .filter(({ symbol, status }) => before !== undefined && before.get(symbol) !== status)
      .map((contract) => ({ symbol: contract.symbol, data: contractInfoMessage(contract, nowTs) }));
  }

  /** Rows of the symbols with a trade since the last time. */
  #tickers(name: string, nowTs: number, messageOf: typeof tickerMessage): readonly Message[] {
    const lastIds = this.#lastTradeIds.get(name) ?? new Map<string, number>();
    this.#lastTradeIds.set(name, lastIds);
    return this.#exchange.allListed().flatMap(({ contract, market }) => {
      const id = market.tape.last?.id;
      if (id === undefined || lastIds.get(contract.symbol) === id || market.isStill) return [];
      lastIds.set(contract.symbol, id);
      const day = dayStatistics(market, nowTs);
      return day === undefined ? [] : [messageOf(contract, day, nowTs)];
    });
  }

  #marks(nowTs: number, isTrading: boolean): readonly Message[] {
    return this.#exchange
      .allListed()
      .filter(({ contract }) => (contract.status === 'TRADING') === isTrading)
      .flatMap(({ contract, market }) => {
        const mark = market.mark(nowTs);
        return mark === undefined ? [] : [markPriceMessage(contract, mark, nowTs)];
      });
  }

  #bookTickers(nowTs: number): readonly Due[] {
    return this.#exchange.allListed().flatMap(({ contract, market }) => {
      const { symbol } = contract;
      const book = market.book(1);
      if (book === undefined || this.#lastBookIds.get(symbol) === book.lastUpdateId) return [];
      this.#lastBookIds.set(symbol, book.lastUpdateId);
      const best = { lastId: book.lastUpdateId, tsEvent: book.tsEvent, bestBid: book.bids[0], bestAsk: book.asks[0] };
      return [{ symbol, data: bookTickerMessage(contract, best, nowTs) }];
    });
  }

  #forceOrders(atMs: number, everyMs: number, nowTs: number): readonly Due[] {
    return this.#exchange.allListed().flatMap(({ contract, market }) => {
      const newest = liquidations(market.tape.aggregates, atMs - everyMs, atMs).at(-1);
      return newest === undefined
        ? []
        : [{ symbol: contract.symbol, data: forceOrderMessage(contract, newest, nowTs) }];
    });
  }
}

/** One event with several rows, or none. */
function list(rows: readonly Message[]): readonly Due[] {
  return rows.length === 0 ? [] : [{ symbol: undefined, data: rows }];
}
