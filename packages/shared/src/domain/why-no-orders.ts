import type { Mode } from './fleet.ts';

/**
 * Why a mode does not trade, as text for the operator; undefined if it trades or simulates. In live this version streams the
 * venue's market, but execution-manager sends no orders yet, so the trading state stays HALTED.
 */
export function whyNoOrders(mode: Mode): string | undefined {
  return mode === 'live' ? 'this version sends no orders' : undefined;
}
