import type { ReasonCode, Side } from '@helios/shared/domain/signal.ts';
import { type MeasuredEdge, ReasonEdge } from './reason-edge.ts';
import { signOf } from './side-sign.ts';

/** A mid this share of the horizon after its end measures another move. */
const LATE_SHARE = 0.2;

/** The measured edges of all reasons; one for the whole fleet. */
export class EdgeEstimates {
  readonly #byReason = new Map<ReasonCode, ReasonEdge>();

  /** Undefined before thirty moves. */
  of(reason: ReasonCode): MeasuredEdge | undefined {
    return this.#byReason.get(reason)?.measured;
  }

  /** Number of moves that count, restored ones included. */
  countOf(reason: ReasonCode): number {
    return this.#byReason.get(reason)?.count ?? 0;
  }

  /** When the reason was last found to earn less than before, epoch ms; older moves no longer count. */
  lostTsOf(reason: ReasonCode): number | undefined {
    return this.#byReason.get(reason)?.lostTs;
  }

  /** Grows with each move that is learnt. */
  revisionOf(reason: ReasonCode): number {
    return this.#byReason.get(reason)?.revision ?? 0;
  }

  /**
   * The moves to keep for the next start, oldest first, basis points. The last one has its value so far: what a restart
   * measures begins after its end.
   */
  movesOf(reason: ReasonCode): Iterable<number> {
    return this.#byReason.get(reason)?.moves() ?? [];
  }

  /**
   * Takes the moves that an earlier start measured, oldest first, and when it last noticed a loss; does nothing once a move was
   * measured since. Times: epoch ms.
   */
  restore(reason: ReasonCode, movesBp: readonly number[], lostTs: number | undefined, nowMs: number): void {
    this.#edgeOf(reason).restore(movesBp, lostTs, nowMs);
  }

  learn(reason: ReasonCode, moveBp: number, startTs: number, horizonMs: number): void {
    this.#edgeOf(reason).learn(moveBp, startTs, horizonMs);
  }

  #edgeOf(reason: ReasonCode): ReasonEdge {
    let known = this.#byReason.get(reason);
    if (known === undefined) {
      known = new ReasonEdge();
      this.#byReason.set(reason, known);
    }
    return known;
  }
}

interface OpenMove {
  readonly reason: ReasonCode;
  readonly ts: number;
  readonly mid: number;
  readonly sign: 1 | -1;
  readonly horizonMs: number;
}

/** The moves of one symbol that are being measured: at most one per reason. */
export class OpenMoves {
  readonly #estimates: EdgeEstimates;
  #open: OpenMove[] = [];

  constructor(estimates: EdgeEstimates) {
    this.#estimates = estimates;
  }

  /** True if the horizon of a move that is being measured ends at `ts` or before; epoch ms. */
  endsBy(ts: number): boolean {
    return this.#open.length > 0 && this.#open.some((move) => move.ts + move.horizonMs <= ts);
  }

  /** Learns from moves whose horizon is over; call on every book. Times: epoch ms. */
  settle(nowMs: number, mid: number): void {
    if (this.#open.length === 0) return;
    let areOver = false;
    for (const move of this.#open) {
      const lateMs = nowMs - move.ts - move.horizonMs;
      if (lateMs < 0) continue;
      areOver = true;
      if (lateMs > LATE_SHARE * move.horizonMs) continue;
      const moveBp = (move.sign * 10_000 * (mid - move.mid)) / move.mid;
      this.#estimates.learn(move.reason, moveBp, move.ts, move.horizonMs);
    }
    if (areOver) this.#open = this.#open.filter(({ ts, horizonMs }) => nowMs - ts < horizonMs);
  }

  /** Records a confirmed trigger with its reason, unless one of the same reason is still measured. */
  observe(nowMs: number, mid: number, side: Side, reason: ReasonCode, horizonMs: number): void {
    if (this.#open.some((move) => move.reason === reason)) return;
    this.#open.push({ reason, ts: nowMs, mid, sign: signOf(side), horizonMs });
  }

  /** Drops the open moves after a break or a clock that was set back: their age is unknown. The estimates stay. */
  drop(): void {
    this.#open = [];
  }
}
