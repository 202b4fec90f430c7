import type { OpenPosition } from '@helios/shared/domain/position.ts';
import { closeNow } from './closer.ts';
import type { LiveParts } from './live-parts.ts';

/** Does what follows from the present state, after every change of it. Doing it twice changes nothing. */
export function settle(parts: LiveParts, nowMs: number): void {
  stopEntries(parts, nowMs);
  prepareSymbols(parts, nowMs);
  parts.orders.advanceAll(nowMs);
  closeOnDemand(parts, nowMs);
  closeLateFills(parts, nowMs);
  leaveEndingSymbols(parts, nowMs);
  if (parts.conditions.isFlattening) flatten(parts, nowMs);
  endVenueExits(parts, nowMs);
}

/** Nothing enters outside ACTIVE, or a symbol that the venue closes: working entries are cancelled. */
function stopEntries({ orders, conditions, statuses }: LiveParts, nowMs: number): void {
  const { state, isFlattening } = conditions;
  for (const parent of orders.actives()) {
    const closed = parent.purpose === 'ENTRY' && !parent.stopped ? statuses.entryRefusal(parent.symbol) : undefined;
    if (closed !== undefined)
      orders.stop(parent, { answer: 'CANCELLED', reason: `the symbol closed: ${closed}` }, nowMs);
  }
  if (state === 'ACTIVE' && !isFlattening) return;
  const reason = isFlattening ? 'the account is flattened' : `trading became ${state}`;
  for (const parent of orders.actives()) {
    if (parent.purpose !== 'ENTRY' || parent.stopped) continue;
    parent.closesLateFills = isFlattening;
    orders.stop(parent, { answer: 'CANCELLED', reason }, nowMs);
  }
}

/** Asks again for leverage and margin mode if the answer is missing. */
function prepareSymbols({ orders, readiness }: LiveParts, nowMs: number): void {
  for (const { symbol, waitUntilMs } of orders.actives())
    if (waitUntilMs === Number.POSITIVE_INFINITY) readiness.prepare(symbol, nowMs);
}

/** Closes positions that cannot be covered. */
function closeOnDemand({ context, covers, orders }: LiveParts, nowMs: number): void {
  for (const { symbol, demand } of covers.demands()) {
    const position = context.positions.of(symbol)[0];
    if (position === undefined) continue;
    const price = priceOf(context.prices.mark(symbol, nowMs), position);
    const why = `${demand.code}: ${demand.reason}`;
    closeNow(orders, position, { reason: 'STOP_LOSS', cause: 'C', price, why }, nowMs);
  }
}

/** Closes fills of an entry whose position was closed before they arrived. */
function closeLateFills({ context, orders }: LiveParts, nowMs: number): void {
  for (const parent of orders.closingLateFills()) {
    const position = context.positions.find(parent.symbol, parent.side);
    if (position === undefined || position.signal_id !== parent.positionId) continue;
    const price = priceOf(context.prices.mark(parent.symbol, nowMs), position);
    const why = 'the entry filled after its position was closed';
    closeNow(orders, position, { reason: 'OPERATOR', cause: 'L', price, why }, nowMs);
  }
}

/**
 * Closes positions before the venue settles their symbol. The stop rests until a position is closed, and the ladder of the exit tries
 * again while the venue refuses. A halt alone closes nothing.
 */
function leaveEndingSymbols({ context, orders, statuses }: LiveParts, nowMs: number): void {
  const { alarms, positions, prices } = context;
  for (const position of positions.all()) {
    const { symbol } = position;
    const refusal = statuses.entryRefusal(symbol);
    if (refusal === undefined) continue;
    const why = statuses.closeReason(symbol, nowMs);
    statuses.noteAlarm(symbol, nowMs);
    alarms.raise(
      `status ${symbol}`,
      `${symbol}: ${refusal}; its position ${why === undefined ? 'stays' : 'is closed'}`,
    );
    if (why === undefined) continue;
    const price = priceOf(prices.mark(symbol, nowMs), position);
    closeNow(orders, position, { reason: 'SESSION_END', cause: 'D', price, why }, nowMs);
  }
  for (const symbol of statuses.takeOldAlarms(nowMs)) alarms.clear(`status ${symbol}`);
}

/** Cancels what enters and closes what is open, as often as needed. Orders and positions of others stay. */
function flatten({ context, orders, reconciliation, changed }: LiveParts, nowMs: number): void {
  for (const position of context.positions.all()) {
    const price = priceOf(context.prices.mark(position.symbol, nowMs), position);
    closeNow(orders, position, { reason: 'OPERATOR', cause: 'F', price, why: 'the account is flattened' }, nowMs);
  }
  const isClosed = context.positions.all().length === 0 && orders.actives().length === 0;
  // Only a later snapshot proves it.
  if (isClosed && (reconciliation.last?.tsAsked ?? 0) <= changed.lastMs) reconciliation.askSoon(nowMs);
}

function endVenueExits({ context, exits }: LiveParts, nowMs: number): void {
  for (const symbol of exits.symbols()) if (context.positions.of(symbol).length === 0) exits.onFlat(symbol, nowMs);
}

function priceOf(mark: number | undefined, position: OpenPosition): number {
  return mark ?? position.mark_price ?? position.entry_price;
}
