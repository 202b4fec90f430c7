import type { NeededFile, SearchNeeds } from './queue-options.ts';
import type { WorkerBeat } from './search-board.ts';
import type { QueueView } from './trial-queue.ts';
import { awayText, fileText, isAway, placeText, shortHash } from './worker-lines.ts';

/** Why nobody carries out the trials, and what to do; undefined if somebody does. */
export function noWorkerText(view: QueueView, { code, files }: SearchNeeds): string | undefined {
  if (isAway(view)) return awayText(view);
  const { search, workers } = view;
  if (workers.some((worker) => worker.search === search)) return undefined;
  if (workers.length === 0)
    return 'No worker is at this Redis. Start one on each machine: npm run worker -- --queue redis://… --data FOLDER';
  const sameCode = workers.filter((worker) => worker.code === code);
  if (sameCode.length === 0) {
    const others = workers.map((worker) => `${placeText(worker)} has ${shortHash(worker.code)}…`).join(', ');
    return `No worker has this code (${shortHash(code)}…): ${others}. Bring all machines to the same commit without local changes.`;
  }
  return `No worker takes this search: ${sameCode.map((worker) => whyNot(worker, files)).join('; ')}.`;
}

function whyNot(worker: WorkerBeat, files: readonly NeededFile[]): string {
  const missing = files.filter(({ name }) => worker.missing.includes(name));
  if (missing.length > 0)
    return `${placeText(worker)} lacks ${missing.map(fileText).join(', ')}; copy it to a folder of its --data`;
  if (worker.search !== undefined) return `${placeText(worker)} serves another search first`;
  return `${placeText(worker)} has just come`;
}

/** A trial that has run for each further one of these is named, ms. */
const LONG_MS = 600_000;

/** The workers of a search with the number of their trials at once, and trials that may hang. */
export function workersText({ search, workers }: QueueView): string {
  const serving = workers.filter((worker) => worker.search === search);
  const each = serving.map((worker) => `${placeText(worker)} ${worker.jobs}`).join(', ');
  const count = serving.length === 1 ? '1 worker' : `${serving.length} workers`;
  return [`${count}, trials at once: ${each}.`, ...serving.filter(isLong).map(longText)].join('\n');
}

const isLong = ({ oldest_ms }: WorkerBeat): boolean => oldest_ms >= LONG_MS;

function longText(worker: WorkerBeat): string {
  const minutes = (Math.floor(worker.oldest_ms / LONG_MS) * LONG_MS) / 60_000;
  return `A trial on ${placeText(worker)} has run for over ${minutes} min. If the others take much less, it hangs: end that worker, and another one takes the trial. After six workers it is FAILED.`;
}
