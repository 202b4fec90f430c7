import { type PriceGrid, priceBeside } from '../../price/price-grid.ts';
import { signOf } from '../../strategy/side-sign.ts';
import type { CoverTarget } from './cover-target.ts';

/** Valid prices of the symbol; `undefined` if unknown. */
export type StopGrid = () => PriceGrid | undefined;

/** The trigger price to place: the wanted one, or a nearer one if the venue's price band forbids it. */
export class StopPriceLimit {
  readonly #grid: StopGrid;
  #nearer: number | undefined;

  constructor(grid: StopGrid) {
    this.#grid = grid;
  }

  of({ side, stopPrice }: CoverTarget): number {
    if (this.#nearer === undefined) return stopPrice;
    return side === 'LONG' ? Math.max(stopPrice, this.#nearer) : Math.min(stopPrice, this.#nearer);
  }

  /** The venue refused the price as too far from the market: the next one is half as far away. The band itself is not known. */
  onTooFar({ side }: CoverTarget, refusedPrice: number, markPrice: number | undefined): void {
    const grid = this.#grid();
    if (markPrice === undefined || grid === undefined) return;
    this.#nearer = priceBeside(markPrice, (-signOf(side) * Math.abs(markPrice - refusedPrice)) / 2, grid);
  }

  forget(): void {
    this.#nearer = undefined;
  }
}
