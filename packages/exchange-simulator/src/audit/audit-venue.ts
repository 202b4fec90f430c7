import { moneyOf, moneyText } from '@helios/core/matching/money.ts';
import { coverGaps, type Silence } from './cover-gaps.ts';
import { type LedgerEvent, orderEventsOf } from './venue-ledger.ts';

/** A broken invariant that the venue's own history shows, in one sentence. */
export interface VenueViolation {
  readonly code: 'ORDER_TWICE' | 'SIGNAL_OVERFILLED' | 'REVERSED' | 'UNCOVERED';
  readonly what: string;
}

/** Client ids of Helios; the first group is the role: e entry, x exit, s stop. */
export const LIVE_ORDER_ID = /^he-[0-9a-z]{24}-([exst])/;
/** Length of `he-` and the hash of the signal: what all orders of one signal share. */
const SIGNAL_PART = 27;

/** Checks what the venue's history alone shows: no order twice, no signal filled above its size, no reversal, no bare position. */
export function auditVenue(ledger: readonly LedgerEvent[], silences: readonly Silence[]): readonly VenueViolation[] {
  return [
    ...doubledOrders(ledger),
    ...overfilledSignals(ledger),
    ...reversals(ledger),
    ...coverGaps(ledger, silences).map((what): VenueViolation => ({ code: 'UNCOVERED', what })),
  ];
}

function doubledOrders(ledger: readonly LedgerEvent[]): VenueViolation[] {
  const seen = new Map<string, string>();
  return orderEventsOf(ledger).flatMap(({ order, execution }): VenueViolation[] => {
    if (execution !== 'NEW') return [];
    const { client_order_id: id, order_id } = order;
    const known = seen.get(id);
    seen.set(id, order_id);
    return known === undefined || known === order_id
      ? []
      : [{ code: 'ORDER_TWICE', what: `${id} was accepted twice, as ${known} and as ${order_id}` }];
  });
}

/** Entries of one signal may be replaced, but never fill more than the first one asked for. */
function overfilledSignals(ledger: readonly LedgerEvent[]): VenueViolation[] {
  const signals = new Map<string, { asked: bigint; filled: bigint }>();
  for (const { order, fill } of orderEventsOf(ledger)) {
    if (LIVE_ORDER_ID.exec(order.client_order_id)?.[1] !== 'e') continue;
    const key = order.client_order_id.slice(0, SIGNAL_PART);
    const sums = signals.get(key) ?? { asked: moneyOf(order.quantity), filled: 0n };
    if (fill !== undefined) sums.filled += moneyOf(fill.quantity);
    signals.set(key, sums);
  }
  return [...signals].flatMap(([key, { asked, filled }]): VenueViolation[] =>
    filled <= asked
      ? []
      : [{ code: 'SIGNAL_OVERFILLED', what: `${key}: ${moneyText(filled)} filled, ${moneyText(asked)} asked for` }],
  );
}

/** No order of ours may turn a position around. */
function reversals(ledger: readonly LedgerEvent[]): VenueViolation[] {
  const before = new Map<string, bigint>();
  const violations: VenueViolation[] = [];
  for (const event of ledger) {
    if (event.kind !== 'BALANCE') continue;
    for (const { symbol, quantity } of event.positions) {
      const [was, is] = [before.get(symbol) ?? 0n, moneyOf(quantity)];
      before.set(symbol, is);
      if (was * is < 0n)
        violations.push({
          code: 'REVERSED',
          what: `${symbol} went from ${moneyText(was)} to ${quantity} at ${event.ts}`,
        });
    }
  }
  return violations;
}
