import type { Order } from '../trading/order.ts';
import type { FaultsOnClock } from './fault-board.ts';

interface FillCap {
  readonly steps: number;
  /** Faults as they were when the order met this one: other faults end it. */
  readonly generation: number;
  readonly untilMs: number;
}

const UNCAPPED = Number.POSITIVE_INFINITY;

/** How far orders fill while a `partial-fill` fault stands. An order meets the fault once, at its first chance of a fill. */
export class FillCaps {
  readonly #exchange: FaultsOnClock;
  readonly #caps = new WeakMap<Order, FillCap>();

  constructor(exchange: FaultsOnClock) {
    this.#exchange = exchange;
  }

  /** Steps that the order may fill in all. */
  of(order: Order): number {
    const { faults } = this.#exchange;
    const known = this.#caps.get(order);
    const isCurrent = known?.generation === faults.generation;
    if (faults.isEmpty && !isCurrent) return UNCAPPED;
    const { steps, untilMs } = isCurrent ? known : this.#meet(order);
    return this.#exchange.clock() < untilMs ? steps : UNCAPPED;
  }

  #meet(order: Order): FillCap {
    const { faults } = this.#exchange;
    const [{ symbol, quantity }, nowMs] = [order.ticket, this.#exchange.clock()];
    const fault = faults.hit('partial-fill', { symbol, account: order.accountId }, nowMs);
    const cap: FillCap = {
      steps: fault === undefined ? UNCAPPED : Math.max(1, Math.floor((quantity * fault.percent) / 100)),
      generation: faults.generation,
      untilMs: nowMs + (fault?.for_ms ?? Number.POSITIVE_INFINITY),
    };
    this.#caps.set(order, cap);
    return cap;
  }
}
