import type { OpenPosition } from '@helios/shared/domain/position.ts';
import type { Side, TradingSignal } from '@helios/shared/domain/signal.ts';
import type { Fill } from '@helios/shared/domain/venue-event.ts';
import { addQuantity } from '../price/significant-digits.ts';
import { fillAnswer } from './live-answers.ts';
import type { LiveContext } from './live-context.ts';
import { ownExit } from './own-exit.ts';
import type { Repair } from './reconcile.ts';
import type { AccountSnapshot } from './venue-port.ts';

/** End of the signal ids of adopted positions. */
const ADOPTED = '-adopted';

/** True if the fill is part of a position that was taken over without its signal; a made-up fill stands for every one. */
export function isAdoptedFill({ signal_id, entry_fills = [] }: OpenPosition, { trade_id }: Fill): boolean {
  return (
    signal_id.endsWith(ADOPTED) && entry_fills.some((one) => one.trade_id === trade_id || one.trade_id === signal_id)
  );
}

/** Fills of our own orders that no position of ours has. */
export interface LostFills {
  readonly symbol: string;
  /** Oldest first, at least one. */
  readonly entries: readonly Fill[];
  /** Trigger price of our resting stop; undefined if there is none. */
  readonly stopPrice: number | undefined;
}

/**
 * Takes over what our own orders opened without our knowledge, fill by fill as the venue has it. The ids depend on the first trade
 * only, so that a second start adopts the same.
 */
export function adoptFills(
  context: LiveContext,
  side: Side,
  { symbol, entries, stopPrice }: LostFills,
  nowMs: number,
): string {
  const { positions, outbox } = context;
  const [first] = entries;
  if (first === undefined) return '';
  const found = { symbol, side, price: first.price, ts: first.ts_event, key: first.trade_id, stopPrice };
  const signal = adoptedSignal(context, found, 'position of an earlier process, found by its orders');
  for (const fill of entries) {
    positions.applyEntry(signal, fill);
    const times = { received_ts: nowMs, venue_ts: fill.ts_event };
    const of = { clientOrderId: fill.client_order_id, isLast: fill === entries.at(-1), isOwnSignal: true, times };
    outbox.answer(fillAnswer(signal, fill, of, nowMs));
  }
  positions.endEntry(signal);
  outbox.change(symbol);
  return signal.signal_id;
}

/**
 * Takes over a position that only its stop shows to be ours: its trades cannot be read, or are too old. One made-up fill at the venue's
 * entry price stands for them.
 */
export function adoptByStop(
  context: LiveContext,
  { position, stopPrice, quantity }: Extract<Repair, { kind: 'ADOPT' }>,
  nowMs: number,
): void {
  const { positions, outbox } = context;
  const { symbol, signedQuantity, entryPrice, tsUpdate } = position;
  const side = signedQuantity > 0 ? 'LONG' : 'SHORT';
  const found = { symbol, side, price: entryPrice, ts: tsUpdate, key: String(tsUpdate), stopPrice } as const;
  const signal = adoptedSignal(context, found, 'position of an earlier process, found on the venue with its stop');
  const id = signal.signal_id;
  const fill = fillOf({ id, price: entryPrice, quantity, ts: tsUpdate });
  positions.applyEntry(signal, fill);
  positions.endEntry(signal);
  const times = { received_ts: nowMs, venue_ts: tsUpdate };
  outbox.answer(fillAnswer(signal, fill, { clientOrderId: id, isLast: true, isOwnSignal: true, times }, nowMs));
  outbox.change(symbol);
}

/**
 * Reduces our positions of a symbol to what the venue shows, after no order explained the difference. The mark price stands in for the
 * unknown price, and the alarm says so; the venue's income has the true result.
 */
export function reduceOurs(
  context: LiveContext,
  symbol: string,
  quantity: number,
  snapshot: AccountSnapshot,
  nowMs: number,
): void {
  const { positions, prices } = context;
  const held = positions.of(symbol);
  const shown = snapshot.positions.find((each) => each.symbol === symbol)?.markPrice ?? prices.mark(symbol, nowMs);
  let gone = held.reduce((sum, position) => addQuantity(sum, position.quantity), -quantity);
  for (const position of held) {
    const part = Math.min(gone, position.quantity);
    if (part <= 0) return;
    const price = shown ?? position.mark_price ?? position.entry_price;
    closeUnexplained(context, position, { quantity: part, price }, nowMs);
    gone = addQuantity(gone, -part);
  }
}

/** Closes a part of a position by a made-up fill. */
function closeUnexplained(
  { positions, outbox, alarms }: LiveContext,
  position: OpenPosition,
  { quantity, price }: Pick<Fill, 'quantity' | 'price'>,
  nowMs: number,
): void {
  const { symbol, signal_id, exit_fills = [] } = position;
  const key = `GONE-${exit_fills.length}`;
  const why = `the venue no longer has ${quantity} of it, and no order of ours explains it; priced at the mark price`;
  const exit = ownExit(position, { reason: 'OPERATOR', key, price, why }, nowMs);
  const fill = fillOf({ id: exit.signal_id, price, quantity, ts: nowMs });
  positions.applyExit(signal_id, exit, fill);
  const times = { received_ts: nowMs };
  const clientOrderId = exit.signal_id;
  outbox.answer(fillAnswer(exit, fill, { clientOrderId, isLast: true, isOwnSignal: true, times }, nowMs));
  outbox.change(symbol);
  alarms.raise(`gone ${exit.signal_id}`, `${symbol}: ${why}`);
}

interface FoundPosition {
  readonly symbol: string;
  readonly side: Side;
  readonly price: number;
  readonly ts: number;
  readonly key: string;
  readonly stopPrice: number | undefined;
}

function adoptedSignal({ run }: LiveContext, found: FoundPosition, reason: string): TradingSignal {
  const { symbol, side, price, ts, key, stopPrice } = found;
  return {
    signal_id: `${symbol}-${side}-${key}${ADOPTED}`,
    run,
    symbol,
    direction: side,
    timestamp: ts,
    ts_init: ts,
    confidence: 1,
    nobi_value: 0,
    entry_price: price,
    reason,
    ...(stopPrice !== undefined && { stop_loss: stopPrice }),
    model: 'none',
    origin: 'ENGINE',
  };
}

interface FillTerms {
  readonly id: string;
  readonly price: number;
  readonly quantity: number;
  readonly ts: number;
}

function fillOf({ id, price, quantity, ts }: FillTerms): Fill {
  return {
    kind: 'FILL',
    client_order_id: id,
    ts_event: ts,
    trade_id: id,
    price,
    quantity,
    fee: 0,
    liquidity: 'TAKER',
    slippage: 0,
  };
}
