import type { Decision } from '@helios/shared/domain/decision.ts';

/** A change of a capped list, newest first: a new entry in front, or a new value at `index`. */
export type ListChange =
  | { readonly kind: 'PUSH'; readonly decision: Decision }
  | { readonly kind: 'SET'; readonly index: number; readonly decision: Decision };

/** A copy of the list of newest decisions in Redis. It knows the index of an entry that must be replaced. */
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

  /** Adds a new decision in front. */
  add(decision: Decision): ListChange {
    this.#newestFirst.unshift(decision);
    if (this.#newestFirst.length > this.#cap) this.#newestFirst.pop();
    return { kind: 'PUSH', decision };
  }

  /** Replaces the decision with the same id; undefined if the list no longer has it. */
  replace(decision: Decision): ListChange | undefined {
    const index = this.#newestFirst.findIndex(({ decision_id }) => decision_id === decision.decision_id);
    if (index === -1) return undefined;
    this.#newestFirst[index] = decision;
    return { kind: 'SET', index, decision };
  }
}
