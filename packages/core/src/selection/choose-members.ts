import type { WatchReason } from '@helios/shared/domain/asset-selection.ts';

/** A symbol that is on the list or could join it. */
export interface Contender {
  readonly symbol: string;
  /** 0..1 */
  readonly score: number;
  /** False: this scan had no figures for it, so the score is its last one. */
  readonly judged: boolean;
}

/** A chosen symbol of the new list. */
export interface Chosen {
  readonly symbol: string;
  readonly sinceTs: number;
  readonly reason: WatchReason;
}

export interface ChoiceRules {
  readonly size: number;
  /** A challenger replaces a member only if its score is higher by this. */
  readonly margin: number;
  readonly minAgeMs: number;
  readonly nowMs: number;
  /** Symbols with an open position or order. */
  readonly held: ReadonlySet<string>;
  /** Start of each membership, epoch ms; a symbol that is missing here is a challenger. */
  readonly since: ReadonlyMap<string, number>;
}

/** Bonus that exceeds any score plus margin. */
const PROTECTED = 10;

/**
 * Chooses the members of the list. All held symbols stay. The highest scores get the remaining places: a member gets a bonus of
 * `margin`, and a member younger than `minAgeMs` ranks above every challenger. Ties: members first, then by symbol. The list
 * exceeds `size` only through held symbols.
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
