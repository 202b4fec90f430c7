import type { OpenOrder, OpenPosition } from '@helios/shared/domain/position.ts';
import { addQuantity } from '../price/significant-digits.ts';
import { signOf } from '../strategy/side-sign.ts';
import { openQuantity } from './drive-orders.ts';
import type { LiveAccount } from './live-account.ts';
import { restEnd } from './live-answers.ts';
import type { LiveContext } from './live-context.ts';
import type { LiveCovers } from './live-covers.ts';
import { liveOrderId } from './live-order-id.ts';
import type { LiveParts } from './live-parts.ts';
import { decidedPrice } from './next-step.ts';
import type { OrderPair } from './order-pair.ts';
import type { ParentOrder } from './parent-order.ts';

interface Parts {
  readonly context: LiveContext;
  readonly covers: LiveCovers;
  readonly account: LiveAccount;
}

/** A position as readers see it: with its mark price, liquidation price and cover. */
export function shownPosition(
  { context, covers, account }: Parts,
  position: OpenPosition,
  nowMs: number,
): OpenPosition {
  const { symbol, side, quantity, entry_price, signal_id } = position;
  const shown = account.shown(symbol);
  const mark = context.prices.mark(symbol, nowMs) ?? shown?.markPrice;
  const liquidationPrice = account.liquidationPrice(position);
  const cover = covers.state(symbol);
  const stopIds = covers.stopIdsOf(signal_id);
  return {
    ...position,
    ...(mark !== undefined && {
      mark_price: mark,
      unrealized_pnl: signOf(side) * quantity * (mark - entry_price),
    }),
    ...(liquidationPrice !== undefined && { liquidation_price: liquidationPrice }),
    ...(cover && { cover }),
    ...(stopIds.length > 0 && { stop_ids: stopIds }),
  };
}

/** The orders of a symbol as readers see them, and as a restart finds them. */
export function shownOrders({ context, orders }: Pick<LiveParts, 'context' | 'orders'>, symbol: string): OpenOrder[] {
  const working = orders.working().filter(({ child }) => child.order.symbol === symbol);
  const waiting = orders.actives().filter((parent) => parent.symbol === symbol && !parent.child && !parent.isOver);
  return [
    ...working.map((pair) => shownOrder(context.run, pair)),
    ...waiting.map((parent) => waitingOrder(context, parent, openQuantity(context, parent))),
  ];
}

function shownOrder(run: string, { parent, child }: OrderPair): OpenOrder {
  const { execution, quantity, clientOrderId } = child.order;
  const price = execution.type === 'LIMIT' ? execution.price : decidedPrice(parent.signal, parent.action);
  const times = { placed_ts: child.placedTs, expires_ts: restEnd(child) };
  return { ...termsOf(run, parent), order_id: clientOrderId, price, quantity, ...times };
}

/** A signal between two orders counts as its last order, so that a restart does not forget it. */
function waitingOrder({ run, tag }: LiveContext, parent: ParentOrder, open: number): OpenOrder {
  const { signal, purpose, action, attempts, receivedTs } = parent;
  const order_id = liveOrderId(signal.signal_id, purpose, Math.max(attempts, 1), tag);
  const times = { placed_ts: receivedTs, expires_ts: receivedTs };
  const quantity = parent.quantity ?? open;
  return { ...termsOf(run, parent), order_id, price: decidedPrice(signal, action), quantity, ...times };
}

function termsOf(run: string, { signal, symbol, side, purpose, quantity, filledBefore }: ParentOrder) {
  const { signal_id, exit_reason } = signal;
  const part = purpose === 'EXIT' && quantity !== undefined ? addQuantity(quantity, -filledBefore) : undefined;
  return {
    ...{ run, signal_id, symbol, side, purpose, signal, simulated: false },
    ...(exit_reason && { exit_reason }),
    ...(part !== undefined && { closes: part }),
  };
}
