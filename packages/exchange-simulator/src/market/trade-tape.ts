/** One trade as `trades` shows it. */
export interface TapeTrade {
  readonly id: number;
  readonly price: string;
  readonly qty: string;
  readonly time: number;
  readonly buyerIsMaker: boolean;
}

/** Trades of one taker order at one price, as `aggTrades` shows them. */
export interface TapeAggregate {
  readonly id: number;
  readonly price: string;
  readonly time: number;
  readonly buyerIsMaker: boolean;
  readonly firstId: number;
  lastId: number;
  /** From here on nothing joins it any more, ms of the clock: it may be told. */
  readonly closesMs: number;
  readonly trades: TapeTrade[];
}

const TRADES_KEPT = 5_000;
/** The venue joins matches of one side at one price within this time, and tells of them as often. */
const AGGREGATE_MS = 100;

/** The newest trades of a symbol, single and joined; oldest first. */
export class TradeTape {
  #trades: TapeTrade[] = [];
  #aggregates: TapeAggregate[] = [];
  #nextAggregateId: number | undefined;

  get trades(): readonly TapeTrade[] {
    return this.#trades;
  }

  get aggregates(): readonly TapeAggregate[] {
    return this.#aggregates;
  }

  get last(): TapeTrade | undefined {
    return this.#trades.at(-1);
  }

  /** Takes a trade that is told of at `atMs` of the clock; nothing joins what has been told of as a whole. */
  add(trade: TapeTrade, atMs: number): void {
    this.#trades.push(trade);
    const open = this.#aggregates.at(-1);
    const joins =
      open !== undefined &&
      open.price === trade.price &&
      open.buyerIsMaker === trade.buyerIsMaker &&
      trade.time - open.time < AGGREGATE_MS &&
      atMs <= open.closesMs;
    if (joins) {
      open.trades.push(trade);
      open.lastId = trade.id;
    } else this.#open(trade, Math.ceil(atMs / AGGREGATE_MS) * AGGREGATE_MS);
    if (this.#trades.length > TRADES_KEPT * 1.2) this.#trades = this.#trades.slice(-TRADES_KEPT);
    if (this.#aggregates.length > TRADES_KEPT * 1.2) this.#aggregates = this.#aggregates.slice(-TRADES_KEPT);
  }

  #open(trade: TapeTrade, closesMs: number): void {
    const id = this.#nextAggregateId ?? Math.floor(trade.id / 2);
    this.#nextAggregateId = id + 1;
    const { price, time, buyerIsMaker } = trade;
    const ids = { id, firstId: trade.id, lastId: trade.id };
    this.#aggregates.push({ ...ids, price, time, buyerIsMaker, closesMs, trades: [trade] });
  }
}
