import type { MarketRegime, Side } from '@helios/shared/domain/signal.ts';
import { signOf } from './side-sign.ts';

/** Horizon of a trigger's move: measurements show that the imbalance predicts nothing beyond it. */
const HORIZON_MS = 60_000;
/** Minimum distance of two triggers; closer ones measure the same move. */
const SPACING_MS = 5_000;
/** Minimum number of moves for an estimate. */
const WARM_MOVES = 20;
/** Weight of the newest move once warm: the memory spans about forty moves. */
const WEIGHT = 0.05;

interface OpenMove {
  readonly ts: number;
  readonly mid: number;
  readonly sign: 1 | -1;
  readonly regime: MarketRegime;
}

interface Mean {
  count: number;
  value: number;
}

/**
 * Value of past triggers on one symbol: an exponentially weighted mean, per regime, of the move of the mid in the direction of
 * the trigger over a minute, in basis points, before costs.
 */
export class EdgeEstimate {
  #open: OpenMove[] = [];
  readonly #means = new Map<MarketRegime, Mean>();

  /** True if no move is being measured. */
  get isSettled(): boolean {
    return this.#open.length === 0;
  }

  /** Learns from moves whose minute is over; call on every book. */
  settle(nowMs: number, mid: number): void {
    for (let oldest = this.#open[0]; oldest && nowMs - oldest.ts >= HORIZON_MS; oldest = this.#open[0]) {
      this.#open.shift();
      // A mid long after the minute measures something else.
      if (nowMs - oldest.ts <= HORIZON_MS + SPACING_MS) this.#learn(oldest, mid);
    }
  }

  /** Records a confirmed trigger. */
  observe(nowMs: number, mid: number, side: Side, regime: MarketRegime): void {
    const newest = this.#open.at(-1);
    if (newest && nowMs - newest.ts < SPACING_MS) return;
    this.#open.push({ ts: nowMs, mid, sign: signOf(side), regime });
  }

  /** Drops the open moves after the clock was set back: their age is unknown. The estimates stay. */
  dropOpen(): void {
    this.#open = [];
  }

  /** Expected move in basis points, negative if triggers were wrong; `undefined` while cold. */
  expectedBp(regime: MarketRegime): number | undefined {
    const mean = this.#means.get(regime);
    return mean && mean.count >= WARM_MOVES ? mean.value : undefined;
  }

  #learn(move: OpenMove, mid: number): void {
    const moveBp = (move.sign * 10_000 * (mid - move.mid)) / move.mid;
    const mean = this.#means.get(move.regime) ?? { count: 0, value: 0 };
    mean.count += 1;
    mean.value += (moveBp - mean.value) * Math.max(WEIGHT, 1 / mean.count);
    this.#means.set(move.regime, mean);
  }
}
