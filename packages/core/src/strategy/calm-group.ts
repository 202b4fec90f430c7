import type { Side } from '@helios/shared/domain/signal.ts';
import { type Calm, hasSameInputs, isCalm, type Present, type PresentOfSides } from './calm.ts';

/**
 * The limits of many positions in one: while it is calm, each of them is. Nearly every book leaves all shadows as they are, so one
 * comparison per side replaces one per shadow.
 */
export class CalmGroup {
  readonly #limits: { [side in Side]?: Calm } = {};

  /** Adds a position of `side`; false if its limits have other inputs than those of the group. */
  add(side: Side, calm: Calm): boolean {
    const known = this.#limits[side];
    if (known !== undefined && !hasSameInputs(known, calm)) return false;
    this.#limits[side] = known === undefined ? calm : narrowed(known, calm);
    return true;
  }

  /** True while judging changes no position of the group. `reversal` is the direction of a confirmed trigger. */
  isCalm(reversal: Side | undefined, present: (side: Side) => Present): boolean {
    const { LONG, SHORT } = this.#limits;
    if (LONG !== undefined && (reversal === 'SHORT' || !isCalm(LONG, 'LONG', present('LONG')))) return false;
    return SHORT === undefined || (reversal !== 'LONG' && isCalm(SHORT, 'SHORT', present('SHORT')));
  }

  /** The same without a confirmed trigger. */
  isCalmNow(present: PresentOfSides): boolean {
    const { LONG, SHORT } = this.#limits;
    if (LONG !== undefined && !isCalm(LONG, 'LONG', present.of('LONG'))) return false;
    return SHORT === undefined || isCalm(SHORT, 'SHORT', present.of('SHORT'));
  }
}

function narrowed(a: Calm, b: Calm): Calm {
  return {
    above: Math.max(a.above, b.above),
    best: Math.min(a.best, b.best),
    below: Math.min(a.below, b.below),
    atr: a.atr,
    hourRange: a.hourRange,
    tightening: a.tightening,
    sinceMs: Math.max(a.sinceMs, b.sinceMs),
    untilMs: Math.min(a.untilMs, b.untilMs),
  };
}
