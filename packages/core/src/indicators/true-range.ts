import { WilderAverage } from './moving-averages.ts';

/** Wilder's true range: the kline's range, widened to include the previous close. */
function trueRange(high: number, low: number, previousClose: number | undefined): number {
  if (previousClose === undefined) return high - low;
  return Math.max(high, previousClose) - Math.min(low, previousClose);
}

/** Average true range (Wilder), in price units. */
export class Atr {
  readonly #average: WilderAverage;
  #previousClose: number | undefined;

  constructor(period: number) {
    this.#average = new WilderAverage(period);
  }

  update(high: number, low: number, close: number): void {
    this.#average.update(trueRange(high, low, this.#previousClose));
    this.#previousClose = close;
  }

  get value(): number | undefined {
    return this.#average.value;
  }
}

interface KlinePrices {
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** Average directional index (Wilder), 0..100, with its two directional indicators. */
export class Adx {
  readonly #range: WilderAverage;
  readonly #up: WilderAverage;
  readonly #down: WilderAverage;
  readonly #dx: WilderAverage;
  #previous: KlinePrices | undefined;

  constructor(period: number) {
    this.#range = new WilderAverage(period);
    this.#up = new WilderAverage(period);
    this.#down = new WilderAverage(period);
    this.#dx = new WilderAverage(period);
  }

  update(high: number, low: number, close: number): void {
    const previous = this.#previous;
    this.#previous = { high, low, close };
    if (previous === undefined) return;
    const rise = high - previous.high;
    const fall = previous.low - low;
    this.#up.update(rise > fall && rise > 0 ? rise : 0);
    this.#down.update(fall > rise && fall > 0 ? fall : 0);
    this.#range.update(trueRange(high, low, previous.close));
    const { plusDi, minusDi } = this;
    if (plusDi === undefined || minusDi === undefined) return;
    const sum = plusDi + minusDi;
    this.#dx.update(sum === 0 ? 0 : (100 * Math.abs(plusDi - minusDi)) / sum);
  }

  /** Strength of upward movement, 0..100. */
  get plusDi(): number | undefined {
    return this.#share(this.#up.value);
  }

  /** Strength of downward movement, 0..100. */
  get minusDi(): number | undefined {
    return this.#share(this.#down.value);
  }

  get value(): number | undefined {
    return this.#dx.value;
  }

  #share(movement: number | undefined): number | undefined {
    const range = this.#range.value;
    if (movement === undefined || range === undefined) return undefined;
    return range === 0 ? 0 : (100 * movement) / range;
  }
}
