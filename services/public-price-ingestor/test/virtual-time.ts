/** Time that a test advances. It wakes the waiting code in order, and each step completes before the next. */
export class VirtualTime {
  #now: number;
  /** Running work that takes real time. */
  #underWay = 0;
  #sleepers: { readonly atMs: number; readonly wake: () => void }[] = [];

  constructor(startMs: number) {
    this.#now = startMs;
  }

  now = (): number => this.#now;

  wait = (ms: number): Promise<void> =>
    new Promise((wake) => {
      this.#sleepers.push({ atMs: this.#now + Math.max(0, Math.ceil(ms)), wake });
    });

  /** Registers work that takes real time: virtual time stands still until it is done. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#underWay += 1;
    try {
      return await work;
    } finally {
      this.#underWay -= 1;
    }
  }

  /** Advances the time by `ms`. */
  async pass(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      await this.#settled();
      const next = this.#earliest();
      if (next === undefined || next.atMs > until) break;
      this.#sleepers.splice(this.#sleepers.indexOf(next), 1);
      this.#now = next.atMs;
      next.wake();
    }
    this.#now = until;
  }

  /** Ends all waits at once, as a stop does. */
  async wakeAll(): Promise<void> {
    for (let round = 0; round < 20; round += 1) {
      for (const { wake } of this.#sleepers.splice(0)) wake();
      await this.#settled();
    }
  }

  /** Waits until all resulting promises are resolved, deliveries of the fake bus included. */
  async #settled(): Promise<void> {
    do {
      while (this.#underWay > 0) await turn();
      for (let i = 0; i < 3; i += 1) await turn();
    } while (this.#underWay > 0);
  }

  #earliest() {
    let first = this.#sleepers[0];
    for (const one of this.#sleepers) if (first !== undefined && one.atMs < first.atMs) first = one;
    return first;
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
