import type { LiveTrading } from '@helios/core/live/live-trading.ts';
import { StepQueue } from '@helios/core/live/step-queue.ts';
import type { VenueCommand, VenueNews } from '@helios/core/live/venue-port.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { LivePublisher } from './live-publisher.ts';

/** Sends a command to the venue. It returns at once; its answers come as news. */
export type CarryOut = (command: VenueCommand) => void;

interface PathOptions {
  readonly trading: LiveTrading;
  readonly carryOut: CarryOut;
  readonly publisher: LivePublisher;
  readonly log: Logger;
  /** Epoch ms. */
  readonly now: () => number;
}

/**
 * The one place where live trading changes: a step of the state machine, then its commands to the venue, then its results to
 * Redis. Nothing here waits, so a missing Redis delays no order.
 */
export class LivePath {
  readonly #options: PathOptions;
  readonly #steps = new StepQueue<(trading: LiveTrading, nowMs: number) => void>((step) => this.#run(step));

  constructor(options: PathOptions) {
    this.#options = options;
  }

  /** Runs a step. A step that another one causes runs after it. */
  act(step: (trading: LiveTrading, nowMs: number) => void): void {
    this.#steps.act(step);
  }

  onNews(news: VenueNews): void {
    this.act((trading, nowMs) => trading.onNews(news, nowMs));
  }

  #run(step: (trading: LiveTrading, nowMs: number) => void): void {
    const { trading, carryOut, publisher, now } = this.#options;
    step(trading, now());
    for (const command of trading.takeCommands()) carryOut(command);
    const executions = trading.takeExecutions();
    const changed = new Set([...trading.takeChanged(), ...executions.map(({ symbol }) => symbol)]);
    if (changed.size === 0) return;
    const nowMs = now();
    publisher.offer(
      [...changed].map((symbol) => trading.positionUpdate(symbol, nowMs)),
      executions.map((execution) => ({ ...execution, ts_init: nowMs })),
    );
    for (const execution of executions) this.#log(execution);
  }

  #log(execution: Execution): void {
    const { signal_id, client_order_id, symbol, side, purpose, answer } = execution;
    const detail = 'fill' in execution ? execution.fill : 'denial' in execution ? execution.denial : {};
    const reason = 'reason' in execution ? { reason: execution.reason } : {};
    const fields = { signal_id, client_order_id, symbol, side, purpose, answer, ...reason };
    this.#options.log.info({ ...fields, detail }, 'answer to a signal');
  }
}
