import { ratio } from './missing.ts';

const DAY_MS = 86_400_000;
/** A session of fewer minutes has no width yet. */
const MIN_MINUTES = 10;

/** Distance of a price from the volume-weighted price since midnight UTC, in the volume-weighted deviation of that session. */
export class SessionDistance {
  #day = -1;
  /** False if the session began before the first known minute. */
  #isWhole = false;
  #minutes = 0;
  /** Prices are summed relative to the first one: their squares keep their digits. */
  #base = 0;
  #volume = 0;
  #first = 0;
  #second = 0;

  /** Adds a closed minute. `price`: its mean price. */
  update(openTs: number, price: number, volume: number): void {
    const day = Math.floor(openTs / DAY_MS);
    if (day !== this.#day) {
      this.#isWhole = openTs % DAY_MS === 0;
      this.#day = day;
      this.#minutes = 0;
      this.#base = price;
      this.#volume = 0;
      this.#first = 0;
      this.#second = 0;
    }
    this.#minutes += 1;
    if (!(volume > 0 && price > 0)) return;
    if (!(this.#base > 0)) this.#base = price;
    const x = price / this.#base - 1;
    this.#volume += volume;
    this.#first += volume * x;
    this.#second += volume * x * x;
  }

  /** Distance of `price`; NaN early in the session, or if its beginning is unknown. */
  of(price: number): number {
    if (!this.#isWhole || this.#minutes < MIN_MINUTES || this.#volume === 0) return Number.NaN;
    const mean = this.#first / this.#volume;
    const variance = this.#second / this.#volume - mean * mean;
    return ratio(price / this.#base - 1 - mean, Math.sqrt(Math.max(variance, 0)));
  }
}
