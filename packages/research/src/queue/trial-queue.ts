import { setTimeout as pause } from 'node:timers/promises';
import { openQueueClient, type QueueClient } from '@helios/shared/runtime/redis/queue-client.ts';
import { type Job, Queue, QueueEvents } from 'bullmq';
import type { ProcessPlace, SearchNeeds } from './queue-options.ts';
import { ResultStore } from './result-store.ts';
import { SearchBoard, type WorkerBeat } from './search-board.ts';
import {
  MAX_ATTEMPTS,
  QUEUE_PREFIX,
  removeForgottenSearches,
  removeKilledSearches,
  removeSearch,
  searchNameOf,
  TRIAL_JOB,
} from './search-queue.ts';
import { jobEndOf, type TrialAnswer } from './trial-answer.ts';

/** What a coordinator sees of its queue at each beat. */
export interface QueueView {
  readonly search: string;
  readonly workers: readonly WorkerBeat[];
  /** Trials without an answer. */
  readonly pending: number;
  /** Time since Redis last answered, ms. */
  readonly silentMs: number;
  /** Why Redis refused the last command, if it did. */
  readonly trouble: string | undefined;
}

interface PendingTrial {
  readonly trial: { readonly id: string };
  readonly answer: Promise<TrialAnswer>;
  readonly settle: (answer: TrialAnswer) => void;
}

/** Pending jobs that one beat looks at. */
const LOOKS_PER_BEAT = 200;

/** An end waits no longer for a Redis that is away, ms. */
const CLOSE_MS = 2_000;

/** Trials in the queue at once. A search of many thousands must not fill Redis. */
const MAX_QUEUED = 1_000;

/**
 * The coordinator’s end of a queue: puts trials in, and gives each answer exactly once. The job of a trial has its id, so a second
 * coordinator or a second start finds the job or its result instead of making another. What the events of the queue miss, a
 * regular look at the pending jobs finds; a job that Redis lost is put in again.
 */
export class TrialQueue {
  readonly search: string;
  readonly #place: ProcessPlace;
  readonly #needs: SearchNeeds;
  readonly #onView: (view: QueueView) => void;
  readonly #redis: QueueClient;
  readonly #queue: Queue;
  readonly #events: QueueEvents;
  readonly #board: SearchBoard;
  readonly #store: ResultStore;
  readonly #startedMs = Date.now();
  /** Every trial without an answer. */
  readonly #pending = new Map<string, PendingTrial>();
  /** Ids of those in the queue, and of those that wait for a place in it. */
  readonly #queued = new Set<string>();
  readonly #waiting: string[] = [];
  /** Ids of answered trials that are still in Redis. */
  readonly #answered: string[] = [];
  #workers: readonly WorkerBeat[] = [];
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> | undefined;
  #answeredMs = performance.now();
  #trouble: string | undefined;

  constructor(place: ProcessPlace, needs: SearchNeeds, onView: (view: QueueView) => void) {
    this.search = searchNameOf(needs);
    this.#place = place;
    this.#needs = needs;
    this.#onView = onView;
    const onError = (error: Error) => this.#note(error);
    this.#redis = openQueueClient(place.address, 'coordinator', onError);
    const options = { connection: this.#redis, prefix: QUEUE_PREFIX };
    this.#queue = new Queue(this.search, { ...options, streams: { events: { maxLen: MAX_QUEUED } } });
    this.#events = new QueueEvents(this.search, options);
    this.#board = new SearchBoard(this.#redis, place.times.goneMs);
    this.#store = new ResultStore(this.#redis, this.search);
    this.#queue.on('error', onError);
    this.#events.on('error', onError);
    this.#events.on('completed', ({ jobId }) => void this.#look(jobId));
    this.#events.on('failed', ({ jobId }) => void this.#look(jobId));
  }

  /** Announces the search, and from now on looks after it. */
  async start(): Promise<void> {
    await this.#announce(false);
    await removeForgottenSearches(this.#redis, this.#board);
    await removeKilledSearches(this.#redis, this.#board, { host: this.#place.host, needs: this.#needs });
    this.#beat();
    this.#timer = setInterval(() => this.#beat(), this.#place.times.beatMs);
  }

  /** The answer to a trial. It never rejects for Redis: it waits until Redis is back. */
  run(trial: { readonly id: string }): Promise<TrialAnswer> {
    const known = this.#pending.get(trial.id);
    if (known !== undefined) return known.answer;
    const { promise: answer, resolve: settle } = Promise.withResolvers<TrialAnswer>();
    this.#pending.set(trial.id, { trial, answer, settle });
    this.#waiting.push(trial.id);
    this.#fill();
    return answer;
  }

  /** Ends the search: removes its queue unless another coordinator needs it. Does not wait for a Redis that is away. */
  async finish(): Promise<void> {
    await this.#stop();
    if (this.#redis.status === 'ready') await this.#removeUnneeded();
    await this.#close();
  }

  /** Leaves the queue as it is, so that the same search can go on later. */
  async leave(): Promise<void> {
    await this.#stop();
    if (this.#redis.status === 'ready') await this.#announce(true);
    await this.#close();
  }

  /** True if another coordinator of the same search lives. */
  async #isShared(): Promise<boolean> {
    const beats = await this.#board.coordinators();
    return beats.some(({ isLive, search, id }) => isLive && search === this.search && id !== this.#place.id);
  }

  async #removeUnneeded(): Promise<void> {
    if (await this.#isShared()) await this.#board.removeCoordinators([this.#place.id]);
    else await removeSearch(this.#redis, this.#board, this.search);
  }

  async #removeTrial(id: string): Promise<void> {
    await this.#queue.remove(id);
    await this.#store.remove(id);
  }

  #fill(): void {
    for (const id of this.#waiting.splice(0, MAX_QUEUED - this.#queued.size)) {
      this.#queued.add(id);
      void this.#begin(id);
    }
  }

  async #begin(id: string): Promise<void> {
    try {
      const job = await this.#job(id);
      // An earlier start of the search saw it fail. What was wrong then may be mended.
      const end = job && jobEndOf(job);
      if (end !== undefined && end !== 'STORED') await job?.remove();
    } catch (error) {
      this.#note(error);
    }
    await this.#look(id);
  }

  /** Settles a pending trial whose job has ended, and puts in a job that is missing. */
  async #look(id: string): Promise<void> {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    try {
      const job = await this.#job(id);
      if (job === undefined) {
        await this.#queue.add(TRIAL_JOB, pending.trial, { jobId: id, attempts: MAX_ATTEMPTS });
        return;
      }
      const end = jobEndOf(job);
      if (end === undefined) return;
      const result = end === 'STORED' ? await this.#store.get(id) : undefined;
      // Redis lost the result: the next look puts the trial in again.
      if (end === 'STORED' && result === undefined) await job.remove();
      else this.#settle(pending, end === 'STORED' ? { kind: 'DONE', result } : end);
    } catch (error) {
      this.#note(error);
    }
  }

  #settle({ trial: { id }, settle }: PendingTrial, answer: TrialAnswer): void {
    if (!this.#pending.delete(id)) return;
    this.#queued.delete(id);
    if (answer.kind === 'DONE') this.#answered.push(id);
    settle(answer);
    this.#fill();
  }

  async #job(id: string): Promise<Job | undefined> {
    return (await this.#queue.getJob(id)) ?? undefined;
  }

  #beat(): void {
    this.#round ??= this.#lookAround().finally(() => {
      this.#round = undefined;
    });
    const silentMs = performance.now() - this.#answeredMs;
    const { search } = this;
    this.#onView({ search, workers: this.#workers, pending: this.#pending.size, silentMs, trouble: this.#trouble });
  }

  async #lookAround(): Promise<void> {
    try {
      // Those of the last beat: the asker has stored them meanwhile.
      const answered = this.#answered.splice(0);
      await this.#announce(false);
      this.#workers = await this.#board.workers();
      if (!(await this.#isShared())) await Promise.all(answered.map((id) => this.#removeTrial(id)));
      this.#trouble = undefined;
      const ids = [...this.#queued].slice(0, LOOKS_PER_BEAT);
      await Promise.all(ids.map((id) => this.#look(id)));
      // Those that are left go to the end, so that each has its turn.
      for (const id of ids) if (this.#queued.delete(id)) this.#queued.add(id);
    } catch (error) {
      this.#note(error);
    }
  }

  async #announce(hasLeft: boolean): Promise<void> {
    const { id, host, pid } = this.#place;
    const { code, files } = this.#needs;
    const search = { search: this.search, code, files: [...files], started_ms: this.#startedMs, has_left: hasLeft };
    await this.#board.announceCoordinator({ id, host, pid, ...search });
    this.#answeredMs = performance.now();
  }

  #note(error: unknown): void {
    this.#trouble = error instanceof Error ? error.message : String(error);
  }

  async #stop(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#redis.status === 'ready') await this.#round;
  }

  async #close(): Promise<void> {
    const closed = Promise.allSettled([this.#queue.close(), this.#events.close()]);
    await Promise.race([closed, pause(CLOSE_MS)]);
    this.#redis.disconnect();
  }
}
