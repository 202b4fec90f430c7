/** Maximum levels per side; beyond it the worst levels are cancelled. */
const MAX_LEVELS = 64;

/** Levels left after a cut; far below the maximum, so that cuts are rare. */
const KEPT_AFTER_CUT = 44;

/**
 * One side of the made-up book. Levels are in order of rank, the best last. A level's rank is its price in ticks for bids,
 * and the negative price for asks, so higher is better on both sides.
 */
export class SyntheticBookSide {
  private readonly ranks: number[] = [];
  private readonly quantities: number[] = [];
  private readonly shares: number[] = [];
  private readonly sign: 1 | -1;

  /** Price in ticks → new quantity in steps (0 = gone), since the last `clearChanges`. */
  readonly changes = new Map<number, number>();

  constructor(side: 'BID' | 'ASK') {
    this.sign = side === 'BID' ? 1 : -1;
  }

  get length(): number {
    return this.ranks.length;
  }

  /** Rank of a price in ticks. */
  rankOf(tick: number): number {
    return this.sign * tick;
  }

  /** Price in ticks of the level `depth` places behind the best. */
  tickAt(depth: number): number {
    return this.sign * (this.ranks[this.ranks.length - 1 - depth] ?? 0);
  }

  /** Quantity, in steps, of the level `depth` places behind the best; 0 if there is none. */
  quantityAt(depth: number): number {
    return this.quantities[this.quantities.length - 1 - depth] ?? 0;
  }

  /** Target share of the side's depth for the level `depth` places behind the best. */
  shareAt(depth: number): number {
    return this.shares[this.shares.length - 1 - depth] ?? 0;
  }

  /** Sum of price in ticks × quantity in steps of the levels `from` … `to` − 1 places behind the best. */
  value(from: number, to: number): number {
    let sum = 0;
    const last = this.ranks.length - 1;
    for (let depth = from; depth < to && depth <= last; depth += 1) {
      sum += this.sign * (this.ranks[last - depth] ?? 0) * (this.quantities[last - depth] ?? 0);
    }
    return sum;
  }

  setQuantity(depth: number, steps: number): void {
    const index = this.ranks.length - 1 - depth;
    const rank = this.ranks[index];
    if (rank === undefined || this.quantities[index] === steps) return;
    this.quantities[index] = steps;
    this.changes.set(this.sign * rank, steps);
  }

  /** Sets the target share of the level `depth` places behind the best. */
  setShare(depth: number, share: number): void {
    const index = this.shares.length - 1 - depth;
    if (index >= 0) this.shares[index] = share;
  }

  /** Adds a level better than all others. */
  pushBest(rank: number, steps: number, share: number): void {
    this.ranks.push(rank);
    this.quantities.push(steps);
    this.shares.push(share);
    this.changes.set(this.sign * rank, steps);
  }

  /** Adds a level worse than all others. */
  pushWorst(rank: number, steps: number, share: number): void {
    this.ranks.unshift(rank);
    this.quantities.unshift(steps);
    this.shares.unshift(share);
    this.changes.set(this.sign * rank, steps);
  }

  popBest(): void {
    const rank = this.ranks.pop();
    this.quantities.pop();
    this.shares.pop();
    if (rank !== undefined) this.changes.set(this.sign * rank, 0);
  }

  /** Cancels the worst levels if the side has too many. */
  trim(): void {
    if (this.ranks.length <= MAX_LEVELS) return;
    const gone = this.ranks.length - KEPT_AFTER_CUT;
    for (let index = 0; index < gone; index += 1) this.changes.set(this.sign * (this.ranks[index] ?? 0), 0);
    this.ranks.splice(0, gone);
    this.quantities.splice(0, gone);
    this.shares.splice(0, gone);
  }

  clearChanges(): void {
    this.changes.clear();
  }
}
