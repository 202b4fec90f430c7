import { Channels, Lists, Maps, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { Account } from '@helios/shared/domain/account.ts';
import type { Decision } from '@helios/shared/domain/decision.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { ClosedTrade, OpenOrder, OpenPosition, PositionUpdate } from '@helios/shared/domain/position.ts';
import type { PositionFunding } from '@helios/shared/domain/position-funding.ts';
import type { PerformanceSummary } from '@helios/shared/domain/statistics.ts';
import type { Batch } from '@helios/shared/runtime/bus.ts';
import type { ListChange } from './recent-decisions.ts';

/**
 * Whose trading is shown. LIVE: execution-manager writes positions, orders, answers and the account itself; only the records of the
 * ledger are ours.
 */
export type ProjectionKind = 'PAPER' | 'LIVE';

/** The record that has the statistics. */
export const summaryEntry = (kind: ProjectionKind) => (kind === 'LIVE' ? Records.performance : Records.simulatedPnl);

/** The complete content of the projection after commit `no`. */
export interface ProjectionState {
  readonly no: number;
  readonly decisions: readonly Decision[];
  readonly refusals: readonly Decision[];
  /** Undefined in live until the balance at the first start is known. */
  readonly summary: PerformanceSummary | undefined;
  readonly positions: readonly OpenPosition[];
  readonly orders: readonly OpenOrder[];
  /** Newest of them last. */
  readonly trades: readonly ClosedTrade[];
  /** Newest of them last. */
  readonly executions: readonly Execution[];
  readonly updates: readonly PositionUpdate[];
  /** Absent if entries have a fixed size. */
  readonly account: Account | undefined;
  readonly sizes: ProjectionSizes;
}

/** Number of documents in each list and map. */
export interface ProjectionSizes {
  readonly decisions: number;
  readonly refusals: number;
  readonly positions: number;
  readonly orders: number;
}

/** The changes of commit `no`, with the values right after it. */
export interface ProjectionChange {
  readonly no: number;
  readonly decisions: readonly ListChange[];
  readonly refusals: readonly ListChange[];
  readonly summary?: PerformanceSummary | undefined;
  /** True if the money of recorded trades was corrected, so the stream of trades must be written again. */
  readonly restatesTrades?: boolean;
  /** Live: all open positions, if the funding of one changed. */
  readonly funded?: readonly OpenPosition[];
  /** All resting orders; absent if there were none before and after. */
  readonly orders?: readonly OpenOrder[];
  readonly trades: readonly ClosedTrade[];
  /** Answers to signals, in order. */
  readonly executions: readonly Execution[];
  readonly updates: readonly PositionUpdate[];
  /** Absent if entries have a fixed size, or if it did not change. */
  readonly account?: Account | undefined;
  readonly sizes: ProjectionSizes;
}

export const positionField = ({ symbol, side }: Pick<OpenPosition, 'symbol' | 'side'>) => `${symbol}:${side}`;

/** Writes a change, then publishes it. */
export function writeChange(batch: Batch<'decision-logger'>, change: ProjectionChange, kind: ProjectionKind): void {
  for (const item of change.decisions) writeItem(batch, Lists.decisionLogs, item);
  for (const item of change.refusals) writeItem(batch, Lists.decisionRefusals, item);
  if (change.summary) batch.setRecord(summaryEntry(kind), change.summary);
  if (kind === 'PAPER') writeTrading(batch, change);
  for (const trade of change.trades) batch.append(Streams.trades, trade);
  if (change.funded) batch.setMap(Maps.positionFunding, fundingByField(change.funded));
  if (kind === 'LIVE') return;
  for (const execution of change.executions) batch.append(Streams.executions, execution);
  for (const update of change.updates) batch.publish(Channels.positionUpdates, update);
}

function writeTrading(batch: Batch<'decision-logger'>, change: ProjectionChange): void {
  if (change.account) writeAccount(batch, change.account);
  for (const update of change.updates) writePositions(batch, update);
  if (change.orders) batch.setMap(Maps.openOrders, ordersById(change.orders));
}

function writeItem(
  batch: Batch<'decision-logger'>,
  list: typeof Lists.decisionLogs | typeof Lists.decisionRefusals,
  change: ListChange,
): void {
  if (change.kind === 'PUSH') batch.push(list, change.decision);
  else batch.setItem(list, change.index, change.decision);
}

function writePositions(batch: Batch<'decision-logger'>, { symbol, positions }: PositionUpdate): void {
  for (const side of ['LONG', 'SHORT'] as const) {
    const position = positions.find((held) => held.side === side);
    if (position) batch.setField(Maps.openPositions, positionField(position), position);
    else batch.deleteField(Maps.openPositions, positionField({ symbol, side }));
  }
}

/** Overwrites everything except the streams. */
export function writeState(batch: Batch<'decision-logger'>, state: ProjectionState, kind: ProjectionKind): void {
  batch.setList(Lists.decisionLogs, state.decisions);
  batch.setList(Lists.decisionRefusals, state.refusals);
  if (state.summary) batch.setRecord(summaryEntry(kind), state.summary);
  if (kind === 'LIVE') {
    batch.setMap(Maps.positionFunding, fundingByField(state.positions));
    return;
  }
  if (state.account) writeAccount(batch, state.account);
  batch.setMap(
    Maps.openPositions,
    Object.fromEntries(state.positions.map((position) => [positionField(position), position])),
  );
  batch.setMap(Maps.openOrders, ordersById(state.orders));
  for (const update of state.updates) batch.publish(Channels.positionUpdates, update);
}

/** Funding of the positions that were charged. */
function fundingByField(positions: readonly OpenPosition[]): Record<string, PositionFunding> {
  const rows = positions.flatMap((position) => {
    const { run, signal_id, funding, funding_ts = position.entry_ts } = position;
    return funding === undefined
      ? []
      : [[positionField(position), { run, signal_id, funding, updated_ts: funding_ts }] as const];
  });
  return Object.fromEntries(rows);
}

function ordersById(orders: readonly OpenOrder[]): Record<string, OpenOrder> {
  return Object.fromEntries(orders.map((order) => [order.order_id, order]));
}

/** Writes the account with ten significant digits per amount, because later digits are rounding noise. */
export function writeAccount(batch: Batch<'decision-logger'>, account: Account): void {
  batch.setRecord(Records.account, { ...rounded(account), positions: account.positions.map(rounded) });
}

function rounded<T extends object>(row: T): T {
  const entries = Object.entries(row).map(([name, value]) => {
    const isAmount = typeof value === 'number' && name !== 'updated_ts' && name !== 'quantity';
    return [name, isAmount ? Number(value.toPrecision(10)) : value];
  });
  return Object.fromEntries(entries) as T;
}

/** True if a push wrote this item, alone or with the whole list. Only a push renews the list's time to live. */
export function isPushed(item: Decision | ListChange): boolean {
  return !('kind' in item) || item.kind === 'PUSH';
}

/** True if the record in Redis is ours. */
export function isSameSummary(shown: PerformanceSummary | undefined, ours: PerformanceSummary | undefined): boolean {
  return (
    shown !== undefined &&
    shown.run === ours?.run &&
    shown.signals === ours.signals &&
    shown.total_trades === ours.total_trades &&
    shown.updated_ts === ours.updated_ts
  );
}
