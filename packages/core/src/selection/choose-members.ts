import type { WatchReason } from '@helios/shared/domain/asset-selection.ts';

/** A symbol that is or could be on the list. */
export interface Contender {
  readonly symbol: string;
  /** 0..1 */
  readonly score: number;
  /** False: this scan had no figures of it, the score is its last one. */
  readonly judged: boolean;
}

/** A symbol that is on the list from now on. */
export interface Chosen {
  readonly symbol: string;
  readonly sinceTs: number;
  readonly reason: WatchReason;
}

export interface ChoiceRules {
  readonly size: number;
  /** What a challenger's score must be above a member's to take its place. */
  readonly margin: number;
  readonly minAgeMs: number;
  readonly nowMs: number;
  /** Symbols with an open position or order. */
  readonly held: ReadonlySet<string>;
  /** Since when each member is on the list, epoch ms; who is not in here is a challenger. */
  readonly since: ReadonlyMap<string, number>;
}

/** Above any score a margin could make. */
const PROTECTED = 10;

/**
 * Who is on the list. Held symbols are, all of them; the places left go to the highest scores, where a member counts
 * `margin` more than it has and one that has not been on for `minAgeMs` counts more than any challenger. Equals: members
 * first, then by symbol. Never more than `size`, but for held symbols.
 */
export function chooseMembers(contenders: readonly Contender[], rules: ChoiceRules): readonly Chosen[] {
  const { held, size, since, nowMs } = rules;
  const byScore = contenders.toSorted((a, b) => b.score - a.score || inOrder(a, b, since));
  const top = new Set(byScore.slice(0, size).map(({ symbol }) => symbol));
  const others = contenders
    .filter(({ symbol }) => !held.has(symbol))
    .map((contender) => ({ contender, standing: standingOf(contender, rules) }))
    .toSorted((a, b) => b.standing - a.standing || inOrder(a.contender, b.contender, since))
    .slice(0, Math.max(0, size - held.size))
    .map(({ contender }) => ({ symbol: contender.symbol, reason: reasonOf(contender, top, rules) }));
  const kept = [...held].map((symbol) => ({ symbol, reason: top.has(symbol) ? ('TOP' as const) : ('HELD' as const) }));
  return [...kept, ...others].map((one) => ({ ...one, sinceTs: since.get(one.symbol) ?? nowMs }));
}

function standingOf({ symbol, score }: Contender, rules: ChoiceRules): number {
  if (!rules.since.has(symbol)) return score;
  return score + (isYoung(symbol, rules) ? PROTECTED : rules.margin);
}

function isYoung(symbol: string, { since, minAgeMs, nowMs }: ChoiceRules): boolean {
  return nowMs - (since.get(symbol) ?? nowMs) < minAgeMs;
}

function inOrder(a: Contender, b: Contender, since: ReadonlyMap<string, number>): number {
  return Number(since.has(b.symbol)) - Number(since.has(a.symbol)) || (a.symbol < b.symbol ? -1 : 1);
}

function reasonOf({ symbol, judged }: Contender, top: ReadonlySet<string>, rules: ChoiceRules): WatchReason {
  if (!judged) return 'UNJUDGED';
  if (top.has(symbol)) return 'TOP';
  return isYoung(symbol, rules) ? 'YOUNG' : 'MARGIN';
}
