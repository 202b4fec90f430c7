import type { Mode } from './fleet.ts';

/**
 * Why nothing may be traded in a mode, as the operator is told; undefined where trading is on or simulated. In live this version
 * streams the venue's market and decides on it, but execution-manager sends no order yet: the trading state is HALTED and
 * cannot be left. It goes away with the orders' coming.
 */
export function whyNoOrders(mode: Mode): string | undefined {
  return mode === 'live' ? 'orders are not sent by this version' : undefined;
}
