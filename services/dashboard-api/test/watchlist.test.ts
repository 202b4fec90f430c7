import { Maps, Rankings } from '@helios/shared/contracts/catalog.ts';
import type { AssetScore } from '@helios/shared/domain/asset-selection.ts';
import { T0 } from '@helios/shared/testing/builders.ts';
import { expect, test } from 'vitest';
import { startDashboard } from './start-dashboard.ts';

const asset = (symbol: string, more: Partial<AssetScore> = {}): AssetScore => ({
  run: 'test-run',
  symbol,
  on_list: true,
  reason: 'TOP',
  score: 0.9,
  since_ts: T0,
  explanation: `${symbol}: among the best 10.`,
  updated_ts: T0,
  ...more,
});

test('/api/watchlist returns the watched symbols with score and reason, and the next candidates, of this run only', async () => {
  const page = await startDashboard();
  await page.login();
  expect(await page.read('/api/watchlist')).toEqual({ run: 'test-run', symbols: [], next: [] });
  await page.fake.bus('public-price-ingestor').write((batch) => {
    batch.setRanking(Rankings.watchlist, { BTCUSDT: 0.9, ETHUSDT: 0.95, XRPUSDT: -3 });
    batch.setMap(Maps.assetScores, {
      BTCUSDT: asset('BTCUSDT'),
      ETHUSDT: asset('ETHUSDT', { score: 0.95, reason: 'MARGIN' }),
      SOLUSDT: asset('SOLUSDT', { on_list: false, reason: 'OUTSCORED', score: 0.7, since_ts: undefined }),
      ADAUSDT: asset('ADAUSDT', { on_list: false, reason: 'OUTSCORED', score: 0.8, since_ts: undefined }),
      DOTUSDT: asset('DOTUSDT', { run: 'another run' }),
    });
  });
  const { symbols, next } = await page.read<{ symbols: Partial<AssetScore>[]; next: Partial<AssetScore>[] }>(
    '/api/watchlist',
  );
  expect(symbols).toMatchObject([
    { symbol: 'ETHUSDT', reason: 'MARGIN' },
    { symbol: 'BTCUSDT' },
    { symbol: 'XRPUSDT' },
  ]);
  expect(symbols[1]).toEqual({
    symbol: 'BTCUSDT',
    reason: 'TOP',
    score: 0.9,
    since_ts: T0,
    explanation: 'BTCUSDT: among the best 10.',
    updated_ts: T0,
  });
  expect(symbols[2]).toEqual({ symbol: 'XRPUSDT' });
  expect(next.map(({ symbol }) => symbol)).toEqual(['ADAUSDT', 'SOLUSDT']);
});
