import { Attributor } from '@helios/sentiment/attribution/attribute.ts';
import { createCryptoLexicon } from '@helios/sentiment/crypto/crypto-lexicon.ts';
import { readVaderLexicon } from '@helios/sentiment/read-vader-lexicon.ts';
import { createSentimentScorer } from '@helios/sentiment/sentiment-scorer.ts';
import { Damping } from '@helios/sentiment/state/damping.ts';
import { Intake, type RawItem } from '@helios/sentiment/state/intake.ts';
import { refusalOf } from '@helios/sentiment/state/judge-text.ts';
import { SentimentBook } from '@helios/sentiment/state/sentiment-book.ts';
import type { ScoredItem } from '@helios/shared/domain/scored-item.ts';

/** As many items as the list in Redis holds. */
const CAPACITY = 10_000;
/** Ids remembered, also of items that counted for nothing. */
const SEEN = 4 * CAPACITY;
const LIFE_HALF_LIVES = 8;
/** Ours may be behind Reddit's clock: up to here an item of the future is one of now. */
const AHEAD_MS = 3_600_000;

export interface IntakeSettings {
  readonly half_life_sec: number;
  readonly min_items: number;
  readonly usual_tone: number;
}

/** Takes items in, each once, and knows the mood that follows from them. */
export class ItemIntake {
  readonly book: SentimentBook;
  readonly #intake: Intake;
  readonly #lifeMs: number;
  readonly #seen = new Set<string>();
  readonly #counts = new Map<string, number>();
  #pending: ScoredItem[] = [];
  #bases: readonly string[] = [];
  #attributor = new Attributor([]);

  constructor({ half_life_sec, min_items, usual_tone }: IntakeSettings) {
    const halfLifeMs = half_life_sec * 1_000;
    this.#lifeMs = LIFE_HALF_LIVES * halfLifeMs;
    this.book = new SentimentBook({ halfLifeMs, minItems: min_items, usualTone: usual_tone, capacity: CAPACITY });
    this.#intake = new Intake({
      score: createSentimentScorer(readVaderLexicon(), createCryptoLexicon()),
      damping: new Damping(halfLifeMs, CAPACITY),
      capacity: CAPACITY,
    });
  }

  /** Coins that count besides those everybody knows. */
  watch(bases: readonly string[]): void {
    if (bases.join() === this.#bases.join()) return;
    this.#bases = bases;
    this.#attributor = new Attributor(bases);
  }

  /** Takes in what is new and renews the votes of what is known; returns how many were new. */
  hear(items: readonly RawItem[], nowMs: number): number {
    let fresh = 0;
    for (const item of items) if (this.#hear(item, nowMs)) fresh += 1;
    return fresh;
  }

  /** Items of before a restart, oldest first. */
  restore(items: readonly ScoredItem[]): void {
    for (const item of items) {
      this.#remember(item.item_id);
      this.#intake.restore(item);
      this.book.add(item);
    }
  }

  knows(id: string): boolean {
    return this.#seen.has(id);
  }

  /** Scored but not yet stored, oldest first; they stay until `stored` is called. */
  get pending(): readonly ScoredItem[] {
    return this.#pending;
  }

  stored(count: number): void {
    this.#pending = this.#pending.slice(count);
  }

  count(what: string, by = 1): void {
    if (by > 0) this.#counts.set(what, (this.#counts.get(what) ?? 0) + by);
  }

  /** Items since the start by what became of them: SCORED, or why they were dropped. */
  counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  #hear(raw: RawItem, nowMs: number): boolean {
    if (this.#seen.has(raw.id)) {
      this.#hearAgain(raw);
      return false;
    }
    this.#remember(raw.id);
    const dropped =
      raw.createdTs > nowMs + AHEAD_MS ? 'FUTURE' : raw.createdTs < nowMs - this.#lifeMs ? 'TOO_OLD' : undefined;
    const createdTs = Math.min(raw.createdTs, nowMs);
    const taken = dropped ? undefined : this.#intake.take({ ...raw, createdTs }, this.#attributor);
    if (taken?.kind !== 'SCORED') {
      this.count(dropped ?? taken?.reason ?? 'REFUSED');
      return true;
    }
    this.book.add(taken.item);
    this.#pending.push(taken.item);
    if (this.#pending.length > CAPACITY) this.#pending.shift();
    this.count('SCORED');
    return true;
  }

  /** Votes go on being given; what was taken away since does not count any more. */
  #hearAgain(raw: RawItem): void {
    if (!this.book.has(raw.id)) return;
    if (refusalOf(raw.title || raw.body, 'any text') === 'DELETED') {
      this.book.remove(raw.id);
      this.count('TAKEN_BACK');
    } else this.book.updateVotes(raw.id, raw.upvotes, raw.comments);
  }

  #remember(id: string): void {
    this.#seen.add(id);
    if (this.#seen.size <= SEEN) return;
    const [oldest] = this.#seen;
    if (oldest !== undefined) this.#seen.delete(oldest);
  }
}
