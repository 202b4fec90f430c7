import type { NeededFile } from './queue-options.ts';
import type { CoordinatorBeat } from './search-board.ts';
import type { RefusedSearch, WorkerView } from './trial-worker.ts';

/** Redis counts as away after this time without an answer, ms. */
const AWAY_MS = 5_000;

/** Enough of a hash to tell two apart. */
export const shortHash = (hash: string) => hash.slice(0, 10);

export const placeText = ({ host, pid }: { readonly host: string; readonly pid: number }) => `${host} (process ${pid})`;

export const fileText = ({ name, bytes, sha256 }: NeededFile) =>
  `${name} (${bytes.toLocaleString('en')} bytes, sha256 ${shortHash(sha256)}…)`;

/** What a worker does, in a few sentences; equal texts need not be printed twice. */
export function workerLines(view: WorkerView, code: string): string[] {
  if (view.silentMs > AWAY_MS) return [awayText(view)];
  const work = view.search === undefined ? 'No search that this worker can serve: waiting.' : servingText(view.search);
  return [work, ...view.refused.map((refused) => refusedText(refused, code))];
}

/** An outage of Redis, for a worker or a coordinator. */
export function awayText({ trouble }: { readonly trouble: string | undefined }): string {
  return `Redis does not answer${trouble === undefined ? '' : ` (${trouble})`}. Everything waits and goes on when it is back.`;
}

export const isAway = ({ silentMs }: { readonly silentMs: number }) => silentMs > AWAY_MS;

function servingText(search: CoordinatorBeat): string {
  return `Serving the search of ${placeText(search)}.`;
}

function refusedText({ search, missing }: RefusedSearch, code: string): string {
  const whose = `The search of ${placeText(search)}`;
  if (missing.length === 0)
    return `${whose} has other code (${shortHash(search.code)}…) than this worker (${shortHash(code)}…). Bring both to the same commit without local changes, then start the worker again.`;
  return `${whose} needs ${missing.map(fileText).join(', ')}. No folder of --data has it. Copy it there: the worker looks again.`;
}
