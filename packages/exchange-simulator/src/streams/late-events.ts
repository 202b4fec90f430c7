interface Waiting {
  readonly dueMs: number;
  readonly send: () => void;
}

/** Delayed events, in order within each stream. */
export class LateEvents {
  readonly #waiting = new Map<string, Waiting[]>();

  /** True while an event of the stream waits: later events must wait too. */
  has(stream: string): boolean {
    return this.#waiting.has(stream);
  }

  add(stream: string, dueMs: number, send: () => void): void {
    const queue = this.#waiting.get(stream);
    if (queue === undefined) this.#waiting.set(stream, [{ dueMs, send }]);
    else queue.push({ dueMs, send });
  }

  /** Sends the due events. */
  drain(nowMs: number): void {
    for (const [stream, queue] of this.#waiting) {
      const found = queue.findIndex(({ dueMs }) => dueMs > nowMs);
      const due = queue.splice(0, found < 0 ? queue.length : found);
      if (queue.length === 0) this.#waiting.delete(stream);
      for (const { send } of due) send();
    }
  }
}
