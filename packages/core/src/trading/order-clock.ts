import type { WorkingOrders } from '../execution/working-orders.ts';
import type { PaperVenue } from '../paper/paper-venue.ts';
import { ClockWatch } from '../time/clock-watch.ts';

/** Moves the times of orders and books along when the clock starts, or is set back. */
export class OrderClock {
  readonly #orders: WorkingOrders;
  readonly #venue: PaperVenue;
  readonly #watch = new ClockWatch();

  constructor(orders: WorkingOrders, venue: PaperVenue) {
    this.#orders = orders;
    this.#venue = venue;
  }

  /** Takes a reading; call it before each use of `nowMs`. */
  read(nowMs: number): void {
    // A frame clock returns 0 before its first frame.
    if (!this.#watch.lastMs && nowMs !== 0) {
      for (const { clientOrderId, byMs } of this.#orders.bringBack(nowMs)) {
        this.#venue.shiftPlacement(clientOrderId, byMs);
      }
    }
    const setBackMs = this.#watch.read(nowMs);
    if (setBackMs === undefined) return;
    this.#venue.market.setClockBack(setBackMs);
    for (const id of this.#orders.setClockBack(setBackMs)) this.#venue.shiftPlacement(id, setBackMs);
  }
}
