import { once } from 'node:events';
import { join } from 'node:path';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { parseLines } from './feed.ts';

/**
 * Inflates recordings and parses their lines in a thread of its own: the garbage of millions of parsed objects would slow down
 * whatever is measured after them in the same heap.
 */
export class ParseThread {
  readonly #thread = new Worker(join(import.meta.dirname, 'parse-thread.ts'));

  /** Resolves to the number of lines. */
  async parse(files: readonly string[]): Promise<number> {
    this.#thread.postMessage(files);
    const [lines] = await once(this.#thread, 'message');
    return lines;
  }

  async close(): Promise<void> {
    await this.#thread.terminate();
  }
}

if (!isMainThread) parentPort?.on('message', (files: readonly string[]) => parentPort?.postMessage(parseLines(files)));
