import type { Exchange } from '../exchange.ts';
import type { Scheduled } from '../trading/timers.ts';
import type { ConditionalPart } from './conditional-part.ts';
import type { OrdersPart } from './orders-part.ts';
import { StateRows } from './state-part.ts';
import type { StateRecorder } from './state-recorder.ts';

/** Parts that the market moves without an event. */
interface MovingParts {
  readonly orders: OrdersPart;
  readonly conditional: ConditionalPart;
}

const EVERY_MS = 1_000;

/** Writes once a second what changes without an operation: places in the queues, and the prices at which a generated market goes on. */
export class StateBeat implements Scheduled {
  readonly #exchange: Exchange;
  readonly #parts: MovingParts;
  readonly #recorder: StateRecorder;
  readonly #prices = new Map<string, string>();
  #dueTs: number;

  constructor(exchange: Exchange, parts: MovingParts, recorder: StateRecorder) {
    this.#exchange = exchange;
    this.#parts = parts;
    this.#recorder = recorder;
    this.#dueTs = exchange.now() + EVERY_MS;
  }

  dueTs(): number {
    return this.#dueTs;
  }

  run(ts: number): void {
    this.#dueTs = ts + EVERY_MS;
    const rows = new StateRows();
    this.#parts.orders.places(rows);
    this.#parts.conditional.triggers(rows);
    for (const { contract, market } of this.#exchange.allListed()) {
      const price = market.lastPrice;
      if (price === undefined || price === this.#prices.get(contract.symbol)) continue;
      this.#prices.set(contract.symbol, price);
      rows.set('prices', contract.symbol, price);
    }
    this.#recorder.add(rows);
  }
}
