import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

const DATA = resolve(import.meta.dirname, '../../..', process.env['HELIOS_DATA_DIR'] ?? '../shared/data');
const LABELLED = resolve(DATA, 'sentiment/crypto_reddit_labelled.csv');
const POSTS = resolve(DATA, 'reddit/posts_2022.jsonl.gz');

/** If these are false, tests that need the recorded texts are skipped. */
export const hasLabelled = existsSync(LABELLED);
export const hasPosts = existsSync(POSTS);

export interface LabelledText {
  readonly text: string;
  readonly label: 'Positive' | 'Negative';
  /** The half of the row, by the first bit of the text's SHA-256; the authors of the lexicon saw the tuning half only. */
  readonly half: 'tuning' | 'held out';
}

/** The comments with human labels. */
export function readLabelled(): LabelledText[] {
  const rows = readFileSync(LABELLED, 'utf8').matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*)),(Positive|Negative)\r?\n?/g);
  return [...rows].map(([, quoted, plain, label]) => {
    const text = quoted?.replaceAll('""', '"') ?? plain ?? '';
    const first = createHash('sha256').update(text).digest()[0] ?? 0;
    return { text, label: label as LabelledText['label'], half: first < 128 ? 'tuning' : 'held out' };
  });
}

/** Titles, texts and comments of the recorded posts. */
export function readPostTexts(): string[] {
  const lines = gunzipSync(readFileSync(POSTS)).toString('utf8').trim().split('\n');
  return lines.flatMap((line) => {
    const post = JSON.parse(line) as { title: string; selftext: string; comments: { body: string }[] };
    return [post.title, post.selftext, ...post.comments.map(({ body }) => body)].filter((text) => text !== '');
  });
}
