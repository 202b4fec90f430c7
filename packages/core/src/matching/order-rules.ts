import type { Taken } from './walk-levels.ts';

/** How long an order may rest. */
export const TIMES_IN_FORCE = ['GTC', 'IOC', 'FOK', 'GTX', 'GTD'] as const;
export type TimeInForce = (typeof TIMES_IN_FORCE)[number];

/** What an order does when it meets an order of its own account. */
export const SELF_TRADE_MODES = ['NONE', 'EXPIRE_TAKER', 'EXPIRE_MAKER', 'EXPIRE_BOTH'] as const;
export type SelfTradeMode = (typeof SELF_TRADE_MODES)[number];

/** The venue's modes of `priceMatch`. */
export const PRICE_MATCHES = [
  'NONE',
  'OPPONENT',
  'OPPONENT_5',
  'OPPONENT_10',
  'OPPONENT_20',
  'QUEUE',
  'QUEUE_5',
  'QUEUE_10',
  'QUEUE_20',
] as const;
export type PriceMatch = (typeof PRICE_MATCHES)[number];

/** The venue's `er`: why an order expired. */
export const ExpireReason = {
  none: '0',
  selfTrade: '1',
  iocUnfilled: '2',
  iocSelfTrade: '3',
  /** A reduce-only order that other orders or the position leave nothing to reduce. */
  knockedOut: '4',
  liquidated: '5',
  delisted: '7',
  marketUnfilled: '9',
} as const;
export type ExpireCode = (typeof ExpireReason)[keyof typeof ExpireReason];

/** True for the prices that a limit order of this side accepts. */
export function within(side: 'BUY' | 'SELL', limit: number): (price: number) => boolean {
  return side === 'BUY' ? (price) => price <= limit : (price) => price >= limit;
}

/**
 * Whether the venue accepts an order whose execution is bound to a condition. FOK needs its whole quantity at once, GTX (post-only)
 * must not take any.
 * @param available steps that the order could take at once
 */
export function executionVerdict(
  term: TimeInForce,
  quantity: number,
  available: number,
): 'ACCEPTED' | 'FOK_REJECTED' | 'GTX_REJECTED' {
  if (term === 'FOK' && available < quantity) return 'FOK_REJECTED';
  return term === 'GTX' && available > 0 ? 'GTX_REJECTED' : 'ACCEPTED';
}

/** What ends when an order meets a resting order of the same account. The venue prevents it for GTC, IOC and GTD only. */
export function selfTradeVerdict(
  mode: SelfTradeMode,
  term: TimeInForce,
): { readonly expiresTaker: boolean; readonly expiresMaker: boolean } {
  const isPrevented = term !== 'FOK' && term !== 'GTX';
  return {
    expiresTaker: isPrevented && (mode === 'EXPIRE_TAKER' || mode === 'EXPIRE_BOTH'),
    expiresMaker: isPrevented && (mode === 'EXPIRE_MAKER' || mode === 'EXPIRE_BOTH'),
  };
}

/** What happens to the quantity that a new order could not take: it rests, or expires for a reason. */
export function restVerdict(
  isMarket: boolean,
  term: TimeInForce,
): { readonly kind: 'REST' } | { readonly kind: 'EXPIRE'; readonly reason: ExpireCode } {
  if (isMarket) return { kind: 'EXPIRE', reason: ExpireReason.marketUnfilled };
  if (term === 'IOC' || term === 'FOK') return { kind: 'EXPIRE', reason: ExpireReason.iocUnfilled };
  return { kind: 'REST' };
}

/**
 * Price of a `priceMatch`, in ticks: the first, fifth, tenth or twentieth level of the other side (OPPONENT) or of the order's own
 * (QUEUE). Undefined if the book has no such level.
 */
export function matchedPrice(
  mode: Exclude<PriceMatch, 'NONE'>,
  own: Iterable<Taken>,
  opposite: Iterable<Taken>,
): number | undefined {
  const [side, depth = '1'] = mode.split('_');
  let left = Number(depth);
  for (const { price } of side === 'OPPONENT' ? opposite : own) {
    left -= 1;
    if (left === 0) return price;
  }
  return undefined;
}

/** True for an order of hedge mode against its own side: it can only reduce. False in one-way mode. */
export function isHedgeClose({ side, positionSide }: { side?: unknown; positionSide?: unknown }): boolean {
  return (side === 'SELL' && positionSide === 'LONG') || (side === 'BUY' && positionSide === 'SHORT');
}

/** Steps that a reduce-only order of this side can close of a position of signed `steps`. */
export function reducible(steps: number, side: 'BUY' | 'SELL'): number {
  return side === 'BUY' ? Math.max(0, -steps) : Math.max(0, steps);
}

/**
 * The reduce-only orders that have nothing left to reduce. The orders come by priority: the one that would fill first is the first.
 * Each takes its part of the position; an order that finds nothing left ends.
 * @param size steps that the position lets them close
 */
export function knockedOut<O>(orders: readonly O[], size: number, remaining: (order: O) => number): readonly O[] {
  const ended: O[] = [];
  let left = size;
  for (const order of orders) {
    if (left <= 0) ended.push(order);
    left -= remaining(order);
  }
  return ended;
}
