import { ContractGrid } from '@helios/core/matching/contract-grid.ts';
import type { Taken } from '@helios/core/matching/walk-levels.ts';
import type { SymbolMarket } from '../market/symbol-market.ts';
import type { TradedMarket } from './matching-engine.ts';

/** Levels read at first; most orders need no more. */
const FEW = 20;
const ALL = 10_000;

/** A contract's market in ticks and steps. */
export class GridMarket implements TradedMarket {
  readonly grid: ContractGrid;
  readonly #market: SymbolMarket;

  constructor(market: SymbolMarket, tickSize: string, stepSize: string) {
    this.grid = new ContractGrid(tickSize, stepSize);
    this.#market = market;
  }

  *opposite(side: 'BUY' | 'SELL'): Generator<Taken> {
    let read = 0;
    for (const limit of [FEW, ALL]) {
      const view = this.#market.book(limit);
      const levels = (side === 'BUY' ? view?.asks : view?.bids) ?? [];
      for (const [price, quantity] of levels.slice(read)) yield this.#taken(price, quantity);
      if (levels.length < limit) return;
      read = levels.length;
    }
  }

  shownAt(side: 'BUY' | 'SELL', price: number): number {
    // Opposite of the opposite side: the levels that an order of this side joins, best first.
    for (const level of this.opposite(side === 'BUY' ? 'SELL' : 'BUY')) {
      if (level.price === price) return level.quantity;
      if (side === 'BUY' ? level.price < price : level.price > price) return 0;
    }
    return 0;
  }

  /** A level on the grid. Recorded levels are on it; a price between ticks, if there is one, is left out. */
  #taken(price: string, quantity: string): Taken {
    return { price: this.grid.ticksOf(price) ?? 0, quantity: this.grid.stepsOf(quantity) ?? 0 };
  }
}
