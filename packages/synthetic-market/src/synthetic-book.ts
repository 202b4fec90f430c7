import type { Rng } from './rng.ts';
import { SyntheticBookSide } from './synthetic-book-side.ts';

/** One execution in a step: price in ticks, quantity in steps. */
export interface BookTrade {
  readonly tick: number;
  readonly steps: number;
  readonly buyerIsMaker: boolean;
}

/** Levels per side after filling. */
const LEVELS = 32;

/** Levels in the top of the book, as in the strategy. */
const TOP = 10;

/** Maximum trades of a sweep through the book; its other levels were cancelled before. */
const SWEEP_PRINTS = 6;

/** Levels behind the best, per side, that change in one step. */
const TOUCHED_LEVELS = 3;

/** Share of moves after which the spread stays wide until the next step. */
const WIDE_AFTER_MOVE = 0.02;

/** A limit order book by price level: arrivals and cancels follow a target depth, market orders take from the best level. */
export class SyntheticBook {
  readonly bids = new SyntheticBookSide('BID');
  readonly asks = new SyntheticBookSide('ASK');
  readonly executions: BookTrade[] = [];
  private readonly rng: Rng;
  /** Quote value of one tick × one step. */
  private readonly grain: number;
  private targetUsd: readonly [bid: number, ask: number] = [1, 1];

  constructor(rng: Rng, grain: number) {
    this.rng = rng;
    this.grain = grain;
  }

  /** Fills an empty book around `bidTick`. */
  open(bidTick: number, bidUsd: number, askUsd: number): void {
    this.targetUsd = [bidUsd, askUsd];
    this.bids.pushBest(bidTick, 1, this.newShare(true));
    this.asks.pushBest(-(bidTick + 1), 1, this.newShare(true));
    this.refill(this.bids, bidUsd);
    this.refill(this.asks, askUsd);
    this.settleBest();
  }

  beginStep(): void {
    this.bids.clearChanges();
    this.asks.clearChanges();
    this.executions.length = 0;
  }

  /** Sets the target value of the first ten levels of each side, quote currency. */
  target(bidUsd: number, askUsd: number): void {
    this.targetUsd = [bidUsd, askUsd];
  }

  /** Executes a market order at the best level, and leaves at least one step there. */
  trade(buy: boolean, steps: number): void {
    const side = buy ? this.asks : this.bids;
    const standing = side.quantityAt(0);
    const taken = Math.min(steps, standing - 1);
    if (taken < 1) return;
    side.setQuantity(0, standing - taken);
    this.executions.push({ tick: side.tickAt(0), steps: taken, buyerIsMaker: !buy });
  }

  /** Moves the best bid to `bidTick`: a sweep takes the levels in between, and new orders fill the other side. */
  moveTo(bidTick: number): void {
    const now = this.bids.tickAt(0);
    if (bidTick === now && this.spreadTicks() === 1) return;
    if (bidTick >= now) this.shift(this.asks, this.bids, bidTick + 1, true);
    else this.shift(this.bids, this.asks, bidTick, false);
  }

  private shift(taken: SyntheticBookSide, following: SyntheticBookSide, takenTick: number, buy: boolean): void {
    this.sweep(taken, taken.rankOf(takenTick), buy);
    const followTick = buy ? takenTick - 1 : takenTick + 1;
    if (taken.length === 0 || taken.tickAt(0) !== takenTick) {
      taken.pushBest(taken.rankOf(takenTick), 1, this.newShare(true));
    }
    const wide = this.rng.uniform() < WIDE_AFTER_MOVE;
    this.fillUp(following, following.rankOf(followTick) - (wide ? 1 : 0), buy ? this.targetUsd[0] : this.targetUsd[1]);
  }

  private sweep(side: SyntheticBookSide, downToRank: number, buy: boolean): void {
    let prints = 0;
    while (side.length > 0 && side.rankOf(side.tickAt(0)) > downToRank) {
      const standing = side.quantityAt(0);
      // Most orders between are cancelled before the sweep arrives.
      const taken = Math.ceil(standing * 0.8 * this.rng.uniform() ** 2);
      if (prints < SWEEP_PRINTS && taken > 0) {
        this.executions.push({ tick: side.tickAt(0), steps: taken, buyerIsMaker: !buy });
      }
      prints += 1;
      side.popBest();
    }
  }

  /** Adds levels from the best of `side` up to `rank`, with gaps, within the maximum per side. */
  private fillUp(side: SyntheticBookSide, rank: number, targetUsd: number): void {
    const best = side.length > 0 ? side.rankOf(side.tickAt(0)) : rank - 1;
    const fresh: number[] = [];
    for (let at = rank; at > best && fresh.length < LEVELS; at -= this.gap(fresh.length)) fresh.push(at);
    // The former best level is now behind the best, so its orders shrink to the usual share there.
    if (fresh.length > 0) side.setShare(0, this.newShare(false));
    for (let index = fresh.length - 1; index >= 0; index -= 1) {
      const share = this.newShare(index === 0);
      side.pushBest(fresh[index] ?? rank, this.stepsFor(share * targetUsd, Math.abs(rank)), share);
    }
  }

  /** Adds and cancels orders at some of the first levels; the best level takes the rest of the target. */
  relax(): void {
    this.relaxSide(this.bids, this.targetUsd[0]);
    this.relaxSide(this.asks, this.targetUsd[1]);
    this.settleBest();
    this.bids.trim();
    this.asks.trim();
  }

  private relaxSide(side: SyntheticBookSide, targetUsd: number): void {
    this.refill(side, targetUsd);
    for (let count = 0; count < TOUCHED_LEVELS; count += 1) {
      // Squared, because levels near the best change more often.
      const depth = 1 + Math.floor((TOP + 2) * this.rng.uniform() ** 2);
      const target = side.shareAt(depth) * targetUsd * this.rng.logNormal(0.3);
      side.setQuantity(depth, this.stepsFor(target, side.tickAt(depth)));
    }
  }

  private refill(side: SyntheticBookSide, targetUsd: number): void {
    while (side.length < LEVELS) {
      const depth = side.length;
      const rank = side.rankOf(side.tickAt(depth - 1)) - this.gap(depth);
      if (Math.abs(rank) < 1 || Math.sign(rank) !== Math.sign(side.rankOf(1))) return;
      const share = this.newShare(false);
      side.pushWorst(rank, this.stepsFor(share * targetUsd, Math.abs(rank)), share);
    }
  }

  private settleBest(): void {
    this.settle(this.bids, this.targetUsd[0]);
    this.settle(this.asks, this.targetUsd[1]);
  }

  private settle(side: SyntheticBookSide, targetUsd: number): void {
    const behind = side.value(1, TOP) * this.grain;
    const least = 0.02 * side.shareAt(0) * targetUsd;
    const target = Math.max(least, targetUsd - behind);
    side.setQuantity(0, this.stepsFor(target, side.tickAt(0)));
  }

  spreadTicks(): number {
    return this.asks.tickAt(0) - this.bids.tickAt(0);
  }

  private stepsFor(usd: number, tick: number): number {
    return Math.max(1, Math.round(usd / (tick * this.grain)));
  }

  /** Ticks between neighbouring levels: fewer near the best. */
  private gap(depth: number): number {
    const mean = depth < TOP ? 0.6 : 2;
    return 1 + Math.floor(mean * this.rng.exponential());
  }

  /** Random share of a side's top depth in one level; heavy-tailed, with mean 1/11 behind the best. */
  private newShare(best: boolean): number {
    return best ? this.rng.between(0.2, 0.7) : 0.07 * this.rng.logNormal(1.1);
  }
}
