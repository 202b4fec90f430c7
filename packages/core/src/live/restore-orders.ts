import type { OpenOrder, OpenPosition } from '@helios/shared/domain/position.ts';
import { childOrderOf } from './child-order.ts';
import type { OrderPair } from './order-pair.ts';
import { restoredParent } from './parent-order.ts';
import type { LiveOrder } from './venue-port.ts';

/** Role and attempt in a client id. */
const ATTEMPT = /-[ex]([0-9a-z]{1,3})-[0-9a-z]{1,3}$/;
const BASE = 36;

/** An order of an earlier process with its signal; undefined if the record has no signal. */
export function restoredPair(
  order: OpenOrder,
  position: OpenPosition | undefined,
  nowMs: number,
): OrderPair | undefined {
  const { signal, order_id, quantity, purpose, symbol, placed_ts, expires_ts, price, closes } = order;
  if (signal === undefined) return undefined;
  const parent = restoredParent(signal, {
    positionId: purpose === 'ENTRY' ? signal.signal_id : (position?.signal_id ?? ''),
    quantity: purpose === 'ENTRY' ? quantity : closes,
    receivedTs: placed_ts,
  });
  parent.attempts = Number.parseInt(ATTEMPT.exec(order_id)?.[1] ?? '1', BASE);
  const rests = expires_ts > placed_ts;
  const execution: LiveOrder['execution'] = rests ? { type: 'LIMIT', price, timeInForce: 'GTX' } : { type: 'MARKET' };
  const sent: LiveOrder = {
    clientOrderId: order_id,
    symbol,
    action: parent.action,
    quantity,
    reduceOnly: purpose === 'EXIT',
    execution,
  };
  // A record from before the clock was set back has a later time. One of both times equal would not rest after the next start.
  const placedMs = Math.min(placed_ts, nowMs - 1);
  const child = childOrderOf(sent, { nowMs: placedMs, restUntilMs: nowMs, doubtMs: nowMs });
  return { parent, child };
}
