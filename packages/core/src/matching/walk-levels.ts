/** A quantity taken at one price. */
export interface Taken {
  readonly price: number;
  readonly quantity: number;
}

/** What an order takes from a side of the book. */
export interface Walk {
  readonly taken: readonly Taken[];
  /** Quantity that the levels did not hold, or that lies beyond the limit. */
  readonly left: number;
}

/**
 * Walks a side of the book, best level first, until the quantity is taken.
 *
 * The paper venue and the local exchange both take liquidity by this function: the one with decimal prices and quantities, the
 * other with whole ticks and steps.
 * @param isWithin false for a price beyond the order's limit
 * @param subtract exact for whole numbers; with decimals it must remove the noise of the subtraction
 */
export function walkLevels(
  levels: Iterable<Taken>,
  quantity: number,
  isWithin: (price: number) => boolean = () => true,
  subtract: (from: number, amount: number) => number = (from, amount) => from - amount,
): Walk {
  const taken: Taken[] = [];
  let left = quantity;
  for (const level of levels) {
    if (left <= 0 || !isWithin(level.price)) break;
    const size = Math.min(left, level.quantity);
    if (size > 0) taken.push({ price: level.price, quantity: size });
    left = subtract(left, size);
  }
  return { taken, left: Math.max(0, left) };
}
