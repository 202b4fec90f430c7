import { ContractGrid } from '@helios/core/matching/contract-grid.ts';
import { moneyOf } from '@helios/core/matching/money.ts';
import type { Taken } from '@helios/core/matching/walk-levels.ts';
import type { Level } from '@helios/shared/domain/market-data.ts';
import { CONTRACT_LIMITS, type Contract } from '../listing/contract.ts';
import type { SymbolMarket } from '../market/symbol-market.ts';
import type { OrderSide } from './order.ts';

/** Levels read at first; most orders need no more. */
const FEW = 20;
const ALL = 10_000;
const ONE = moneyOf('1');

/** A contract's book and grid, as matching needs them. */
export interface TradedMarket {
  readonly grid: ContractGrid;
  /** The shown levels that an order of this side takes, best first, in ticks and steps. */
  opposite(side: OrderSide): Iterable<Taken>;
  /** The shown levels that an order of this side joins, best first. */
  own(side: OrderSide): Iterable<Taken>;
  /** Steps shown at a price on the side that an order joins; 0 for none. */
  shownAt(side: OrderSide, price: number): number;
  /** The worst price that a MARKET order may take, in ticks; undefined before any price. */
  bound(side: OrderSide): number | undefined;
  /** The worst limit price that PERCENT_PRICE allows, in ticks; undefined before any price. */
  cap(side: OrderSide): number | undefined;
}

/** A contract's market in ticks and steps. */
export class GridMarket implements TradedMarket {
  readonly grid: ContractGrid;
  readonly #market: SymbolMarket;
  readonly #markPrice: () => string | undefined;
  readonly #tickSize: string;
  #ticksApart = 1;
  #matchedBook = -1;

  constructor(
    market: SymbolMarket,
    { tickSize, stepSize }: Pick<Contract, 'tickSize' | 'stepSize'>,
    markPrice: () => string | undefined,
  ) {
    this.grid = new ContractGrid(tickSize, stepSize);
    this.#market = market;
    this.#markPrice = markPrice;
    this.#tickSize = tickSize;
  }

  /** Ticks between two prices that a new order may have: more than one while a fault shows a larger tick size. */
  get ticksApart(): number {
    return this.#ticksApart;
  }

  /** Sets the tick size that the venue shows, a multiple of the contract's; undefined for the contract's own. */
  showTickSize(tickSize = this.#tickSize): void {
    this.#ticksApart = Number(moneyOf(tickSize) / moneyOf(this.#tickSize));
  }

  /** True if the shown book has changed since the last call: its quantity meets the resting orders once. */
  isNewBook(): boolean {
    const isNew = this.#market.bookId !== this.#matchedBook;
    this.#matchedBook = this.#market.bookId;
    return isNew;
  }

  opposite(side: OrderSide): Generator<Taken> {
    return this.#levels(side === 'BUY' ? 'asks' : 'bids');
  }

  own(side: OrderSide): Generator<Taken> {
    return this.#levels(side === 'BUY' ? 'bids' : 'asks');
  }

  shownAt(side: OrderSide, price: number): number {
    const level = this.#market.levelAt(side === 'BUY' ? 'bids' : 'asks', this.grid.priceText(price));
    return this.#taken(level)?.quantity ?? 0;
  }

  bound(side: OrderSide): number | undefined {
    const part = moneyOf(CONTRACT_LIMITS.marketTakeBound);
    return this.#edge(side, side === 'BUY' ? ONE + part : ONE - part);
  }

  cap(side: OrderSide): number | undefined {
    return this.#edge(side, moneyOf(side === 'BUY' ? CONTRACT_LIMITS.multiplierUp : CONTRACT_LIMITS.multiplierDown));
  }

  *#levels(side: 'bids' | 'asks'): Generator<Taken> {
    let read = 0;
    for (const limit of [FEW, ALL]) {
      const levels = this.#market.book(limit)?.[side] ?? [];
      for (let i = read; i < levels.length; i += 1) {
        const taken = this.#taken(levels[i]);
        if (taken !== undefined) yield taken;
      }
      if (levels.length < limit) return;
      read = levels.length;
    }
  }

  /** The worst whole tick within the mark price times a factor in units of 1e-8. */
  #edge(side: OrderSide, factor: bigint): number | undefined {
    const mark = this.#markPrice();
    if (mark === undefined) return undefined;
    const edge = moneyOf(mark) * factor;
    const tick = moneyOf(this.grid.priceText(1)) * ONE;
    return Number(side === 'BUY' ? edge / tick : (edge + tick - 1n) / tick);
  }

  /** A level on the grid. Recorded levels are on it; a price between ticks, if there is one, is left out. */
  #taken(level: Level | undefined): Taken | undefined {
    if (level === undefined) return undefined;
    const price = this.grid.ticksOf(level[0]);
    const quantity = this.grid.stepsOf(level[1]);
    return price === undefined || quantity === undefined ? undefined : { price, quantity };
  }
}
