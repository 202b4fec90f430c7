import { Attributor } from '@helios/sentiment/attribution/attribute.ts';
import { createCryptoLexicon } from '@helios/sentiment/crypto/crypto-lexicon.ts';
import { readVaderLexicon } from '@helios/sentiment/read-vader-lexicon.ts';
import { createSentimentScorer } from '@helios/sentiment/sentiment-scorer.ts';
import { Damping } from '@helios/sentiment/state/damping.ts';
import { Intake, type RawItem } from '@helios/sentiment/state/intake.ts';
import { refusalOf } from '@helios/sentiment/state/judge-text.ts';
import { SentimentBook } from '@helios/sentiment/state/sentiment-book.ts';
import { UsualTones } from '@helios/sentiment/state/usual-tones.ts';
import type { ScoredItem } from '@helios/shared/domain/scored-item.ts';

/** Maximum number of items, as in the list in Redis. */
const CAPACITY = 10_000;
/** Maximum number of known ids, including those of dropped items. */
const SEEN = 4 * CAPACITY;
const LIFE_HALF_LIVES = 8;
/** Maximum time that an item may lie in the future: our clock may be behind Reddit's. */
const AHEAD_MS = 3_600_000;

export interface IntakeSettings {
  readonly half_life_sec: number;
  readonly min_items: number;
  readonly usual_tone: number | 'auto';
}

/** Takes each item once, and computes the sentiment from all of them. */
export class ItemIntake {
  readonly book: SentimentBook;
  readonly tones: UsualTones;
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
    this.book = new SentimentBook({ halfLifeMs, minItems: min_items, capacity: CAPACITY });
    this.tones = new UsualTones(usual_tone);
    this.#intake = new Intake({
      score: createSentimentScorer(readVaderLexicon(), createCryptoLexicon()),
      damping: new Damping(halfLifeMs, CAPACITY),
      capacity: CAPACITY,
    });
  }

  /** Sets coins that count in addition to the well-known ones. */
  watch(bases: readonly string[]): void {
    if (bases.join() === this.#bases.join()) return;
    this.#bases = bases;
    this.#attributor = new Attributor(bases);
  }

  /** Adds new items and updates the votes of known ones; returns the number of new items. */
  hear(items: readonly RawItem[], nowMs: number): number {
    let fresh = 0;
    for (const item of items) if (this.#hear(item, nowMs)) fresh += 1;
    return fresh;
  }

  /** Restores items from before a restart, oldest first. */
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

  /** Number of items since the start by outcome: SCORED, or the reason of the drop. */
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

  /** Updates the votes of a known item, and drops it if it was deleted since. */
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
