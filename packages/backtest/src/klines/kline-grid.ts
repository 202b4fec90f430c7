import { CommonStep } from '@helios/core/price/common-step.ts';
import type { KlineRowScanner } from './scan-kline-row.ts';
import { SLOT } from './scan-kline-row.ts';

/** A day of one-minute candles. */
const GRID_ROWS = 1_440;
/** Venues count no finer; more decimals are noise of a computation. */
export const MAX_VOLUME_DECIMALS = 8;

/** Tick and step of a series. */
export interface KlineGrid {
  readonly tick: string;
  readonly step: string;
}

/**
 * Finds tick and step from the first 1,440 candles: the largest that divide their prices and volumes. Later candles change nothing,
 * so that a run of a month stays as it is when the next month is added.
 */
export class GridFinder {
  readonly #tick = new CommonStep();
  readonly #step = new CommonStep();
  #rows = 0;
  /** Decimals of the finest price so far. */
  priceDecimals = 0;
  volumeDecimals = 0;

  addScanned({ units, decimals }: KlineRowScanner): void {
    for (let slot: number = SLOT.open; slot <= SLOT.close; slot += 1)
      this.priceDecimals = Math.max(this.priceDecimals, decimals[slot] ?? 0);
    this.volumeDecimals = Math.max(this.volumeDecimals, decimals[SLOT.volume] ?? 0);
    if (this.#rows >= GRID_ROWS) return;
    this.#rows += 1;
    for (let slot: number = SLOT.open; slot <= SLOT.close; slot += 1)
      this.#tick.addUnits(units[slot] ?? 0, decimals[slot] ?? 0);
    this.#step.addUnits(units[SLOT.volume] ?? 0, decimals[SLOT.volume] ?? 0);
  }

  addTexts(prices: readonly string[], volume: string): void {
    for (const price of prices) this.priceDecimals = Math.max(this.priceDecimals, decimalsIn(price));
    this.volumeDecimals = Math.max(this.volumeDecimals, decimalsIn(volume));
    if (this.#rows >= GRID_ROWS) return;
    this.#rows += 1;
    for (const price of prices) this.#tick.add(price);
    this.#step.add(decimalsIn(volume) > MAX_VOLUME_DECIMALS ? Number(volume).toFixed(MAX_VOLUME_DECIMALS) : volume);
  }

  /** Undefined parts if only zeros were seen. */
  grid(): Partial<KlineGrid> {
    const [tick, step] = [this.#tick.step, this.#step.step];
    return { ...(tick !== undefined && { tick }), ...(step !== undefined && { step }) };
  }
}

const decimalsIn = (text: string): number => (text.includes('.') ? text.length - text.indexOf('.') - 1 : 0);
