import type { OpenOrder, OpenPosition } from '@helios/shared/domain/position.ts';
import { signOf } from '../strategy/side-sign.ts';
import type { LiveAccount } from './live-account.ts';
import { restEnd } from './live-answers.ts';
import type { LiveContext } from './live-context.ts';
import type { LiveCovers } from './live-covers.ts';
import type { OrderPair } from './live-orders.ts';
import { decidedPrice } from './next-step.ts';

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
  const cover = covers.state(symbol);
  const stopIds = covers.stopIdsOf(signal_id);
  return {
    ...position,
    ...(mark !== undefined && {
      mark_price: mark,
      unrealized_pnl: signOf(side) * quantity * (mark - entry_price),
    }),
    ...(shown?.liquidationPrice !== undefined && { liquidation_price: shown.liquidationPrice }),
    ...(cover && { cover }),
    ...(stopIds.length > 0 && { stop_ids: stopIds }),
  };
}

/** A working order as readers see it, and as a restart finds it. */
export function shownOrder(run: string, { parent, child }: OrderPair): OpenOrder {
  const { signal, symbol, side, purpose, action } = parent;
  const { execution, quantity, clientOrderId } = child.order;
  return {
    run,
    order_id: clientOrderId,
    signal_id: signal.signal_id,
    symbol,
    side,
    purpose,
    price: execution.type === 'LIMIT' ? execution.price : decidedPrice(signal, action),
    quantity,
    placed_ts: child.placedTs,
    expires_ts: restEnd(child),
    ...(signal.exit_reason && { exit_reason: signal.exit_reason }),
    signal,
    simulated: false,
  };
}
