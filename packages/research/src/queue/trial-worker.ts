import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { openQueueClient, type QueueClient } from '@helios/shared/runtime/redis/queue-client.ts';
import { type Job, WaitingError, Worker } from 'bullmq';
import type { NeededFile, ProcessPlace } from './queue-options.ts';
import { ResultStore } from './result-store.ts';
import { type CoordinatorBeat, SearchBoard } from './search-board.ts';
import { MAX_DEAD_WORKERS, QUEUE_PREFIX, removeForgottenSearches, removeSearch } from './search-queue.ts';
import type { Stored } from './trial-answer.ts';

/** Time to tell Redis about the trials that are given back, ms. */
const GIVE_BACK_MS = 3_000;

/** Thrown by a trial that this worker cannot carry out now, although another one may. */
export class NotHere extends Error {}

/** What a worker can do. */
export interface WorkerSkill {
  /** Hash of its code. */
  readonly code: string;
  /** Trials at once. */
  readonly jobs: number;
  /** Those of the files that this machine does not have. */
  missingOf(files: readonly NeededFile[]): Promise<readonly NeededFile[]>;
  /** Carries out the trial of a job. Rejects with NotHere to give it back, and with any other error if the trial failed. */
  run(trial: unknown, files: readonly NeededFile[], signal: AbortSignal): Promise<unknown>;
}

/** A living search that a worker cannot serve: it lacks files, or if it lacks none, the code. */
export interface RefusedSearch {
  readonly search: CoordinatorBeat;
  readonly missing: readonly NeededFile[];
}

/** What a worker does at the moment, for its operator. */
export interface WorkerView {
  readonly running: number;
  readonly done: number;
  readonly failed: number;
  readonly search: CoordinatorBeat | undefined;
  readonly refused: readonly RefusedSearch[];
  readonly silentMs: number;
  readonly trouble: string | undefined;
}

interface Served {
  readonly beat: CoordinatorBeat;
  readonly worker: Worker;
}

/**
 * Carries out the trials of one search at a time: the oldest living one whose code and data it has. A queue belongs to one code
 * and data, so a worker with others never sees its jobs.
 */
export class TrialWorker {
  readonly #place: ProcessPlace;
  readonly #skill: WorkerSkill;
  readonly #onView: (view: WorkerView) => void;
  readonly #redis: QueueClient;
  readonly #board: SearchBoard;
  readonly #giveBack = new AbortController();
  #served: Served | undefined;
  #refused: WorkerView['refused'] = [];
  #timer: NodeJS.Timeout | undefined;
  #announcing: Promise<void> | undefined;
  #looking: Promise<void> | undefined;
  #counts = { running: 0, done: 0, failed: 0 };
  /** When the running trials began, ms of the monotonic clock. */
  readonly #begun = new Set<{ readonly ms: number }>();
  #answeredMs = performance.now();
  #trouble: string | undefined;
  #isEnding = false;
  #closing: Promise<void> | undefined;

  constructor(place: ProcessPlace, skill: WorkerSkill, onView: (view: WorkerView) => void) {
    this.#place = place;
    this.#skill = skill;
    this.#onView = onView;
    this.#redis = openQueueClient(place.address, 'worker', (error) => this.#note(error));
    this.#board = new SearchBoard(this.#redis, place.times.goneMs);
  }

  /** Serves searches until `end`. */
  async start(): Promise<void> {
    await removeForgottenSearches(this.#redis, this.#board);
    this.#beat();
    this.#timer = setInterval(() => this.#beat(), this.#place.times.beatMs);
  }

  /** Takes no more trials, finishes the running ones and ends. */
  async end(): Promise<void> {
    this.#isEnding = true;
    if (this.#redis.status === 'ready') await this.#looking;
    await Promise.race([this.#served?.worker.close(), this.#givenBack()]);
    clearInterval(this.#timer);
    if (this.#redis.status === 'ready') await this.#announcing;
    if (this.#redis.status === 'ready') await this.#board.removeWorker(this.#place.id);
    this.#redis.disconnect();
  }

  /** Gives the running trials back to the queue, so that `end` need not wait for them. */
  giveBack(): void {
    this.#giveBack.abort();
  }

  /** Resolves a while after `giveBack`: a Redis that is away must not keep the process. */
  async #givenBack(): Promise<void> {
    const { signal } = this.#giveBack;
    if (!signal.aborted) await once(signal, 'abort');
    await pause(GIVE_BACK_MS);
  }

  #beat(): void {
    // To look for files takes time, and the beats must go on meanwhile.
    this.#announcing ??= this.#announce()
      .catch((error: unknown) => this.#note(error))
      .finally(() => {
        this.#announcing = undefined;
      });
    this.#looking ??= this.#lookAround()
      .catch((error: unknown) => this.#note(error))
      .finally(() => {
        this.#looking = undefined;
      });
    const silentMs = performance.now() - this.#answeredMs;
    const search = this.#served?.beat;
    this.#onView({ ...this.#counts, search, refused: this.#refused, silentMs, trouble: this.#trouble });
  }

  async #lookAround(): Promise<void> {
    const living = (await this.#board.coordinators()).filter(({ isLive }) => isLive);
    const able: CoordinatorBeat[] = [];
    const refused: RefusedSearch[] = [];
    for (const search of living) {
      const hasCode = search.code === this.#skill.code;
      const missing = hasCode ? await this.#skill.missingOf(search.files) : [];
      if (hasCode && missing.length === 0) able.push(search);
      else refused.push({ search, missing });
    }
    this.#refused = refused;
    this.#serve(able[0]);
  }

  /** Changes to another search once the trials of the one before have ended. */
  #serve(beat: CoordinatorBeat | undefined): void {
    if (this.#isEnding || this.#closing !== undefined || beat?.search === this.#served?.beat.search) return;
    if (this.#served === undefined) {
      this.#served = beat && { beat, worker: this.#open(beat) };
      return;
    }
    this.#closing = this.#leave(this.#served).finally(() => {
      this.#closing = undefined;
      this.#served = undefined;
    });
  }

  /** Of a search that is over, a worker that came late may have written some keys again. */
  async #leave({ beat: { search }, worker }: Served): Promise<void> {
    await worker.close();
    try {
      const announced = await this.#board.coordinators();
      if (announced.every((other) => other.search !== search)) await removeSearch(this.#redis, this.#board, search);
    } catch (error) {
      this.#note(error);
    }
  }

  #open({ search, files }: CoordinatorBeat): Worker {
    const { lockMs } = this.#place.times;
    const store = new ResultStore(this.#redis, search);
    const worker = new Worker(search, (job, token) => this.#process(job, token ?? '', files, store), {
      connection: this.#redis,
      prefix: QUEUE_PREFIX,
      name: this.#place.id,
      concurrency: this.#skill.jobs,
      lockDuration: lockMs,
      stalledInterval: lockMs,
      maxStalledCount: MAX_DEAD_WORKERS,
    });
    worker.on('error', (error) => this.#note(error));
    return worker;
  }

  async #process(job: Job, token: string, files: readonly NeededFile[], store: ResultStore): Promise<Stored> {
    const id = job.id ?? '';
    const begun = { ms: performance.now() };
    this.#begun.add(begun);
    this.#counts.running += 1;
    try {
      await store.put(id, await this.#skill.run(job.data, files, this.#giveBack.signal));
      this.#counts.done += 1;
      return { stored: id };
    } catch (error) {
      if (this.#giveBack.signal.aborted || error instanceof NotHere) {
        await job.moveToWait(token);
        // Another worker should take it, not this one at once.
        if (!this.#giveBack.signal.aborted) await pause(this.#place.times.beatMs);
        throw new WaitingError();
      }
      this.#counts.failed += 1;
      throw error;
    } finally {
      this.#begun.delete(begun);
      this.#counts.running -= 1;
    }
  }

  async #announce(): Promise<void> {
    const { id, host, pid } = this.#place;
    const { code, jobs } = this.#skill;
    const { running, done } = this.#counts;
    const missing = this.#refused.flatMap((refused) => refused.missing.map(({ name }) => name));
    const search = this.#served?.beat.search;
    const [oldest] = this.#begun;
    const oldest_ms = oldest === undefined ? 0 : performance.now() - oldest.ms;
    const doing = { running, oldest_ms, done, missing: [...new Set(missing)], ...(search !== undefined && { search }) };
    await this.#board.announceWorker({ id, host, pid, code, jobs, ...doing });
    this.#answeredMs = performance.now();
    this.#trouble = undefined;
  }

  #note(error: unknown): void {
    this.#trouble = error instanceof Error ? error.message : String(error);
  }
}
