/** The place of a resting order in its price level's queue. */
export interface QueuePlace {
  readonly action: 'BUY' | 'SELL';
  readonly price: number;
  /**
   * Quantity ahead of the order at its placement; undefined if unknown. A queue model may lower it later, by cancels ahead. What
   * traded since is not subtracted.
   */
  queueAhead: number | undefined;
  /** Quantity that takers traded against the order's side at its price since the placement. */
  tradedAtLimit: number;
}

/** A trade of the market, in the units of the order. */
export interface LevelTrade {
  readonly price: number;
  readonly quantity: number;
  /** True if the resting order of the trade was a bid. */
  readonly buyerIsMaker: boolean;
}

/**
 * Counts a trade for a resting order.
 *
 * THROUGH: the trade was beyond the limit, so everything at the limit had traded before: the order is filled. AT: the trade was at
 * the limit, and the order's place in a known queue decides. NONE: the trade does not concern the order. Cancels ahead are not
 * credited, because nobody can see whose they were. The paper venue and the local exchange share this rule.
 */
export function countTrade(place: QueuePlace, trade: LevelTrade): 'THROUGH' | 'AT' | 'NONE' {
  const { action, price } = place;
  if (action === 'BUY' ? trade.price < price : trade.price > price) return 'THROUGH';
  if (trade.price !== price || place.queueAhead === undefined) return 'NONE';
  if (trade.buyerIsMaker === (action === 'BUY')) place.tradedAtLimit += trade.quantity;
  return 'AT';
}

/** Quantity of an order of `quantity` that the counted trades reach, 0..quantity; 0 while the queue is unknown. */
export function reachedQuantity({ queueAhead, tradedAtLimit }: QueuePlace, quantity: number): number {
  return queueAhead === undefined ? 0 : Math.min(quantity, Math.max(0, tradedAtLimit - queueAhead));
}
