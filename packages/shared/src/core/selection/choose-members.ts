import type { WatchReason } from '../../domain/asset-selection.ts';

/** A symbol that is or could be on the list. */
export interface Contender {
  readonly symbol: string;
  /** 0..1 */
  readonly score: number;
  /** On the list since, epoch ms; undefined: a challenger. */
  readonly sinceTs: number | undefined;
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
}

/** Above any score a margin could make. */
const PROTECTED = 10;

/**
 * Who is on the list. Held symbols are, all of them; the places left go to the highest scores, where a member counts
 * `margin` more than it has and one that has not been on for `minAgeMs` counts more than any challenger. Equals: members
 * first, then by symbol. Never more than `size`, but for held symbols.
 */
export function chooseMembers(contenders: readonly Contender[], rules: ChoiceRules): readonly Chosen[] {
  const { held, size, nowMs } = rules;
  const others = contenders.filter(({ symbol }) => !held.has(symbol));
  const places = Math.max(0, size - held.size);
  const stay = others
    .map((contender) => ({ contender, standing: standingOf(contender, rules) }))
    .toSorted((a, b) => b.standing - a.standing || inOrder(a.contender, b.contender))
    .slice(0, places)
    .map(({ contender }) => contender);
  const top = new Set(
    contenders
      .toSorted((a, b) => b.score - a.score || inOrder(a, b))
      .slice(0, size)
      .map(({ symbol }) => symbol),
  );
  const bySymbol = new Map(contenders.map((contender) => [contender.symbol, contender]));
  return [
    ...[...held].map((symbol) => ({
      symbol,
      sinceTs: bySymbol.get(symbol)?.sinceTs ?? nowMs,
      reason: top.has(symbol) ? ('TOP' as const) : ('HELD' as const),
    })),
    ...stay.map((contender) => ({
      symbol: contender.symbol,
      sinceTs: contender.sinceTs ?? nowMs,
      reason: reasonOf(contender, top, rules),
    })),
  ];
}

function standingOf({ score, sinceTs }: Contender, { margin, minAgeMs, nowMs }: ChoiceRules): number {
  if (sinceTs === undefined) return score;
  return nowMs - sinceTs < minAgeMs ? score + PROTECTED : score + margin;
}

function inOrder(a: Contender, b: Contender): number {
  const members = Number(b.sinceTs !== undefined) - Number(a.sinceTs !== undefined);
  return members || (a.symbol < b.symbol ? -1 : 1);
}

function reasonOf(contender: Contender, top: ReadonlySet<string>, { minAgeMs, nowMs }: ChoiceRules): WatchReason {
  if (!contender.judged) return 'UNJUDGED';
  if (top.has(contender.symbol)) return 'TOP';
  return nowMs - (contender.sinceTs ?? nowMs) < minAgeMs ? 'YOUNG' : 'MARGIN';
}
