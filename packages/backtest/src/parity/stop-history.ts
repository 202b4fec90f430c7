import type { LedgerEvent } from '@helios/exchange-simulator/audit/venue-ledger.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';

/** The exchange reports a triggered stop at most this long before its fill, ms. */
const TRIGGERED_WITHIN_MS = 1_000;

/** True if a stop fired as the trade ended. */
export function hasTrigger({ symbol, exit_ts }: ClosedTrade, ledger: readonly LedgerEvent[]): boolean {
  return firedBetween(ledger, symbol, exit_ts - TRIGGERED_WITHIN_MS, exit_ts);
}

/** True if a stop of the symbol fired between two times, epoch ms, both inclusive. */
export function firedBetween(ledger: readonly LedgerEvent[], symbol: string, fromTs: number, untilTs: number): boolean {
  return ledger.some(
    (event) =>
      event.kind === 'ALGO' &&
      event.order.symbol === symbol &&
      ['TRIGGERED', 'FINISHED'].includes(event.order.status) &&
      event.ts >= fromTs &&
      event.ts <= untilTs,
  );
}

/** Trigger price of the first stop that rested for a trade; undefined if none did. */
export function firstStopPrice(
  ledger: readonly LedgerEvent[],
  { symbol, side, entry_ts, exit_ts }: ClosedTrade,
): number | undefined {
  const closes = side === 'LONG' ? 'SELL' : 'BUY';
  for (const event of ledger) {
    if (event.kind !== 'ALGO' || event.ts < entry_ts || event.ts > exit_ts) continue;
    const { order } = event;
    if (order.symbol === symbol && order.side === closes && order.status === 'NEW') return Number(order.trigger_price);
  }
  return undefined;
}
