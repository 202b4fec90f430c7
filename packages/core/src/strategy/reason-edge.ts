import { lostEdgeAt } from './lost-edge.ts';

/** Maximum number of moves that count: the newest. */
const MEMORY = 750;
/** Minimum number of moves for an estimate: below it the error of the error is too large. */
export const WARM_MOVES = 30;
/** The estimate is shrunk as if so many further moves of 0 had been seen. */
const PRIOR_MOVES = 20;
/** Standard errors between the mean and its lower bound. */
const ERRORS_BELOW = 2;
/** The newest moves are this share of all, and at least as many as an estimate needs. */
const NEWEST_SHARE = 1 / 3;

/** An estimate with its uncertainty, basis points of the price, before costs. */
export interface MeasuredEdge {
  /** Mean, shrunk to 0. */
  readonly meanBp: number;
  /** Standard error of the mean. */
  readonly errorBp: number;
  /** Mean minus two standard errors, and at most the mean of the newest third: a slow loss is too small for a test for long. */
  readonly lowerBp: number;
  /** Mean of the newest third of the moves, at least thirty. */
  readonly newestBp: number;
  readonly moves: number;
}

/**
 * What the triggers of one reason were worth on all symbols: the move of the mid in their direction over the horizon. Moves that
 * overlap in time are one observation, their mean: coins move together. Moves before a loss of the edge leave the memory.
 */
export class ReasonEdge {
  /** Oldest first. */
  readonly #moves = new Float64Array(MEMORY);
  #count = 0;
  #lostTs: number | undefined;
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
      this.#add(open.sum / open.count);
      this.#forgetLostEdge(startTs);
    }
    this.#open = { startTs, sum: moveBp, count: 1 };
  }

  /** Number of moves that count. */
  get count(): number {
    return this.#count;
  }

  /** When the newest loss of the edge was noticed, epoch ms. */
  get lostTs(): number | undefined {
    return this.#lostTs;
  }

  /** The moves that count, oldest first, basis points; the last one may still get moves of its time. */
  *moves(): Generator<number> {
    for (let at = 0; at < this.#count; at += 1) yield this.#moves[at] ?? 0;
    if (this.#open !== undefined) yield this.#open.sum / this.#open.count;
  }

  restore(moves: readonly number[], lostTs: number | undefined, nowMs: number): void {
    if (this.revision > 0) return;
    this.revision = 1;
    this.#lostTs = lostTs;
    for (const move of moves.slice(-MEMORY)) this.#add(move);
    this.#forgetLostEdge(nowMs);
  }

  get measured(): MeasuredEdge | undefined {
    if (this.#count < WARM_MOVES) return undefined;
    this.#measured ??= this.#measure(0);
    return this.#measured;
  }

  #add(moveBp: number): void {
    if (this.#count === MEMORY) this.#dropFirst(1);
    this.#moves[this.#count] = moveBp;
    this.#count += 1;
    this.#measured = undefined;
  }

  #dropFirst(count: number): void {
    this.#moves.copyWithin(0, count, this.#count);
    this.#count -= count;
    this.#measured = undefined;
  }

  /** Drops the moves before a loss, but keeps an estimate, and never one whose lower bound would rise. */
  #forgetLostEdge(nowMs: number): void {
    const lostAt = lostEdgeAt(this.#moves, this.#count);
    if (lostAt === undefined) return;
    const from = Math.min(lostAt, this.#count - WARM_MOVES);
    if (from <= 0 || this.#measure(from).lowerBp > this.#measure(0).lowerBp) return;
    this.#dropFirst(from);
    this.#lostTs = nowMs;
  }

  /** The estimate of the moves from this one on. */
  #measure(from: number): MeasuredEdge {
    const [moves, n] = [this.#moves, this.#count - from];
    let sum = 0;
    for (let at = from; at < this.#count; at += 1) sum += moves[at] ?? 0;
    const mean = sum / n;
    let squares = 0;
    for (let at = from; at < this.#count; at += 1) squares += ((moves[at] ?? 0) - mean) ** 2;
    const meanBp = sum / (n + PRIOR_MOVES);
    // Equal moves leave an error of rounding.
    const errorBp = Math.round(1e9 * Math.sqrt(squares / (n - 1) / n)) / 1e9;
    const newestBp = this.#newestBp(Math.max(WARM_MOVES, Math.ceil(NEWEST_SHARE * n)));
    return { meanBp, errorBp, lowerBp: Math.min(meanBp - ERRORS_BELOW * errorBp, newestBp), newestBp, moves: n };
  }

  /** Mean of the newest moves. */
  #newestBp(count: number): number {
    let sum = 0;
    for (let at = this.#count - count; at < this.#count; at += 1) sum += this.#moves[at] ?? 0;
    return sum / count;
  }
}
