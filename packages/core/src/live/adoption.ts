import type { OpenPosition } from '@helios/shared/domain/position.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import type { Fill } from '@helios/shared/domain/venue-event.ts';
import { addQuantity } from '../price/significant-digits.ts';
import { fillAnswer } from './live-answers.ts';
import type { LiveContext } from './live-context.ts';
import { ownExit } from './own-exit.ts';
import type { Repair } from './reconcile.ts';
import type { AccountSnapshot, VenuePosition } from './venue-port.ts';

/** End of the signal ids of adopted positions. */
const ADOPTED = '-adopted';

/** True for a position that was taken over without its entry. */
export function isAdopted({ signal_id }: Pick<OpenPosition, 'signal_id'>): boolean {
  return signal_id.endsWith(ADOPTED);
}

/**
 * Takes over a position of an earlier process at the venue's own entry price. The ids depend on the position only, so that a second
 * start adopts the same.
 */
export function adopt(
  context: LiveContext,
  { position, stopPrice }: Extract<Repair, { kind: 'ADOPT' }>,
  nowMs: number,
): void {
  const { positions, outbox } = context;
  const { symbol, signedQuantity, entryPrice, tsUpdate } = position;
  const signal = adoptedSignal(context, position, stopPrice);
  const id = signal.signal_id;
  const fill = fillOf({ id, price: entryPrice, quantity: Math.abs(signedQuantity), ts: tsUpdate });
  positions.applyEntry(signal, fill);
  positions.endEntry(signal);
  const times = { received_ts: nowMs, venue_ts: tsUpdate };
  outbox.answer(fillAnswer(signal, fill, { clientOrderId: id, isLast: true, isOwnSignal: true, times }, nowMs));
  outbox.change(symbol);
}

/**
 * Reduces our position to what the venue shows, after no order explained the difference. The mark price stands in for the unknown
 * price, and the alarm says so; the venue's income has the true result.
 */
export function reduceOurs(
  context: LiveContext,
  symbol: string,
  quantity: number,
  snapshot: AccountSnapshot,
  nowMs: number,
): void {
  const { positions, outbox, prices, alarms } = context;
  const position = positions.of(symbol)[0];
  if (position === undefined) return;
  const gone = addQuantity(position.quantity, -quantity);
  const shown = snapshot.positions.find((each) => each.symbol === symbol)?.markPrice;
  const price = shown ?? prices.mark(symbol, nowMs) ?? position.mark_price ?? position.entry_price;
  const key = `GONE-${position.exit_fills?.length ?? 0}`;
  const why = `the venue no longer has ${gone} of it, and no order of ours explains it; priced at the mark price`;
  const exit = ownExit(position, { reason: 'OPERATOR', key, price, why }, nowMs);
  const fill = fillOf({ id: exit.signal_id, price, quantity: gone, ts: nowMs });
  positions.applyExit(position.signal_id, exit, fill);
  const times = { received_ts: nowMs };
  const clientOrderId = exit.signal_id;
  outbox.answer(fillAnswer(exit, fill, { clientOrderId, isLast: true, isOwnSignal: true, times }, nowMs));
  outbox.change(symbol);
  alarms.raise(`gone ${exit.signal_id}`, `${symbol}: ${why}`);
}

function adoptedSignal({ run }: LiveContext, position: VenuePosition, stopPrice: number): TradingSignal {
  const { symbol, signedQuantity, entryPrice, tsUpdate } = position;
  return {
    signal_id: `${symbol}-${signedQuantity > 0 ? 'LONG' : 'SHORT'}-${tsUpdate}${ADOPTED}`,
    run,
    symbol,
    direction: signedQuantity > 0 ? 'LONG' : 'SHORT',
    timestamp: tsUpdate,
    ts_init: tsUpdate,
    confidence: 1,
    nobi_value: 0,
    entry_price: entryPrice,
    reason: 'position of an earlier process, found on the venue with its stop',
    stop_loss: stopPrice,
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
