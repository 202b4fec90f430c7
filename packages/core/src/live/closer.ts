import type { OpenPosition } from '@helios/shared/domain/position.ts';
import type { LiveOrders } from './live-orders.ts';
import { type OwnExitTerms, ownExit } from './own-exit.ts';
import { exitParent } from './parent-order.ts';

/** A close that no signal asked for. `quantity`: base currency; absent: all of it. */
export interface CloseTerms extends Omit<OwnExitTerms, 'key'> {
  readonly cause: string;
  readonly quantity?: number;
}

/**
 * Closes a position at the market, reduce-only. While an exit of the symbol is under way no second one is sent: that one closes
 * everything, at any price.
 */
export function closeNow(orders: LiveOrders, position: OpenPosition, terms: CloseTerms, nowMs: number): void {
  const { quantity, cause, ...exit } = terms;
  const active = orders.active(position.symbol, 'EXIT');
  if (active) {
    if (quantity === undefined) orders.hurry(active, nowMs);
    return;
  }
  const made = (n: number) => ownExit(position, { ...exit, key: `${cause}${n}` }, nowMs);
  let n = 1 + (position.exit_fills?.length ?? 0);
  while (orders.has(made(n).signal_id)) n += 1;
  const rest = { rung: 'MARKET', isOwnSignal: true, ...(quantity !== undefined && { quantity }) } as const;
  orders.start(exitParent(made(n), position, rest, nowMs), nowMs);
}
