import type { LiveStatus } from '@helios/shared/domain/live-status.ts';
import { accountBlocks } from './entry-checks.ts';
import { marginCallOf } from './hear-other-hand.ts';
import { ownerOf } from './live-order-id.ts';
import type { LiveParts } from './live-parts.ts';

/** The part of `live_status` that the core knows. */
export interface LiveTradingStatus
  extends Pick<
    LiveStatus,
    | 'blocked_by'
    | 'reconciled_ts'
    | 'differences'
    | 'unknown_orders'
    | 'foreign_orders'
    | 'foreign_positions'
    | 'margin_call'
    | 'uncovered_ms'
    | 'order_latency_ms'
    | 'rejects'
  > {
  /** True once a snapshot that was asked for after the last change shows no position and no order of ours. */
  readonly is_proven_flat: boolean;
}

export function statusOf(parts: LiveParts, nowMs: number): LiveTradingStatus {
  const { context, orders, covers, reconciliation, conditions } = parts;
  const { reconciledMs } = reconciliation;
  const call = marginCallOf(parts, nowMs);
  const latency = context.statistics.latencyMs();
  return {
    blocked_by: accountBlocks(parts, conditions),
    ...(reconciledMs !== undefined && { reconciled_ts: reconciledMs }),
    differences: [...reconciliation.differences(), ...context.alarms.texts(nowMs)],
    unknown_orders: orders.inDoubt().map(({ child }) => child.order.clientOrderId),
    foreign_orders: reconciliation.foreignOrders(),
    foreign_positions: [...reconciliation.foreignPositions()].map(([symbol, quantity]) => `${symbol} ${quantity}`),
    ...(call && { margin_call: { ts: call.ms, symbols: [...call.symbols] } }),
    uncovered_ms: covers.uncoveredMs(nowMs),
    ...(latency && { order_latency_ms: latency }),
    rejects: context.statistics.rejects(),
    is_proven_flat: isProvenFlat(parts),
  };
}

function isProvenFlat({ context, orders, reconciliation, changed }: LiveParts): boolean {
  const shown = reconciliation.last;
  if (shown === undefined || shown.tsAsked <= changed.lastMs) return false;
  if (orders.actives().length > 0 || context.positions.all().length > 0) return false;
  const isOurs = (id: string) => ownerOf(id, context.tag) === 'OURS';
  const others = reconciliation.foreignPositions();
  const rests = [...shown.orders.map((order) => order.clientOrderId), ...shown.stops.map((stop) => stop.clientAlgoId)];
  return (
    !rests.some(isOurs) && shown.positions.every(({ symbol }) => others.has(symbol) && !reconciliation.differs(symbol))
  );
}
