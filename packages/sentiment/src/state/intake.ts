import type { ScoredItem } from '@helios/shared/domain/scored-item.ts';
import type { Attributor, Relevance } from '../attribution/attribute.ts';
import { cleanText, MAX_TEXT } from '../clean-text.ts';
import type { SentimentScorer } from '../sentiment-scorer.ts';
import type { Damping } from './damping.ts';
import { refusalOf, type TextRefusal } from './judge-text.ts';

/** A post or a comment as its source gives it. */
export interface RawItem {
  /** `t3_…` for posts, `t1_…` for comments. */
  readonly id: string;
  /** The post it belongs to; of a post its own id. */
  readonly thread: string;
  /** Epoch ms. */
  readonly createdTs: number;
  readonly subreddit: string;
  /** Empty for a comment. */
  readonly title: string;
  readonly body: string;
  /** `undefined` where it is deleted or not told. */
  readonly author: string | undefined;
  readonly upvotes: number;
  readonly comments: number;
}

export type IntakeResult =
  | { readonly kind: 'SCORED'; readonly item: ScoredItem }
  | { readonly kind: 'REFUSED'; readonly reason: TextRefusal };

/** What makes scored items of raw ones. */
export interface IntakeParts {
  readonly score: SentimentScorer;
  readonly damping: Damping;
  /** Threads whose coins are remembered for their comments. */
  readonly capacity: number;
}

/** Takes items in: cleaned, judged, scored, attributed, damped. Call it once for each. */
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

  /** An item that was taken in before a restart: its thread's coins and its place in the thread are known again. */
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
