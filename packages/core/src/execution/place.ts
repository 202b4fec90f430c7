import type { OrderIntent } from '@helios/shared/domain/order.ts';
import type { OpenOrder } from '@helios/shared/domain/position.ts';
import { isExit, sideOf, type TradingSignal } from '@helios/shared/domain/signal.ts';
import { clientOrderIdOf } from './client-order-id.ts';
import { actionOf, type FillPlan } from './fill.ts';
import { pendingOrder } from './order-state.ts';
import type { OrderRequest } from './venue.ts';
import type { WorkingOrder } from './working-orders.ts';

/** Order fields that do not come from the signal. */
export interface OrderTerms {
  readonly run: string;
  readonly plan: FillPlan;
  /** Base currency. */
  readonly quantity: number;
  /** Market time, epoch ms. */
  readonly placedTs: number;
  /** A LIMIT order that still rests at this time expires. */
  readonly expiresTs: number;
  /** 1 for the first order of the signal, 2 for the order that replaces it. */
  readonly attempt: number;
  /** True if any book of the symbol was seen. */
  readonly isMarketKnown: boolean;
  /** Names the order; `clientOrderIdOf` by default. */
  readonly orderIdOf?: typeof clientOrderIdOf | undefined;
}

/** The request for the order that executes a signal. */
export function requestOf(signal: TradingSignal, terms: OrderTerms): OrderRequest {
  const { plan, placedTs, attempt, orderIdOf = clientOrderIdOf } = terms;
  const named = namedPrice(signal, terms);
  return {
    clientOrderId: orderIdOf(signal.signal_id, isExit(signal.direction) ? 'EXIT' : 'ENTRY', attempt),
    intent: intentOf(signal, terms),
    placedTs,
    referencePrice: plan.price,
    decidedTs: signal.ts_init,
    ...(named && { named }),
  };
}

/** The working order of a request, stored until the order is final. */
export function workingOrderOf(
  { clientOrderId, intent, placedTs, referencePrice }: OrderRequest,
  signal: TradingSignal,
  context: Pick<WorkingOrder, 'positionId' | 'isOnRecord' | 'rules'> & { readonly expiresTs: number },
): WorkingOrder {
  const order: OpenOrder = {
    run: intent.run,
    order_id: clientOrderId,
    signal_id: signal.signal_id,
    symbol: signal.symbol,
    side: intent.side,
    purpose: intent.purpose,
    price: intent.price ?? referencePrice,
    quantity: intent.quantity,
    placed_ts: placedTs,
    expires_ts: context.expiresTs,
    exit_reason: signal.exit_reason,
    simulated: true,
  };
  const state = pendingOrder(clientOrderId, intent.quantity);
  const type = intent.order_type;
  return {
    order,
    type,
    signal,
    positionId: context.positionId,
    state,
    isOnRecord: context.isOnRecord,
    rules: context.rules,
    isAnswered: false,
    isOrphan: false,
    after: undefined,
    replaced: undefined,
  };
}

function intentOf(signal: TradingSignal, { run, plan, quantity, expiresTs }: OrderTerms): OrderIntent {
  const leaves = isExit(signal.direction);
  const rests = plan.kind === 'REST';
  return {
    run,
    signal_id: signal.signal_id,
    symbol: signal.symbol,
    side: sideOf(signal.direction),
    purpose: leaves ? 'EXIT' : 'ENTRY',
    action: actionOf(signal.direction),
    order_type: rests ? 'LIMIT' : 'MARKET',
    ...(rests && { price: plan.price, expires_ts: expiresTs }),
    quantity,
    reduce_only: leaves,
    stop_loss: signal.stop_loss,
    take_profit: signal.take_profit,
    exit_reason: signal.exit_reason,
  };
}

/** Uses the price of a hand-made signal if no market price is known. */
function namedPrice(signal: TradingSignal, { plan, isMarketKnown }: OrderTerms): OrderRequest['named'] {
  if (plan.kind === 'REST') return undefined;
  const isTaken = plan.liquidity === 'TAKER' && (isMarketKnown || signal.quote || signal.origin === 'ENGINE');
  return isTaken ? undefined : { price: plan.price, liquidity: plan.liquidity };
}
