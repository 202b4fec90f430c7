import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { Channels, Maps, Streams } from '@helios/shared/contracts/catalog.ts';
import type { AccountFlow } from '@helios/shared/domain/account-flow.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { OpenOrder, OpenPosition, PositionUpdate } from '@helios/shared/domain/position.ts';
import type { SymbolTerms } from '@helios/shared/domain/symbol-terms.ts';
import { type Backoff, backoffMs } from '@helios/shared/runtime/backoff.ts';
import type { Batch, Bus } from '@helios/shared/runtime/bus.ts';
import { BusUnavailable } from '@helios/shared/runtime/errors.ts';
import { createRedisOutage } from '@helios/shared/runtime/redis-outage.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';

const BACKOFF: Backoff = { baseMs: 50, maxMs: 1_000 };

type Writes = Batch<'execution-manager'>;

export interface PublisherOptions {
  readonly bus: Bus<'execution-manager'>;
  readonly log: Logger;
  /** Epoch ms. */
  readonly now: () => number;
}

/**
 * Writes the state of live trading to Redis: state first, then answers, then news. Nobody in the protective path waits for it. While
 * Redis is away everything stays here, in order.
 */
export class LivePublisher {
  readonly #options: PublisherOptions;
  readonly #outage;
  readonly #stopping = new AbortController();
  /** The newest update of each symbol with positions or orders. */
  readonly #updates = new Map<string, PositionUpdate>();
  #news = new Map<string, PositionUpdate>();
  #executions: Execution[] = [];
  #flows: AccountFlow[] = [];
  #terms = new Map<string, SymbolTerms>();
  /** Grows with each offer; `#written` follows it. */
  #offered = 0;
  #written = 0;
  #flushing: Promise<void> | undefined;
  #awaySinceTs: number | undefined;
  #fault: { readonly error: unknown } | undefined;
  #waiters: { readonly upTo: number; readonly resolve: () => void; readonly reject: (error: unknown) => void }[] = [];

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#outage = createRedisOutage(options.log, {
      begun: 'redis takes no writes, positions and answers wait',
      over: 'redis has all positions and answers again',
    });
  }

  /** Takes the present state of changed symbols, and answers to signals in the order in which they were made. */
  offer(updates: readonly PositionUpdate[], executions: readonly Execution[]): void {
    for (const update of updates) {
      this.#keep(update);
      this.#news.set(update.symbol, update);
    }
    this.#executions.push(...executions);
    this.#begin();
  }

  /** Takes symbols whose marks have changed: they go out with the next write, without news. */
  refresh(updates: readonly PositionUpdate[]): void {
    for (const update of updates) this.#keep(update);
  }

  offerFlows(flows: readonly AccountFlow[]): void {
    if (flows.length === 0) return;
    this.#flows.push(...flows);
    this.#begin();
  }

  offerTerms(terms: SymbolTerms): void {
    this.#terms.set(terms.symbol, terms);
    this.#begin();
  }

  /** Symbols with a position or an order. */
  exposedSymbols(): readonly string[] {
    return [...this.#updates.keys()];
  }

  /** Time since Redis began to refuse writes, ms; 0 if it takes them. */
  get awayMs(): number {
    return this.#awaySinceTs === undefined ? 0 : Math.max(0, this.#options.now() - this.#awaySinceTs);
  }

  /** Call it regularly. @throws the error of a write that failed for another reason than Redis being away */
  check(): void {
    if (this.#fault !== undefined) throw this.#fault.error;
  }

  /** Resolves once Redis has accepted all that was offered so far. Rejects with BusUnavailable when the service stops before. */
  settled(): Promise<void> {
    if (this.#written >= this.#offered) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiters.push({ upTo: this.#offered, resolve, reject });
    });
  }

  /** Puts all positions and orders into a batch: a Redis that lost them has them again. */
  putState(batch: Writes): void {
    const positions: Record<string, OpenPosition> = {};
    const orders: Record<string, OpenOrder> = {};
    for (const update of this.#updates.values()) {
      for (const position of update.positions) positions[`${position.symbol}:${position.side}`] = position;
      for (const order of update.orders) orders[order.order_id] = order;
    }
    batch.setMap(Maps.openPositions, positions);
    batch.setMap(Maps.openOrders, orders);
  }

  /** Writes what waits once more, then gives up. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#flushing;
    if (this.#executions.length > 0)
      this.#options.log.error({ answers: this.#executions.length }, 'stopped before redis took these answers');
    for (const { reject } of this.#waiters) reject(new BusUnavailable('REDIS_UNAVAILABLE', 'the service stops'));
    this.#waiters = [];
  }

  #keep(update: PositionUpdate): void {
    if (update.positions.length + update.orders.length > 0) this.#updates.set(update.symbol, update);
    else this.#updates.delete(update.symbol);
  }

  #begin(): void {
    this.#offered += 1;
    this.#flushing ??= this.#flush().finally(() => {
      this.#flushing = undefined;
    });
  }

  /** Writes until nothing waits. */
  async #flush(): Promise<void> {
    const { signal } = this.#stopping;
    // Offers of one turn go out together, after the orders of that turn: building this write takes as long as building an order.
    await nextTurn();
    for (let failures = 0; this.#written < this.#offered; ) {
      if (await this.#writeOnce()) {
        failures = 0;
        continue;
      }
      if (signal.aborted) return;
      await pause(backoffMs(BACKOFF, failures), undefined, { signal }).catch(() => {});
      failures += 1;
    }
  }

  /** Resolves to false if Redis is away; everything then still waits. */
  async #writeOnce(): Promise<boolean> {
    const upTo = this.#offered;
    const [news, executions, flows, terms] = [this.#news, this.#executions, this.#flows, this.#terms];
    this.#news = new Map();
    this.#executions = [];
    this.#flows = [];
    this.#terms = new Map();
    try {
      await this.#options.bus.write((batch) => {
        this.putState(batch);
        for (const execution of executions) batch.append(Streams.executions, execution);
        for (const flow of flows) batch.append(Streams.accountFlows, flow);
        for (const one of terms.values()) batch.setField(Maps.symbolTerms, one.symbol, one);
        for (const update of news.values()) batch.publish(Channels.positionUpdates, withAnswers(update, executions));
      });
    } catch (error) {
      this.#news = new Map([...news, ...this.#news]);
      this.#executions = [...executions, ...this.#executions];
      this.#flows = [...flows, ...this.#flows];
      this.#terms = new Map([...terms, ...this.#terms]);
      return this.#failed(error);
    }
    this.#outage.end();
    this.#awaySinceTs = undefined;
    this.#written = upTo;
    this.#resolveWaiters();
    return true;
  }

  #failed(error: unknown): boolean {
    try {
      this.#outage.begin(error, { answers: this.#executions.length });
      this.#awaySinceTs ??= this.#options.now();
    } catch (fault) {
      this.#fault = { error: fault };
      this.#stopping.abort();
    }
    return false;
  }

  #resolveWaiters(): void {
    const isDone = ({ upTo }: { readonly upTo: number }): boolean => upTo <= this.#written;
    for (const { resolve } of this.#waiters.filter(isDone)) resolve();
    this.#waiters = this.#waiters.filter((waiter) => !isDone(waiter));
  }
}

/** The update with those of the answers that concern its symbol. */
function withAnswers(update: PositionUpdate, executions: readonly Execution[]): PositionUpdate {
  const answers = executions.filter(({ symbol }) => symbol === update.symbol);
  return answers.length === 0 ? update : { ...update, executions: answers };
}
