import type { JournalChange } from '@helios/core/journal/journal-change.ts';
import { JournaledTrading } from '@helios/core/journal/journaled-trading.ts';
import { isFlowOf, type LiveLot, liveTradeOf } from '@helios/core/journal/live-lot.ts';
import type { AccountFlow } from '@helios/shared/domain/account-flow.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { AssessedEntry } from '@helios/shared/domain/order.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';

/** The books of a live run in memory, kept by the same functions as the ledger of decision-logger. */
export class LiveBooks {
  readonly #journal: JournaledTrading;
  readonly #flows = new Map<string, AccountFlow>();
  readonly #lots = new Map<string, LiveLot>();
  readonly #closed: ClosedTrade[] = [];
  readonly #unmatched: Execution[] = [];

  constructor(run: string) {
    this.#journal = new JournaledTrading(run, { signals: [], lots: [] }, (lot) => this.#flowsOf(lot));
  }

  /** The venue's income so far. */
  get flows(): readonly AccountFlow[] {
    return [...this.#flows.values()];
  }

  /** Fills that no position explains. */
  get unmatched(): readonly Execution[] {
    return this.#unmatched;
  }

  /** Closed trades as they were known when they closed, oldest first. */
  get closed(): readonly ClosedTrade[] {
    return this.#closed;
  }

  /** Closed trades with all of the venue's income that has arrived since. */
  trades(): readonly ClosedTrade[] {
    const closed = [...this.#lots.values()].filter(({ is_closed }) => is_closed);
    return closed.flatMap((lot) => liveTradeOf(lot, this.#flowsOf(lot)) ?? []);
  }

  onSignal(signal: TradingSignal): void {
    this.#take(this.#journal.onSignal(signal));
  }

  onIntent(entry: AssessedEntry): void {
    this.#take(this.#journal.onIntent(entry));
  }

  onExecution(execution: Execution): void {
    this.#take(this.#journal.onExecution(execution));
  }

  onFlows(flows: readonly AccountFlow[]): void {
    for (const flow of flows) this.#flows.set(flow.flow_id, flow);
  }

  #take({ lots, effects, unmatched }: JournalChange): void {
    for (const lot of lots) this.#lots.set(lot.position_id, lot);
    for (const { trade } of effects) if (trade) this.#closed.push(trade);
    this.#unmatched.push(...unmatched);
  }

  #flowsOf(lot: LiveLot): readonly AccountFlow[] {
    return this.flows.filter((flow) => isFlowOf(lot, flow));
  }
}
