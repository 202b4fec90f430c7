import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { correlation, priceAt, readPrices } from '../bench/sentiment/prices.ts';
import { sentimentSeries } from '../bench/sentiment/replay-posts.ts';
import { sentimentPicture } from '../bench/sentiment/sentiment-picture.ts';

const HOUR = 3_600_000;
const T = 1_650_000_000_000;

async function* posts(count: number, title: (at: number) => string) {
  for (let at = 0; at < count; at += 1) {
    const id = `t3_${at}`;
    const of = { id, thread: id, createdTs: T + at * 60_000, subreddit: 'CryptoCurrency', author: undefined };
    yield { ...of, title: title(at), body: '', upvotes: 1, comments: 0 };
  }
}

describe('the series of sentiments', () => {
  it('has a point for every step, each from the posts before it', async () => {
    const turning = (at: number) => (at < 180 ? `Bitcoin is bullish ${at}` : `Bitcoin is a dead scam ${at} ${at * 3}`);
    const points = await sentimentSeries(posts(600, turning), ['BTC'], HOUR, 0.18);
    expect(points).toHaveLength(10);
    expect(points.map(({ ts }) => ts % HOUR)).toEqual(Array(10).fill(0));
    const scores = points.map(({ coins }) => coins.get('BTC')?.score ?? Number.NaN);
    expect(scores[1]).toBeGreaterThan(0.3);
    expect(scores.at(-1)).toBeLessThan(-0.3);
  });
});

describe('prices', () => {
  const folder = mkdtempSync(join(tmpdir(), 'helios-prices-'));
  it('are read by the names of their columns, and are undefined once they are old', () => {
    const file = join(folder, 'x.csv.gz');
    writeFileSync(
      file,
      gzipSync('index,unix,low,high,open,close\n0,1650000000,1,2,1,1.5\n1,1650000300,1,2,1,1.7\n2,x,,,,\n'),
    );
    const prices = readPrices(file);
    expect([-1, 0, 299_999, 300_000, HOUR, 2 * HOUR].map((ms) => priceAt(prices, T + ms))).toEqual([
      undefined,
      1.5,
      1.5,
      1.7,
      1.7,
      undefined,
    ]);
    writeFileSync(join(folder, 'y.csv'), 'a,b\n1,2\n');
    expect(() => readPrices(join(folder, 'y.csv'))).toThrow('no columns unix and close');
    rmSync(folder, { recursive: true });
  });

  it('correlate by Pearson’s formula', () => {
    const pairs = [
      [1, 2],
      [2, 4],
      [3, 6],
    ] as const;
    expect(correlation(pairs)).toBeCloseTo(1, 12);
    expect(correlation(pairs.map(([x, y]) => [x, -y] as const))).toBeCloseTo(-1, 12);
    expect(correlation([[1, 2]])).toBeNaN();
  });
});

it('the picture is complete: a filled score, a line of prices, escaped words', () => {
  const points = [0, 1, 2].map((hour) => ({ ts: T + hour * HOUR, score: hour / 2 - 0.5, price: 100 + hour }));
  const picture = sentimentPicture('a < b & c', [{ title: 'BTC', points }]);
  expect(picture).toMatch(/^<svg .*<\/svg>\n$/s);
  expect(picture).toContain('a &lt; b &amp; c');
  expect(picture).not.toMatch(/NaN|Infinity|undefined/);
  expect(picture.match(/<path/g)).toHaveLength(2);
  expect(
    sentimentPicture('x', [{ title: 'no prices', points: points.map((point) => ({ ...point, price: undefined })) }]),
  ).not.toMatch(/NaN|Infinity/);
});
