import { orderFlowOf } from '../order-flow.ts';
import { signOf } from '../side-sign.ts';
import type { Gate } from './gate.ts';
import { notWarm, off, weighed } from './verdicts.ts';

/** An imbalance that orders are just now removing is no reason to expect a move. */
export const orderFlowGate: Gate = {
  code: 'ORDER_FLOW',
  about:
    'The order flow of the last ten seconds points against the trade (mean quantities at the best price, in the direction of the trade).',
  ask: ({ side, state, view, params }) => {
    if (!params.signals.order_flow_gate) return off('ORDER_FLOW', 'signals.order_flow_gate = false');
    if (state.bookFlow === undefined) return notWarm('ORDER_FLOW', 'the books are made up: they show no orders');
    const flow = orderFlowOf(state, view.nowMs);
    if (flow === undefined) return notWarm('ORDER_FLOW', 'fewer than 10 s of unbroken books');
    const value = 0 - signOf(side) * flow;
    return weighed('ORDER_FLOW', value >= 0, value, 0);
  },
};
