import type { Countdown, Countdowns } from '../trading/countdowns.ts';
import type { StateContent } from './state-content.ts';
import { type StatePart, StateRows } from './state-part.ts';

const TABLE = 'countdowns';

/** The countdowns that cancel an account's orders. One that ended while the exchange was off runs at its start. */
export class CountdownsPart implements StatePart {
  readonly #countdowns: Countdowns;
  #written: ReadonlyMap<string, Countdown> = new Map();

  constructor(countdowns: Countdowns) {
    this.#countdowns = countdowns;
  }

  restore(content: StateContent): void {
    for (const row of content.table(TABLE).values()) this.#countdowns.start(row as Countdown);
  }

  *all(): Iterable<StateRows> {
    const rows = new StateRows();
    this.changed([], rows);
    yield rows;
  }

  changed(_: unknown, rows: StateRows): void {
    const running = this.#countdowns.running();
    if (running.size === 0 && this.#written.size === 0) return;
    for (const [key, countdown] of running) if (this.#written.get(key) !== countdown) rows.set(TABLE, key, countdown);
    for (const key of this.#written.keys()) if (!running.has(key)) rows.set(TABLE, key, null);
    this.#written = new Map(running);
  }
}
