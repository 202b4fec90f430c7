import { Channels, Lists, Maps, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { Decision } from '@helios/shared/domain/decision.ts';
import type { ReplayAck } from '@helios/shared/domain/fleet.ts';
import type { ClosedTrade, OpenOrder, OpenPosition, PositionUpdate } from '@helios/shared/domain/position.ts';
import type { LedgerImage, PerformanceSummary } from '@helios/shared/domain/statistics.ts';
import type { Batch, Bus } from '@helios/shared/runtime/bus.ts';
import { BusFault, BusUnavailable } from '@helios/shared/runtime/errors.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { ListChange } from './recent-decisions.ts';

/** Everything that Redis shows, as it stands after commit `no`. */
export interface ImageState {
  readonly no: number;
  readonly decisions: readonly Decision[];
  readonly refusals: readonly Decision[];
  readonly summary: PerformanceSummary;
  readonly positions: readonly OpenPosition[];
  readonly orders: readonly OpenOrder[];
  /** Newest of them last. */
  readonly trades: readonly ClosedTrade[];
  readonly updates: readonly PositionUpdate[];
}

/** What commit `no` changed, with the values as they stood right after it. */
export interface ImageChange {
  readonly no: number;
  readonly decisions: readonly ListChange[];
  readonly refusals: readonly ListChange[];
  readonly summary?: PerformanceSummary;
  /** All resting orders; absent where there were none before and after. */
  readonly orders?: readonly OpenOrder[];
  readonly trades: readonly ClosedTrade[];
  readonly updates: readonly PositionUpdate[];
}

interface Options {
  readonly bus: Bus<'decision-logger'>;
  readonly log: Logger;
  readonly state: () => ImageState;
  /** Whose image it is: a wipe, and the image of another ledger, are known by it. */
  readonly owner: Pick<LedgerImage, 'run' | 'ledger'>;
}

const TRADES_COMPARED = 1_000;
const TRADES_A_WRITE = 500;

export const positionField = ({ symbol, side }: Pick<OpenPosition, 'symbol' | 'side'>) => `${symbol}:${side}`;

/**
 * Redis as an image of the ledger. Writes go out one after the other in the order of the commits. A write that Redis did
 * not confirm may have happened or not, so the whole image is then written anew, from absolute values.
 */
export class RedisImage {
  readonly #bus: Bus<'decision-logger'>;
  readonly #log: Logger;
  readonly #state: () => ImageState;
  readonly #owner: Options['owner'];
  #tail: Promise<unknown> = Promise.resolve();
  #dirty = true;
  /** The last commit that Redis shows. */
  #shown = 0;
  #summary: PerformanceSummary | undefined;

  constructor({ bus, log, state, owner }: Options) {
    this.#owner = owner;
    this.#bus = bus;
    this.#log = log;
    this.#state = state;
  }

  /** Shows a commit, then publishes `ack`. Resolves when that is done, or when Redis is away and it was put off. */
  show(change: ImageChange | undefined, ack: ReplayAck | undefined): Promise<void> {
    return this.#next(() => this.#show(change, ack));
  }

  /** Writes the whole image now. @throws BusUnavailable; it is then tried again with the next write or check. */
  rebuild(): Promise<void> {
    this.#dirty = true;
    return this.#next(() => this.#rebuild());
  }

  /** Rebuilds where a write had failed, or where Redis no longer shows the ledger: it was wiped, or somebody wrote there. */
  check(): Promise<void> {
    return this.#next(async () => {
      if (!this.#dirty) {
        const summary = await this.#bus.getRecord(Records.simulatedPnl);
        if (isSame(summary, this.#summary) && (await this.#isWhole())) return;
        this.#log.warn({}, 'redis does not show the ledger any more, writing it anew');
      }
      await this.#rebuild();
    });
  }

  async #isWhole(): Promise<boolean> {
    const image = await this.#bus.getRecord(Records.ledgerImage);
    return image?.run === this.#owner.run && image.ledger === this.#owner.ledger;
  }

  /** Resolves once all that was asked for so far is done. */
  async settled(): Promise<void> {
    await this.#tail;
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#tail.then(work);
    this.#tail = done.catch(() => {});
    return done;
  }

  async #show(change: ImageChange | undefined, ack: ReplayAck | undefined): Promise<void> {
    try {
      if (this.#dirty) await this.#rebuild();
      const fresh = change !== undefined && change.no > this.#shown ? change : undefined;
      await this.#bus.write((batch) => {
        if (fresh) writeChange(batch, fresh);
        if (ack) batch.publish(Channels.replayAcks, ack);
      });
      if (fresh) this.#shown = fresh.no;
      if (fresh?.summary) this.#summary = fresh.summary;
    } catch (error) {
      this.#putOff(error);
    }
  }

  /** What is committed is safe; `check` writes it once Redis takes it. */
  #putOff(error: unknown): void {
    if (!(error instanceof BusUnavailable || error instanceof BusFault)) throw error;
    if (!this.#dirty) this.#log.warn({ problem: error.message }, 'redis did not take an update, the ledger has it');
    this.#dirty = true;
  }

  async #rebuild(): Promise<void> {
    const isWhole = await this.#isWhole();
    const inStream = isWhole ? await this.#bus.getLatest(Streams.trades, TRADES_COMPARED) : [];
    const state = this.#state();
    await this.#bus.write((batch) => {
      // What stands there after a wipe, or from another ledger, has a hole before it.
      if (!isWhole) batch.empty(Streams.trades);
      writeState(batch, state);
      batch.setRecord(Records.ledgerImage, { ...this.#owner, signals: state.summary.signals });
    });
    for (const chunk of chunksOf(missingTrades(inStream, state.trades), TRADES_A_WRITE)) {
      await this.#bus.write((batch) => {
        for (const trade of chunk) batch.append(Streams.trades, trade);
      });
    }
    this.#dirty = false;
    this.#shown = state.no;
    this.#summary = state.summary;
  }
}

function writeChange(batch: Batch<'decision-logger'>, change: ImageChange): void {
  for (const item of change.decisions) writeItem(batch, Lists.decisionLogs, item);
  for (const item of change.refusals) writeItem(batch, Lists.decisionRefusals, item);
  if (change.summary) batch.setRecord(Records.simulatedPnl, change.summary);
  for (const update of change.updates) writePositions(batch, update);
  if (change.orders) batch.setMap(Maps.openOrders, ordersById(change.orders));
  for (const trade of change.trades) batch.append(Streams.trades, trade);
  for (const update of change.updates) batch.publish(Channels.positionUpdates, update);
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

function writeState(batch: Batch<'decision-logger'>, state: ImageState): void {
  batch.setList(Lists.decisionLogs, state.decisions);
  batch.setList(Lists.decisionRefusals, state.refusals);
  batch.setRecord(Records.simulatedPnl, state.summary);
  batch.setMap(
    Maps.openPositions,
    Object.fromEntries(state.positions.map((position) => [positionField(position), position])),
  );
  batch.setMap(Maps.openOrders, ordersById(state.orders));
  for (const update of state.updates) batch.publish(Channels.positionUpdates, update);
}

function ordersById(orders: readonly OpenOrder[]): Record<string, OpenOrder> {
  return Object.fromEntries(orders.map((order) => [order.order_id, order]));
}

/** Trades behind the newest one that the stream (newest first) has already. */
function missingTrades(inStream: readonly ClosedTrade[], trades: readonly ClosedTrade[]): readonly ClosedTrade[] {
  const known = new Set(inStream.map(({ exit_signal_id }) => exit_signal_id));
  return trades.slice(trades.findLastIndex(({ exit_signal_id }) => known.has(exit_signal_id)) + 1);
}

function* chunksOf<T>(items: readonly T[], size: number): Iterable<readonly T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}

function isSame(shown: PerformanceSummary | undefined, ours: PerformanceSummary | undefined): boolean {
  return (
    shown !== undefined &&
    shown.run === ours?.run &&
    shown.signals === ours.signals &&
    shown.total_trades === ours.total_trades &&
    shown.updated_ts === ours.updated_ts
  );
}
