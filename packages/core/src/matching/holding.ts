import { divided } from './money.ts';

/** A position with its exact cost. All fields are 0 if it is flat. */
export interface Holding {
  /** Signed steps: positive is long. */
  readonly steps: number;
  /** Money: what the open quantity cost. Has the sign of `steps`. */
  readonly cost: bigint;
  /** Fees paid to open the open quantity, money. They are part of the venue's break-even price. */
  readonly openFees: bigint;
}

export const FLAT: Holding = { steps: 0, cost: 0n, openFees: 0n };

/** Result of a fill on a position. */
export interface Traded {
  readonly holding: Holding;
  /** Realised PnL without fees, money. */
  readonly realised: bigint;
}

/**
 * Applies a fill to a position.
 *
 * What is closed takes its share of the cost, rounded once; the rest of the cost stays with the rest of the quantity. So the sum
 * of all realised PnL and the open cost always equals the sum of all values traded, to the last unit.
 * @param steps signed: positive buys
 * @param value money of the fill, with the sign of `steps`
 * @param fee money paid for the fill
 */
export function tradeHolding(holding: Holding, steps: number, value: bigint, fee: bigint): Traded {
  const isSameSide = holding.steps === 0 || holding.steps > 0 === steps > 0;
  if (isSameSide) {
    const { cost, openFees } = holding;
    return {
      holding: { steps: holding.steps + steps, cost: cost + value, openFees: openFees + fee },
      realised: 0n,
    };
  }
  const size = Math.abs(steps);
  const closed = Math.min(Math.abs(holding.steps), size);
  const closedValue = closed === size ? value : share(value, closed, size);
  const closedCost = share(holding.cost, closed, Math.abs(holding.steps));
  const realised = -closedValue - closedCost;
  if (size > closed) {
    const left = size - closed;
    const flipped = { steps: steps > 0 ? left : -left, cost: value - closedValue, openFees: share(fee, left, size) };
    return { holding: flipped, realised };
  }
  if (closed === Math.abs(holding.steps)) return { holding: FLAT, realised };
  const openFees = holding.openFees - share(holding.openFees, closed, Math.abs(holding.steps));
  return { holding: { steps: holding.steps + steps, cost: holding.cost - closedCost, openFees }, realised };
}

/** Unrealised PnL of a position worth `markValue` (with the sign of the position). */
export function unrealised(holding: Holding, markValue: bigint): bigint {
  return markValue - holding.cost;
}

function share(amount: bigint, part: number, whole: number): bigint {
  return part === whole ? amount : divided(amount * BigInt(part), BigInt(whole));
}
