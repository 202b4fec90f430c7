import type { Decision } from '@helios/shared/domain/decision.ts';

/** A change of a capped list, newest first: a new entry in front, or the one at `index` replaced. */
export type ListChange =
  | { readonly kind: 'PUSH'; readonly decision: Decision }
  | { readonly kind: 'SET'; readonly index: number; readonly decision: Decision };

/** The newest decisions as the list in Redis holds them, so that an entry can be replaced where it stands. */
export class RecentDecisions {
  readonly #cap: number;
  #newestFirst: Decision[];

  constructor(cap: number, newestFirst: readonly Decision[]) {
    this.#cap = cap;
    this.#newestFirst = newestFirst.slice(0, cap);
  }

  all(): readonly Decision[] {
    return this.#newestFirst;
  }

  /** Takes a new decision in front. */
  add(decision: Decision): ListChange {
    this.#newestFirst.unshift(decision);
    if (this.#newestFirst.length > this.#cap) this.#newestFirst.pop();
    return { kind: 'PUSH', decision };
  }

  /** Replaces an earlier decision of the same id; undefined where it has left the list. */
  replace(decision: Decision): ListChange | undefined {
    const index = this.#newestFirst.findIndex(({ decision_id }) => decision_id === decision.decision_id);
    if (index === -1) return undefined;
    this.#newestFirst[index] = decision;
    return { kind: 'SET', index, decision };
  }
}
