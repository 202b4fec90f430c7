import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { RawItem } from '@helios/sentiment/state/intake.ts';
import { readPosts } from '../services/reddit-ingestor/src/posts-file.ts';
import type { Row } from './report.ts';
import { drawSentiments } from './sentiment/draw.ts';
import { createSentimentReplay } from './sentiment/replay-posts.ts';

const DATA = resolve(process.env['HELIOS_DATA_DIR'] ?? '../shared/data', 'reddit');
const PICTURE = resolve(import.meta.dirname, '../.helios/sentiment.svg');
const MADE_ITEMS = 30_000;
const EXPIRE_EVERY = 1_000;
const MB = 1_048_576;

/**
 * Items per second through cleaning, judging, scoring, attribution and damping, and the memory that they use. Draws the
 * sentiment of the recorded posts.
 */
export async function benchSentiment(): Promise<Row[]> {
  const recorded = existsSync(DATA);
  const items = recorded ? await recordedItems() : madeItems();
  const name = recorded ? `${items.length} recorded posts and comments` : `${items.length} made posts`;
  play(items.slice(0, 2_000));
  const { seconds, chars, heapMb } = play(items);
  const rows: Row[] = [
    { what: `sentiment items per second and core (${name})`, value: items.length / seconds, unit: '/s' },
    { what: 'sentiment text per second and core', value: chars / seconds / 1e6, unit: 'MB/s' },
    { what: 'memory held after a quarter of the posts', value: heapMb.quarter, unit: 'MB' },
    { what: 'memory held after all of them', value: heapMb.end, unit: 'MB', aim: 'flat' },
  ];
  if (recorded) {
    mkdirSync(resolve(PICTURE, '..'), { recursive: true });
    for (const line of await drawSentiments(DATA, PICTURE)) console.error(`  ${line}`);
    console.error(`  drawn: ${PICTURE}`);
  }
  return rows;
}

/** What is reachable beyond the items themselves, which are held in memory for the measurement only. */
function play(items: readonly RawItem[]) {
  const { book, take } = createSentimentReplay();
  const before = heldMb();
  let quarter = 0;
  let chars = 0;
  let measuringMs = 0;
  const began = performance.now();
  for (const [at, item] of items.entries()) {
    take(item);
    chars += item.title.length + item.body.length;
    if (at % EXPIRE_EVERY === 0) book.expire(item.createdTs);
    if (at !== Math.floor(items.length / 4)) continue;
    const paused = performance.now();
    quarter = heldMb() - before;
    measuringMs = performance.now() - paused;
  }
  const seconds = (performance.now() - began - measuringMs) / 1_000;
  return { seconds, chars, heapMb: { quarter, end: heldMb() - before } };
}

function heldMb(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed / MB;
}

async function recordedItems(): Promise<RawItem[]> {
  const items: RawItem[] = [];
  for await (const item of readPosts(join(DATA, 'posts_2022.jsonl.gz'), () => {})) items.push(item);
  return items;
}

/** Texts of words that occur, for those who have no recorded posts. */
function madeItems(): RawItem[] {
  const words =
    'bitcoin eth I think it will not moon but the price is a very good scam $SOL dump, when they sell! 🚀 to keep hodl of'.split(
      ' ',
    );
  return Array.from({ length: MADE_ITEMS }, (_, at) => {
    const body = Array.from({ length: 40 }, (_, word) => words[(at * 31 + word * (1 + (at % 17))) % words.length]).join(
      ' ',
    );
    const createdTs = 1_650_000_000_000 + at * 80_000;
    const id = `t3_${at}`;
    return {
      id,
      thread: id,
      createdTs,
      subreddit: 'CryptoCurrency',
      title: '',
      body,
      author: undefined,
      upvotes: 1,
      comments: 0,
    };
  });
}
