import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { HopelessStart } from '@helios/shared/runtime/errors.ts';
import type { Trial, TrialResult } from '../trial.ts';
import { SearchStopped, type TrialRunner } from '../trial-runner.ts';
import type { ThreadAnswer } from './trial-thread.ts';

/** A trial could not be played at all. */
export class TrialFailed extends HopelessStart {
  constructor(message: string) {
    super(message);
    this.name = 'TrialFailed';
  }
}

/** A trial threw; others on the same data may not. */
export class TrialThrew extends TrialFailed {}

interface WaitingTrial {
  readonly trial: Trial;
  readonly resolve: (result: TrialResult) => void;
  readonly reject: (error: Error) => void;
}

/** Plays trials in worker threads. A thread starts with the first trial that no idle one can take, and keeps its data open. */
export class ThreadRunner implements TrialRunner {
  readonly #jobs: number;
  readonly #thread: string;
  readonly #waiting: WaitingTrial[] = [];
  readonly #idle: Worker[] = [];
  readonly #busy = new Map<Worker, WaitingTrial>();
  #isClosed = false;

  /**
   * @param jobs greatest number of threads
   * @param thread the program of a thread; another one may measure it
   */
  constructor(jobs: number, thread = join(import.meta.dirname, 'trial-thread.ts')) {
    this.#jobs = jobs;
    this.#thread = thread;
  }

  /** Rejects with TrialFailed, and with SearchStopped after `close`. */
  run(trial: Trial): Promise<TrialResult> {
    if (this.#isClosed) return Promise.reject(new SearchStopped());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ trial, resolve, reject });
      this.#assign();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const threads = [...this.#idle.splice(0), ...this.#busy.keys()];
    for (const { reject } of [...this.#waiting.splice(0), ...this.#busy.values()]) reject(new SearchStopped());
    this.#busy.clear();
    await Promise.all(threads.map((thread) => thread.terminate()));
  }

  #assign(): void {
    while (this.#waiting.length > 0) {
      const thread = this.#idle.pop() ?? (this.#busy.size < this.#jobs ? this.#start() : undefined);
      if (thread === undefined) return;
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#busy.set(thread, next);
      thread.postMessage(next.trial);
    }
  }

  #start(): Worker {
    const thread = new Worker(this.#thread);
    thread.on('message', (answer: ThreadAnswer) => {
      const asked = this.#busy.get(thread);
      this.#busy.delete(thread);
      if (!this.#isClosed) this.#idle.push(thread);
      if (answer.kind === 'RESULT') asked?.resolve(answer.result);
      else asked?.reject(new (answer.isHopeless ? TrialFailed : TrialThrew)(answer.message));
      this.#assign();
    });
    thread.on('error', (error) => this.#lose(thread, error));
    return thread;
  }

  /** A thread that dies has no memory left, or a bug. Its trial would kill the next one, too. */
  #lose(thread: Worker, error: unknown): void {
    const asked = this.#busy.get(thread);
    this.#busy.delete(thread);
    const code = (error as NodeJS.ErrnoException).code;
    const advice = code === 'ERR_WORKER_OUT_OF_MEMORY' ? ' Run fewer threads at once: --jobs N.' : '';
    asked?.reject(
      new TrialFailed(
        `A thread of the search ended: ${error instanceof Error ? (error.stack ?? error.message) : error}.${advice}`,
      ),
    );
    this.#assign();
  }
}
