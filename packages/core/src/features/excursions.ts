import type { Side } from '@helios/shared/domain/signal.ts';

/** More candidates than this are not followed at a time: the oldest is dropped, and never reported. */
const MAX_OPEN = 200;
const NONE: readonly Excursion[] = [];

/** How far the price went from a decision until its horizon, basis points of the price at the decision. */
export interface Excursion {
  readonly decisionId: string;
  readonly side: Side;
  /** Greatest move for and against the side: `worstBp` ≤ 0 ≤ `bestBp`. */
  readonly bestBp: number;
  readonly worstBp: number;
  /** The horizon, or the end of the session before it; epoch ms. */
  readonly endTs: number;
  /** True if the session ended before the horizon. */
  readonly isCut: boolean;
}

interface Open {
  readonly decisionId: string;
  readonly side: Side;
  readonly price: number;
  /** Begin and horizon, epoch ms. */
  readonly ts: number;
  readonly endTs: number;
  high: number;
  low: number;
}

/** Follows the price after each candidate, whether its order was sent, filled or closed early. */
export class Excursions {
  #open: Open[] = [];

  /** Starts to follow the price. `price`: the mid at the decision. */
  open(candidate: Pick<Open, 'decisionId' | 'side' | 'price' | 'ts' | 'endTs'>): void {
    this.#open.push({ ...candidate, high: candidate.price, low: candidate.price });
    if (this.#open.length > MAX_OPEN) this.#open.shift();
  }

  /** Takes the range of the price between two times, epoch ms; both are equal for a single price. */
  onRange(low: number, high: number, fromTs: number, toTs: number): void {
    for (const each of this.#open) {
      if (fromTs < each.ts || toTs > each.endTs) continue;
      if (high > each.high) each.high = high;
      if (low < each.low) each.low = low;
    }
  }

  /** Ends the candidates whose horizon is over. */
  settle(nowMs: number): readonly Excursion[] {
    if (!this.#open.some(({ endTs }) => nowMs >= endTs)) return NONE;
    const over = this.#open.filter(({ endTs }) => nowMs >= endTs);
    this.#open = this.#open.filter(({ endTs }) => nowMs < endTs);
    return over.map((each) => excursionOf(each, each.endTs));
  }

  /** Ends all candidates. */
  endAll(nowMs: number): readonly Excursion[] {
    const all = this.#open;
    this.#open = [];
    return all.map((each) => excursionOf(each, Math.min(each.endTs, nowMs)));
  }

  /** Handles a clock that went back by `byMs`. */
  setClockBack(byMs: number): void {
    this.#open = this.#open.map((each) => ({ ...each, ts: each.ts - byMs, endTs: each.endTs - byMs }));
  }
}

function excursionOf({ decisionId, side, price, high, low, endTs: horizonTs }: Open, endTs: number): Excursion {
  const up = (10_000 * (high - price)) / price;
  const down = (10_000 * (low - price)) / price;
  const [bestBp, worstBp] = side === 'LONG' ? [up, down] : [0 - down, 0 - up];
  return { decisionId, side, bestBp, worstBp, endTs, isCut: endTs < horizonTs };
}
