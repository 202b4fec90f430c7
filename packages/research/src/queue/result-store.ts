import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { TRIAL_KEYS } from '@helios/shared/contracts/trial-keys.ts';
import type { QueueClient } from '@helios/shared/runtime/redis/queue-client.ts';
import { KEPT_MS } from './search-board.ts';

const [zip, unzip] = [promisify(gzip), promisify(gunzip)];

/**
 * Results on their way from a worker to the coordinator. They are not in the jobs, because BullMQ copies what a job returns into
 * its events, and a result can have megabytes. A trial has one result: storing it twice stores the same bytes.
 */
export class ResultStore {
  readonly #redis: QueueClient;
  readonly #search: string;

  constructor(redis: QueueClient, search: string) {
    this.#redis = redis;
    this.#search = search;
  }

  async put(id: string, result: unknown): Promise<void> {
    await this.#redis.set(this.#keyOf(id), await zip(JSON.stringify(result), { level: 1 }), 'PX', KEPT_MS);
  }

  /** The result of a trial; undefined if it is missing or damaged. */
  async get(id: string): Promise<unknown> {
    const packed = await this.#redis.getBuffer(this.#keyOf(id));
    if (packed === null) return undefined;
    try {
      return JSON.parse((await unzip(packed)).toString());
    } catch {
      // As good as missing: the trial runs again.
      return undefined;
    }
  }

  async remove(id: string): Promise<void> {
    await this.#redis.unlink(this.#keyOf(id));
  }

  #keyOf(id: string): string {
    return TRIAL_KEYS.results.name.replace('{search}', this.#search).replace('{trial}', id);
  }
}
