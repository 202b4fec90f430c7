/** Messages that arrive while the service reads its state; they are processed afterwards, in order. */
export interface Inbox {
  /** Processes a message now, or after `during` has ended. */
  take(hear: () => void): void;
  /** Holds all messages back while `work` runs: old state must be read before newer messages are processed. */
  during(work: () => Promise<void>): Promise<void>;
}

export function createInbox(): Inbox {
  let holders = 0;
  let waiting: (() => void)[] = [];

  function release(): void {
    holders -= 1;
    if (holders > 0) return;
    const heard = waiting;
    waiting = [];
    for (const hear of heard) hear();
  }

  return {
    take(hear) {
      if (holders > 0) waiting.push(hear);
      else hear();
    },
    async during(work) {
      holders += 1;
      try {
        await work();
      } finally {
        release();
      }
    },
  };
}
