import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Trial, type TrialFile, TrialResult } from '../trial.ts';
import { SearchStopped, type TrialRunner } from '../trial-runner.ts';
import { noWorkerText, workersText } from './coordinator-lines.ts';
import type { NeededFile, ProcessPlace, SearchNeeds } from './queue-options.ts';
import { type QueueView, TrialQueue } from './trial-queue.ts';

/** An unchanged notice appears again after this time, ms. */
const REPEAT_MS = 60_000;

/** Carries trials out on the workers of a queue. */
export class QueueRunner implements TrialRunner {
  readonly #place: ProcessPlace;
  readonly #needs: SearchNeeds;
  readonly #say: (notice: string) => void;
  readonly #queue: TrialQueue;
  readonly #ended = Promise.withResolvers<never>();
  #closed: Promise<void> | undefined;
  #servedMs = performance.now();
  #said = { text: '', ms: 0 };

  /** @param say prints a notice for the operator */
  constructor(place: ProcessPlace, needs: SearchNeeds, say: (notice: string) => void) {
    this.#place = place;
    this.#needs = needs;
    this.#say = say;
    this.#queue = new TrialQueue(place, needs, (view) => this.#onView(view));
    // Trials that nobody asks for any more must not count as unhandled.
    this.#ended.promise.catch(() => {});
  }

  async start(): Promise<void> {
    await this.#queue.start();
  }

  async run(trial: Trial): Promise<TrialResult> {
    const answer = await Promise.race([this.#queue.run(withoutPaths(trial)), this.#ended.promise]);
    const parsed = TrialResult.safeParse(answer.kind === 'DONE' ? answer.result : undefined);
    if (parsed.success) return parsed.data;
    const reason = answer.kind === 'FAILED' ? answer.reason : 'The worker sent a result of another form.';
    this.#say(`A trial failed: ${reason} Its settings: ${JSON.stringify(trial.settings)}`);
    return { kind: 'FAILED', id: trial.id, reason };
  }

  /** The search is complete: nothing of it stays in Redis. */
  async finish(): Promise<void> {
    this.#closed ??= this.#queue.finish();
    await this.#closed;
  }

  /** Leaves the queue for a later start of the same search, unless it is finished. */
  async close(): Promise<void> {
    this.#ended.reject(new SearchStopped());
    this.#closed ??= this.#queue.leave();
    await this.#closed;
  }

  /** Says who works whenever that changes, and after a while without a worker, why. */
  #onView(view: QueueView): void {
    const nowMs = performance.now();
    const why = noWorkerText(view, this.#needs);
    if (why === undefined) {
      this.#servedMs = nowMs;
      this.#sayOnce(workersText(view), Number.POSITIVE_INFINITY);
    } else if (nowMs - this.#servedMs >= this.#place.times.noWorkerMs) this.#sayOnce(why, REPEAT_MS);
  }

  #sayOnce(text: string, repeatMs: number): void {
    const nowMs = performance.now();
    if (text === this.#said.text && nowMs - this.#said.ms < repeatMs) return;
    this.#said = { text, ms: nowMs };
    this.#say(text);
  }
}

/** Folders of this machine mean nothing elsewhere. */
function withoutPaths(trial: Trial): Trial {
  const files = trial.data.files.map((file) => ({ ...file, path: basename(file.path) }));
  return { ...trial, data: { ...trial.data, files } };
}

/** What a worker needs for trials with this code and these files. Rejects if a file is gone. */
export async function needsOf(code: string, files: readonly TrialFile[]): Promise<SearchNeeds> {
  return { code, files: await Promise.all(files.map(neededFile)) };
}

async function neededFile({ path, sha256 }: TrialFile): Promise<NeededFile> {
  return { name: basename(path), bytes: (await stat(path)).size, sha256 };
}
