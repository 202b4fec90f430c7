interface Waiter {
  readonly dueMs: number;
  readonly wake: () => void;
}

/** A clock that moves only when it is set, and wakes what waits on it. Epoch ms. */
export class VirtualTime {
  #nowMs: number;
  #waiters: Waiter[] = [];
  #hasEnded = false;

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  /** Resolves once the clock has moved by `ms`, or at the end. */
  wait(ms: number): Promise<void> {
    if (this.#hasEnded) return Promise.resolve();
    return new Promise((wake) => void this.#waiters.push({ dueMs: this.#nowMs + ms, wake }));
  }

  /** Moves the clock forward; returns whether that wakes something. */
  set(ms: number): boolean {
    this.#nowMs = Math.max(this.#nowMs, ms);
    const due = this.#waiters.filter(({ dueMs }) => dueMs <= this.#nowMs);
    if (due.length === 0) return false;
    this.#waiters = this.#waiters.filter(({ dueMs }) => dueMs > this.#nowMs);
    for (const { wake } of due) wake();
    return true;
  }

  /** Wakes everything; nothing waits from now on. */
  end(): void {
    this.#hasEnded = true;
    for (const { wake } of this.#waiters) wake();
    this.#waiters = [];
  }
}
