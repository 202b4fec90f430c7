import type { TradingEvent } from '../trading/trading-event.ts';
import type { StateFile } from './state-file.ts';
import { type StatePart, StateRows } from './state-part.ts';

/** Writes the state of the accounts into the file, operation by operation. */
export class StateRecorder {
  readonly #file: StateFile;
  readonly #parts: readonly StatePart[];
  readonly #now: () => number;

  /** Restores the parts from the file, and rewrites it with what they hold now. @param now venue time, epoch ms */
  constructor(file: StateFile, parts: readonly StatePart[], now: () => number) {
    this.#file = file;
    this.#parts = parts;
    this.#now = now;
    for (const part of parts) part.restore(file.content);
    file.rewrite(this.#all());
  }

  /** Writes what an operation changed. Call it before anybody hears of the operation. */
  record(events: readonly TradingEvent[]): void {
    const rows = new StateRows();
    for (const part of this.#parts) part.changed(events, rows);
    this.add(rows);
  }

  /** Fails after a failed write even without a change: memory may then hold what the file does not. */
  add(rows: StateRows): void {
    this.#file.append(rows.entry(this.#now()));
  }

  *#all(): Generator<NonNullable<ReturnType<StateRows['entry']>>> {
    for (const part of this.#parts)
      for (const rows of part.all()) {
        const entry = rows.entry(this.#now());
        if (entry !== undefined) yield entry;
      }
  }
}
