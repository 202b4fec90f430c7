/** Runs jobs: those of one key one after another, all others in parallel. */
export class CommandQueue {
  readonly #last = new Map<string, Promise<void>>();
  readonly #onFault: (error: unknown) => void;

  /** @param onFault called with the error of a job; jobs after it still run */
  constructor(onFault: (error: unknown) => void) {
    this.#onFault = onFault;
  }

  /** Starts the job when earlier jobs of the key are done; never within this call. */
  add(key: string, job: () => Promise<void>): void {
    const before = this.#last.get(key) ?? Promise.resolve();
    const done = before.then(job).catch(this.#onFault);
    this.#last.set(key, done);
    void done.then(() => {
      if (this.#last.get(key) === done) this.#last.delete(key);
    });
  }

  /** Resolves when all jobs that are known now are done. */
  async idle(): Promise<void> {
    await Promise.all(this.#last.values());
  }
}
