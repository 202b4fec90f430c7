import { absMoney } from './money.ts';

/** One bracket of the venue's `leverageBracket`, in money. */
export interface Bracket {
  readonly maxLeverage: number;
  readonly floor: bigint;
  readonly cap: bigint;
  /** Maintenance margin rate in units of 1e-6: 4,000 is 0.4 %. */
  readonly rate: bigint;
  /** The venue's `cum`: makes the maintenance margin continuous between brackets. */
  readonly cum: bigint;
}

const RATE_UNIT = 1_000_000n;

/**
 * Builds brackets from their upper ends, rates and leverages. `cum` follows: that of a bracket is the one before plus its floor
 * times the difference of the rates.
 */
export function bracketsOf(
  rows: readonly { readonly cap: bigint; readonly rate: bigint; readonly maxLeverage: number }[],
): readonly Bracket[] {
  const brackets: Bracket[] = [];
  for (const { cap, rate, maxLeverage } of rows) {
    const before = brackets.at(-1);
    const floor = before?.cap ?? 0n;
    const cum = before === undefined ? 0n : before.cum + (floor * (rate - before.rate)) / RATE_UNIT;
    brackets.push({ maxLeverage, floor, cap, rate, cum });
  }
  return brackets;
}

/** The bracket of a notional, whose sign does not matter; the last one has no upper end. */
export function bracketOf(notional: bigint, brackets: readonly Bracket[]): Bracket {
  const size = absMoney(notional);
  const found = brackets.find(({ cap }) => size <= cap) ?? brackets.at(-1);
  if (found === undefined) throw new RangeError('A contract needs at least one margin bracket.');
  return found;
}

/** Maintenance margin of a notional, whose sign does not matter, in money: notional × rate − cum. */
export function maintenanceOf(notional: bigint, brackets: readonly Bracket[]): bigint {
  const { rate, cum } = bracketOf(notional, brackets);
  const margin = (absMoney(notional) * rate) / RATE_UNIT - cum;
  return margin > 0n ? margin : 0n;
}

/** Largest notional that a leverage allows, in money. */
export function maxNotional(leverage: number, brackets: readonly Bracket[]): bigint {
  return brackets.filter(({ maxLeverage }) => maxLeverage >= leverage).at(-1)?.cap ?? 0n;
}
