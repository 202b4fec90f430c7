import type { ScoredItem } from '@helios/shared/domain/scored-item.ts';
import type { Attributor, Relevance } from '../attribution/attribute.ts';
import { cleanText, MAX_TEXT } from '../clean-text.ts';
import type { SentimentScorer } from '../sentiment-scorer.ts';
import type { Damping } from './damping.ts';
import { refusalOf, type TextRefusal } from './judge-text.ts';

/** A post or a comment from its source. */
export interface RawItem {
  /** `t3_…` for posts, `t1_…` for comments. */
  readonly id: string;
  /** The post of a comment; for a post its own id. */
  readonly thread: string;
  /** Epoch ms. */
  readonly createdTs: number;
  readonly subreddit: string;
  /** Empty for a comment. */
  readonly title: string;
  readonly body: string;
  /** `undefined` if deleted or unknown. */
  readonly author: string | undefined;
  readonly upvotes: number;
  readonly comments: number;
}

export type IntakeResult =
  | { readonly kind: 'SCORED'; readonly item: ScoredItem }
  | { readonly kind: 'REFUSED'; readonly reason: TextRefusal };

/** The parts that turn raw items into scored ones. */
export interface IntakeParts {
  readonly score: SentimentScorer;
  readonly damping: Damping;
  /** Maximum number of threads whose coins are kept for their comments. */
  readonly capacity: number;
}

/** Cleans, judges, scores, attributes and damps items. Call it once per item. */
export class Intake {
  readonly #parts: IntakeParts;
  readonly #threads = new Map<string, Relevance>();

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  take(raw: RawItem, attributor: Attributor): IntakeResult {
    const title = cleanText(raw.title);
    const body = cleanText(raw.body);
    const text = title === '' || body === '' ? title + body : `${title}. ${body}`;
    const written = `${raw.title}\n${raw.body.slice(0, MAX_TEXT)}`;
    const reason = refusalOf(written.slice(0, MAX_TEXT), text);
    if (reason) return { kind: 'REFUSED', reason };
    const parent = this.#threads.get(raw.thread);
    const subject = { title, text: body, subreddit: raw.subreddit };
    const relevance = attributor.attribute(parent === undefined ? subject : { ...subject, parent });
    if (raw.title !== '') this.#remember(raw.thread, relevance);
    const damping = this.#parts.damping.dampen({ text, author: raw.author, thread: raw.thread, ts: raw.createdTs });
    const { compound } = this.#parts.score(text);
    return {
      kind: 'SCORED',
      item: {
        item_id: raw.id,
        thread: raw.thread,
        created_ts: Math.round(raw.createdTs),
        compound: rounded(compound),
        relevance: Object.fromEntries(Object.entries(relevance).map(([base, share]) => [base, rounded(share)])),
        upvotes: raw.upvotes,
        comments: raw.comments,
        damping: rounded(damping),
      },
    };
  }

  /** Restores an item from before a restart: its thread's coins, and the count of the thread. */
  restore({ item_id, thread, relevance, created_ts }: ScoredItem): void {
    if (item_id === thread) this.#remember(thread, relevance);
    this.#parts.damping.restore(thread, created_ts);
  }

  #remember(thread: string, relevance: Relevance): void {
    this.#threads.set(thread, relevance);
    if (this.#threads.size <= this.#parts.capacity) return;
    const [oldest] = this.#threads.keys();
    if (oldest !== undefined) this.#threads.delete(oldest);
  }
}

function rounded(value: number): number {
  return Math.round(value * 1e4) / 1e4 + 0;
}
