import { Maps, Rankings } from '@helios/shared/contracts/catalog.ts';
import type { AssetScore } from '@helios/shared/domain/asset-selection.ts';
import { type WatchedRow, WatchlistReply } from '@helios/shared/domain/http-replies.ts';
import { type Api, type App, ERROR_ANSWERS } from '../api.ts';

export async function readWatchlistReply({ bus, mode: { run } }: Api): Promise<WatchlistReply> {
  const [ranking, assets] = await Promise.all([bus.getRanking(Rankings.watchlist), bus.getMap(Maps.assetScores)]);
  const own = new Map(Object.values(assets).flatMap((asset) => (asset.run === run ? [[asset.symbol, asset]] : [])));
  const symbols = ranking.map(({ member }) => rowOf(member, own.get(member)));
  const next = [...own.values()]
    .filter(({ symbol, on_list }) => !on_list && !ranking.some(({ member }) => member === symbol))
    .toSorted((a, b) => (b.score ?? 0) - (a.score ?? 0) || a.symbol.localeCompare(b.symbol));
  return { run, symbols, next: next.map((asset) => rowOf(asset.symbol, asset)) };
}

function rowOf(symbol: string, asset: AssetScore | undefined): WatchedRow {
  if (asset === undefined) return { symbol };
  const { run: _run, on_list: _onList, ...row } = asset;
  return row;
}

export function watchlistRoute(app: App, api: Api): void {
  app.get(
    '/api/watchlist',
    {
      schema: {
        summary: 'Watched symbols with score, its parts, reason and age, and the next candidates',
        response: { 200: WatchlistReply, ...ERROR_ANSWERS },
      },
    },
    () => readWatchlistReply(api),
  );
}
