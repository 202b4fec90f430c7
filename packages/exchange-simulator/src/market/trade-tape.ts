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
  /** After this time of the clock, ms, no trade joins it, so the streams may send it. */
  readonly closesMs: number;
  readonly trades: TapeTrade[];
}

const TRADES_KEPT = 5_000;
/** The venue aggregates trades of one side at one price within this time, and sends aggregates at this interval. */
const AGGREGATE_MS = 100;

/** The newest trades and aggregate trades of a symbol, oldest first. */
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

  /** Adds a trade that plays at `atMs` of the clock. A trade never joins an aggregate that was already sent. */
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
