import type { TradingEvent } from '../trading/trading-event.ts';

/** Events kept; the oldest are dropped, so that memory stays flat. */
const EVENTS_KEPT = 50_000;

/** A kept event and its number, which counts from 1. */
export interface HistoryEntry {
  readonly seq: number;
  readonly event: TradingEvent;
}

/** Everything that happened to the accounts, whatever the user streams delivered. Tests assert on it. */
export class TrueHistory {
  #entries: HistoryEntry[] = [];
  #seq = 0;

  add(events: readonly TradingEvent[]): void {
    for (const event of events) {
      this.#seq += 1;
      this.#entries.push({ seq: this.#seq, event });
    }
    if (this.#entries.length > EVENTS_KEPT * 1.2) this.#entries = this.#entries.slice(-EVENTS_KEPT);
  }

  /** Entries after `seq`, oldest first. */
  after(seq: number): readonly HistoryEntry[] {
    return this.#entries.slice(Math.max(0, seq - this.#seq + this.#entries.length));
  }

  /** Number of the newest event; 0 for none. */
  get lastSeq(): number {
    return this.#seq;
  }

  /** Takes over the entries of an earlier process. */
  restore(entries: readonly HistoryEntry[]): void {
    this.#entries = entries.slice(-EVENTS_KEPT);
    this.#seq = this.#entries.at(-1)?.seq ?? 0;
  }
}
