import { WilderAverage } from './moving-averages.ts';
import { Ring } from './ring.ts';

/** Wilder's relative strength index, 0..100; 50 if no value has changed. */
export class Rsi {
  readonly #gain: WilderAverage;
  readonly #loss: WilderAverage;
  #previous: number | undefined;

  constructor(period: number) {
    this.#gain = new WilderAverage(period);
    this.#loss = new WilderAverage(period);
  }

  update(close: number): void {
    if (this.#previous !== undefined) {
      const change = close - this.#previous;
      this.#gain.update(Math.max(change, 0));
      this.#loss.update(Math.max(-change, 0));
    }
    this.#previous = close;
  }

  get value(): number | undefined {
    const gain = this.#gain.value;
    const loss = this.#loss.value;
    if (gain === undefined || loss === undefined) return undefined;
    return gain + loss === 0 ? 50 : (100 * gain) / (gain + loss);
  }
}

/** Rate of change over `period` values, as a fraction: 0.01 is one percent up. */
export class Momentum {
  readonly #ring: Ring;
  #value: number | undefined;

  constructor(period: number) {
    this.#ring = new Ring(period);
  }

  update(x: number): void {
    const before = this.#ring.push(x);
    if (before !== undefined) this.#value = x / before - 1;
  }

  get value(): number | undefined {
    return this.#value;
  }
}
