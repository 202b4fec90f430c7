import { BroadcastChannel } from 'node:worker_threads';
import { MEMORY_CHANNEL, type ThreadMemory } from './trial-memory.ts';

/** Memory of a search after some trials, bytes. */
export interface MeasuredMemory {
  readonly tried: number;
  /** The greatest of the threads, after a garbage collection. */
  readonly threads: number;
  /** Of the whole process, with its garbage. */
  readonly rss: number;
}

/** Asks the threads of a search for their memory after some of its trials. */
export class SearchMemory {
  readonly #threads: number;
  readonly #after: number[];
  readonly #figures: Promise<MeasuredMemory>[] = [];

  /** @param after numbers of trials after which the memory is measured */
  constructor(threads: number, after: readonly number[]) {
    this.#threads = threads;
    this.#after = [...after];
  }

  onTrial(tried: number): void {
    const [next] = this.#after;
    if (next === undefined || tried < next) return;
    this.#after.shift();
    this.measure(tried);
  }

  /** A thread answers after the trial that it plays. */
  measure(tried: number): void {
    const { rss } = process.memoryUsage();
    this.#figures.push(this.#ask().then((threads) => ({ tried, threads, rss })));
  }

  async figures(): Promise<readonly MeasuredMemory[]> {
    return await Promise.all(this.#figures);
  }

  #ask(): Promise<number> {
    const channel = new BroadcastChannel(MEMORY_CHANNEL);
    const heaps = new Map<number, number>();
    return new Promise((resolve) => {
      channel.onmessage = ({ data }: { readonly data: ThreadMemory | 'MEASURE' }) => {
        if (data === 'MEASURE') return;
        heaps.set(data.thread, data.heap);
        if (heaps.size < this.#threads) return;
        channel.close();
        resolve(Math.max(...heaps.values()));
      };
      channel.postMessage('MEASURE');
    });
  }
}
