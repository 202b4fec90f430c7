import type { Unwatched, Watched } from '@helios/core/selection/select-watchlist.ts';
import type { AssetScore } from '@helios/shared/domain/asset-selection.ts';
import type { RestoredMember, WatchlistChange } from './watchlist-keeper.ts';

/** A watchlist as stored in Redis. */
export interface WatchlistDocuments {
  /** `watchlist_changes`. */
  readonly symbols: string[];
  /** `watchlist`. */
  readonly scores: Record<string, number>;
  /** `asset_scores`: the list, and the same number of runners-up. */
  readonly assets: Record<string, AssetScore>;
}

/** Converts a change to what is written: state `assets` and `scores`, then the news `symbols`. */
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

/** Members that an earlier start of this run wrote; named or default symbols are chosen again. */
export function restoredMembers(assets: Readonly<Record<string, AssetScore>>, run: string): RestoredMember[] {
  return Object.values(assets).flatMap(({ symbol, score, since_ts, reason, on_list, run: itsRun }) =>
    on_list && itsRun === run && since_ts !== undefined && reason !== 'START' && reason !== 'FIXED'
      ? { symbol, score, sinceTs: since_ts }
      : [],
  );
}

/** Scores; symbols without a score rank after the others, in the order of the list. */
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
