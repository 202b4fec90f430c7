import type { LedgerEvent } from '@helios/exchange-simulator/audit/venue-ledger.ts';

/** What the exchange had open at a moment. */
interface OpenOnVenue {
  /** Signed quantity per symbol, base currency; 0 is left out. Negative: short. */
  readonly positions: ReadonlyMap<string, number>;
  /** Symbols with an order that was not over. */
  readonly ordered: ReadonlySet<string>;
}

/** What the exchange's history shows as open before a moment, epoch ms, or within it. */
export function openOnVenue(ledger: readonly LedgerEvent[], ts: number): OpenOnVenue {
  const positions = new Map<string, number>();
  const orders = new Map<string, string>();
  for (const event of ledger) {
    if (event.ts > ts) break;
    const isNow = event.ts === ts;
    if (event.kind === 'BALANCE')
      for (const { symbol, quantity } of event.positions)
        if (Number(quantity) !== 0) positions.set(symbol, Number(quantity));
        else if (!isNow) positions.delete(symbol);
    if (event.kind !== 'ORDER') continue;
    const { client_order_id, symbol, status } = event.order;
    if (['NEW', 'PARTIALLY_FILLED'].includes(status)) orders.set(client_order_id, symbol);
    else if (!isNow) orders.delete(client_order_id);
  }
  return { positions, ordered: new Set(orders.values()) };
}
