import type { Unwatched, Watched } from '@helios/core/selection/select-watchlist.ts';
import type { AssetScore } from '@helios/shared/domain/asset-selection.ts';
import type { RestoredMember, WatchlistChange } from './watchlist-keeper.ts';

/** What a watchlist looks like in Redis. */
export interface WatchlistDocuments {
  /** `watchlist_changes`. */
  readonly symbols: string[];
  /** `watchlist`. */
  readonly scores: Record<string, number>;
  /** `asset_scores`: the list, and as many that are next in line. */
  readonly assets: Record<string, AssetScore>;
}

/** Turns a change into what is written: state `assets` and `scores`, then the news `symbols`. */
export function watchlistDocuments(
  { list, rejected }: Pick<WatchlistChange, 'list' | 'rejected'>,
  run: string,
  nowMs: number,
): WatchlistDocuments {
  const next = rejected.filter(({ code }) => code === 'OUTSCORED').slice(0, list.length);
  const assets = [...list.map((one) => onList(one, run, nowMs)), ...next.map((one) => nextInLine(one, run, nowMs))];
  return {
    symbols: list.map(({ symbol }) => symbol),
    scores: rankingOf(list),
    assets: Object.fromEntries(assets.map((asset) => [asset.symbol, asset])),
  };
}

/** The members an earlier start of this run wrote; symbols that were named or preset are chosen anew. */
export function restoredMembers(assets: Readonly<Record<string, AssetScore>>, run: string): RestoredMember[] {
  return Object.values(assets).flatMap(({ symbol, score, since_ts, reason, on_list, run: itsRun }) =>
    on_list && itsRun === run && since_ts !== undefined && reason !== 'START' && reason !== 'FIXED'
      ? { symbol, score, sinceTs: since_ts }
      : [],
  );
}

/** Scores; what has none comes after those that have, in the order of the list. */
function rankingOf(list: readonly Watched[]): Record<string, number> {
  return Object.fromEntries(list.map(({ symbol, score }, place) => [symbol, score ?? -(place + 1)]));
}

function onList(
  { symbol, reason, score, parts, sinceTs, explanation }: Watched,
  run: string,
  nowMs: number,
): AssetScore {
  return { run, symbol, on_list: true, reason, score, parts, since_ts: sinceTs, explanation, updated_ts: nowMs };
}

function nextInLine({ symbol, code, score, parts, explanation }: Unwatched, run: string, nowMs: number): AssetScore {
  return { run, symbol, on_list: false, reason: code, score, parts, explanation, updated_ts: nowMs };
}
