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
  readonly trades: TapeTrade[];
}

const TRADES_KEPT = 5_000;
/** The venue joins matches of one side at one price within this time. */
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

  add(trade: TapeTrade): void {
    this.#trades.push(trade);
    const open = this.#aggregates.at(-1);
    const joins =
      open !== undefined &&
      open.price === trade.price &&
      open.buyerIsMaker === trade.buyerIsMaker &&
      trade.time - open.time < AGGREGATE_MS;
    if (joins) {
      open.trades.push(trade);
      open.lastId = trade.id;
    } else this.#open(trade);
    if (this.#trades.length > TRADES_KEPT * 1.2) this.#trades = this.#trades.slice(-TRADES_KEPT);
    if (this.#aggregates.length > TRADES_KEPT * 1.2) this.#aggregates = this.#aggregates.slice(-TRADES_KEPT);
  }

  #open(trade: TapeTrade): void {
    const id = this.#nextAggregateId ?? Math.floor(trade.id / 2);
    this.#nextAggregateId = id + 1;
    const { price, time, buyerIsMaker } = trade;
    this.#aggregates.push({ id, price, time, buyerIsMaker, firstId: trade.id, lastId: trade.id, trades: [trade] });
  }
}
