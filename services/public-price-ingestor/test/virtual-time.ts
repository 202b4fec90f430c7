/** Time that a test lets pass: whoever waits is woken in order, and everything that follows happens before the next one is. */
export class VirtualTime {
  #now: number;
  #sleepers: { readonly atMs: number; readonly wake: () => void }[] = [];

  constructor(startMs: number) {
    this.#now = startMs;
  }

  now = (): number => this.#now;

  wait = (ms: number): Promise<void> =>
    new Promise((wake) => {
      this.#sleepers.push({ atMs: this.#now + Math.max(0, Math.ceil(ms)), wake });
    });

  /** Lets `ms` pass. */
  async pass(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      await settled();
      const next = this.#earliest();
      if (next === undefined || next.atMs > until) break;
      this.#sleepers.splice(this.#sleepers.indexOf(next), 1);
      this.#now = next.atMs;
      next.wake();
    }
    this.#now = until;
  }

  /** Wakes everybody at once, as a stop does. */
  async wakeAll(): Promise<void> {
    for (let round = 0; round < 20; round += 1) {
      for (const { wake } of this.#sleepers.splice(0)) wake();
      await settled();
    }
  }

  #earliest() {
    let first = this.#sleepers[0];
    for (const one of this.#sleepers) if (first !== undefined && one.atMs < first.atMs) first = one;
    return first;
  }
}

/** Promises that follow from what has happened are resolved, deliveries of the fake bus included. */
async function settled(): Promise<void> {
  for (let i = 0; i < 3; i += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}
