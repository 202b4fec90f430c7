import { TRIAL_KEYS } from '@helios/shared/contracts/trial-keys.ts';
import type { QueueClient } from '@helios/shared/runtime/redis/queue-client.ts';
import { z } from 'zod';

/** Everything of a search that nobody continues goes after this time. */
export const KEPT_MS = 7 * 86_400_000;

/** A worker without a beat for this long is forgotten. */
const WORKER_KEPT_MS = 600_000;

const Beat = {
  id: z.string(),
  host: z.string(),
  pid: z.number(),
  code: z.string(),
  /** Time of the beat, and for how long it proves that the process lives. */
  seen_ms: z.number(),
  valid_ms: z.number(),
};

const CoordinatorBeat = z.object({
  ...Beat,
  search: z.string(),
  files: z.array(z.object({ name: z.string(), bytes: z.number(), sha256: z.string() })),
  started_ms: z.number(),
  /** Set by an orderly end before the search was complete. */
  has_left: z.boolean(),
});
/** A process that searches, as it announces itself. */
export type CoordinatorBeat = z.infer<typeof CoordinatorBeat>;

const WorkerBeat = z.object({
  ...Beat,
  jobs: z.number(),
  /** Trials that run now. */
  running: z.number(),
  /** How long the oldest of them has run, ms; 0 without one. */
  oldest_ms: z.number(),
  /** Trials done since the start of the worker. */
  done: z.number(),
  search: z.string().optional(),
  /** Names of the files that the searches with its code need and it does not find. */
  missing: z.array(z.string()),
});
/** A process that carries out trials, as it announces itself. */
export type WorkerBeat = z.infer<typeof WorkerBeat>;

type Unseen<T> = Omit<T, 'seen_ms' | 'valid_ms'>;

/** Who searches and who works, with the clock of Redis: those of the machines may differ. */
export class SearchBoard {
  readonly #redis: QueueClient;
  readonly #validMs: number;

  /** @param validMs for how long a beat of this process proves that it lives */
  constructor(redis: QueueClient, validMs: number) {
    this.#redis = redis;
    this.#validMs = validMs;
  }

  /** Time of Redis, epoch ms. */
  async now(): Promise<number> {
    const [seconds, micros] = await this.#redis.time();
    return Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000);
  }

  async announceCoordinator(beat: Unseen<CoordinatorBeat>): Promise<void> {
    await this.#announce(TRIAL_KEYS.coordinators.name, beat);
  }

  async announceWorker(beat: Unseen<WorkerBeat>): Promise<void> {
    await this.#announce(TRIAL_KEYS.workers.name, beat);
  }

  async removeWorker(id: string): Promise<void> {
    await this.#redis.hdel(TRIAL_KEYS.workers.name, id);
  }

  async removeCoordinators(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.#redis.hdel(TRIAL_KEYS.coordinators.name, ...ids);
  }

  /** Every announced search, the oldest first, with and without a living process. */
  async coordinators(): Promise<readonly (CoordinatorBeat & { readonly isLive: boolean })[]> {
    const [nowMs, texts] = await Promise.all([this.now(), this.#redis.hgetall(TRIAL_KEYS.coordinators.name)]);
    return Object.values(texts)
      .flatMap((text) => readBeat(CoordinatorBeat, text))
      .map((beat) => ({ ...beat, isLive: !beat.has_left && nowMs - beat.seen_ms < beat.valid_ms }))
      .toSorted((a, b) => a.started_ms - b.started_ms || (a.id < b.id ? -1 : 1));
  }

  /** The living workers, by machine and process number. Forgets those that died long ago. */
  async workers(): Promise<readonly WorkerBeat[]> {
    const [nowMs, texts] = await Promise.all([this.now(), this.#redis.hgetall(TRIAL_KEYS.workers.name)]);
    const beats = Object.values(texts).flatMap((text) => readBeat(WorkerBeat, text));
    const dead = beats.filter(({ seen_ms }) => nowMs - seen_ms > WORKER_KEPT_MS).map(({ id }) => id);
    if (dead.length > 0) await this.#redis.hdel(TRIAL_KEYS.workers.name, ...dead);
    return beats
      .filter(({ seen_ms, valid_ms }) => nowMs - seen_ms < valid_ms)
      .toSorted((a, b) => a.host.localeCompare(b.host) || a.pid - b.pid);
  }

  async #announce(key: string, beat: { readonly id: string }): Promise<void> {
    await this.#redis.hset(
      key,
      beat.id,
      JSON.stringify({ ...beat, seen_ms: await this.now(), valid_ms: this.#validMs }),
    );
  }
}

/** One beat; empty for a document of another version or program. */
function readBeat<T>(schema: z.ZodType<T>, text: string): T[] {
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? [parsed.data] : [];
  } catch {
    return [];
  }
}
