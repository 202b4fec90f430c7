import type { ReasonCode, Side } from '@helios/shared/domain/signal.ts';
import { signOf } from './side-sign.ts';

/** Number of newest moves that count. */
const MEMORY = 750;
/** Minimum number of moves for an estimate: below it the error of the error is too large. */
export const WARM_MOVES = 30;
/** The estimate is shrunk as if so many further moves of 0 had been seen. */
const PRIOR_MOVES = 20;
/** Standard errors between the mean and its lower bound. */
const ERRORS_BELOW = 2;
/** A mid this share of the horizon after its end measures another move. */
const LATE_SHARE = 0.2;

/** An estimate with its uncertainty, basis points of the price, before costs. */
export interface MeasuredEdge {
  /** Mean, shrunk to 0. */
  readonly meanBp: number;
  /** Standard error of the mean. */
  readonly errorBp: number;
  /** Mean minus two standard errors. */
  readonly lowerBp: number;
  readonly moves: number;
}

/**
 * What the triggers of one reason were worth on all symbols: the move of the mid in their direction over the horizon. Moves that
 * overlap in time are one observation, their mean: coins move together.
 */
class ReasonEdge {
  readonly #moves = new Float64Array(MEMORY);
  #count = 0;
  #measured: MeasuredEdge | undefined;
  /** Number of changes. */
  revision = 0;
  #open: { readonly startTs: number; sum: number; count: number } | undefined;

  learn(moveBp: number, startTs: number, horizonMs: number): void {
    this.revision += 1;
    const open = this.#open;
    if (open !== undefined && Math.abs(startTs - open.startTs) < horizonMs) {
      open.sum += moveBp;
      open.count += 1;
      return;
    }
    if (open !== undefined) {
      this.#moves[this.#count % MEMORY] = open.sum / open.count;
      this.#count += 1;
      this.#measured = undefined;
    }
    this.#open = { startTs, sum: moveBp, count: 1 };
  }

  /** Number of moves ever learnt. */
  get count(): number {
    return this.#count;
  }

  /** The newest moves, oldest first, basis points; the last one may still get moves of its time. */
  *moves(): Generator<number> {
    for (let at = Math.max(0, this.#count - MEMORY); at < this.#count; at += 1) yield this.#moves[at % MEMORY] ?? 0;
    if (this.#open !== undefined) yield this.#open.sum / this.#open.count;
  }

  restore(moves: readonly number[]): void {
    if (this.revision > 0) return;
    this.revision = 1;
    for (const move of moves.slice(-MEMORY)) {
      this.#moves[this.#count % MEMORY] = move;
      this.#count += 1;
    }
  }

  get measured(): MeasuredEdge | undefined {
    const n = Math.min(this.#count, MEMORY);
    if (n < WARM_MOVES) return undefined;
    this.#measured ??= this.#measure(n);
    return this.#measured;
  }

  #measure(n: number): MeasuredEdge {
    const moves = this.#moves;
    let sum = 0;
    for (let at = 0; at < n; at += 1) sum += moves[at] ?? 0;
    const mean = sum / n;
    let squares = 0;
    for (let at = 0; at < n; at += 1) squares += ((moves[at] ?? 0) - mean) ** 2;
    const meanBp = sum / (n + PRIOR_MOVES);
    // Equal moves leave an error of rounding.
    const errorBp = Math.round(1e9 * Math.sqrt(squares / (n - 1) / n)) / 1e9;
    return { meanBp, errorBp, lowerBp: meanBp - ERRORS_BELOW * errorBp, moves: n };
  }
}

/** The measured edges of all reasons; one for the whole fleet. */
export class EdgeEstimates {
  readonly #byReason = new Map<ReasonCode, ReasonEdge>();

  /** Undefined before thirty moves. */
  of(reason: ReasonCode): MeasuredEdge | undefined {
    return this.#byReason.get(reason)?.measured;
  }

  /** Number of moves that an estimate holds at most. */
  readonly capacity = MEMORY;

  /** Number of moves ever measured, restored ones included. */
  countOf(reason: ReasonCode): number {
    return this.#byReason.get(reason)?.count ?? 0;
  }

  /** Grows with each move that is learnt. */
  revisionOf(reason: ReasonCode): number {
    return this.#byReason.get(reason)?.revision ?? 0;
  }

  /**
   * The newest moves to keep for the next start, oldest first, basis points. The last one has its value so far: what a restart
   * measures begins after its end.
   */
  movesOf(reason: ReasonCode): Iterable<number> {
    return this.#byReason.get(reason)?.moves() ?? [];
  }

  /** Takes the moves that an earlier start measured, oldest first; does nothing once a move was measured since. */
  restore(reason: ReasonCode, movesBp: readonly number[]): void {
    this.#edgeOf(reason).restore(movesBp);
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
