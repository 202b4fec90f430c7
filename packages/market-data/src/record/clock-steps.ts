/** A reader drops messages whose clock differs by 30 s from the line before; smaller steps do no harm, ms. */
const STEP_MS = 10_000;

/** Counts how often the wall clock was set, by comparing it with the monotonic clock. */
export class ClockSteps {
  readonly #monotonic: () => number;
  #before: { readonly wall: number; readonly steady: number } | undefined;
  #count = 0;

  /** @param monotonic ms from any start */
  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  /** The number of steps up to this reading of the wall clock, epoch ms. */
  countAt(wall: number): number {
    const steady = this.#monotonic();
    const before = this.#before ?? { wall, steady };
    this.#before = { wall, steady };
    if (Math.abs(wall - before.wall - (steady - before.steady)) > STEP_MS) this.#count += 1;
    return this.#count;
  }
}
