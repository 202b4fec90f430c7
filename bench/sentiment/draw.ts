import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPosts } from '../../services/reddit-ingestor/src/posts-file.ts';
import { correlation, type PriceSeries, priceAt, readPrices } from './prices.ts';
import { type SentimentPoint, sentimentSeries } from './replay-posts.ts';
import { type Panel, sentimentPicture } from './sentiment-picture.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const COINS = ['BTC', 'ETH', 'DOGE'];

/** Draws the sentiment of recorded posts, hour by hour, against the coins' prices. Returns the figures as lines. */
export async function drawSentiments(folder: string, out: string): Promise<string[]> {
  const posts = join(folder, 'posts_2022.jsonl.gz');
  const points = await sentimentSeries(
    readPosts(posts, () => {}),
    COINS,
    HOUR_MS,
  );
  const prices = new Map(
    COINS.map((coin) => [coin, join(folder, `${coin}-USD-5m-2022-04-01.csv.gz`)] as const)
      .filter(([, file]) => existsSync(file))
      .map(([coin, file]) => [coin, readPrices(file)] as const),
  );
  const bitcoin = prices.get('BTC');
  const panels = [
    panelOf('Market, against BTC', points, ({ market }) => market.score, bitcoin),
    ...COINS.map((coin) => panelOf(coin, points, ({ coins }) => coins.get(coin)?.score, prices.get(coin))),
  ];
  const heading = 'Sentiment of ten crypto subreddits (blue, left) and price in USD (red, right), hour by hour';
  writeFileSync(out, sentimentPicture(heading, panels));
  return panels.map(({ title }) => title);
}

function panelOf(
  name: string,
  points: readonly SentimentPoint[],
  scoreOf: (point: SentimentPoint) => number | undefined,
  prices: PriceSeries | undefined,
): Panel {
  const at = (ts: number): number | undefined => (prices ? priceAt(prices, ts) : undefined);
  const move = (from: number, to: number): number | undefined => {
    const [before, after] = [at(from), at(to)];
    return before === undefined || after === undefined ? undefined : Math.log(after / before);
  };
  const pairs = (fromMs: number, toMs: number) =>
    points.flatMap((point) => {
      const [score, moved] = [scoreOf(point), move(point.ts + fromMs, point.ts + toMs)];
      return score === undefined || moved === undefined ? [] : [[score, moved] as const];
    });
  const [past, future] = [correlation(pairs(-DAY_MS, 0)), correlation(pairs(0, DAY_MS))];
  const figures = `correlation with the day’s move before ${past.toFixed(2)}, after ${future.toFixed(2)}`;
  return {
    title: `${name}: ${figures}`,
    points: points.map((point) => ({ ts: point.ts, score: scoreOf(point), price: at(point.ts) })),
  };
}
