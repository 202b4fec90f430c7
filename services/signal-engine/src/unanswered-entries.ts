import type { StrategyEngine } from '@helios/core/strategy/engine.ts';
import { Maps, Streams } from '@helios/shared/contracts/catalog.ts';
import { type Execution, isFinal } from '@helios/shared/domain/execution.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { RetryLater } from '@helios/shared/runtime/errors.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { Background } from './background.ts';
import type { Inbox } from './inbox.ts';
import type { Outbox } from './outbox.ts';

interface Options {
  readonly bus: Bus<'signal-engine'>;
  readonly engine: StrategyEngine;
  readonly run: string;
  /** True if decision-logger, which hosts the paper venue, answers signals. */
  readonly simulated: boolean;
  /** In live no order is made for an older signal, ms. */
  readonly signalMaxAgeMs: number;
  /** Epoch ms. */
  readonly now: () => number;
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  readonly background: Background;
  /** Reads positions and orders into the engine; false if they are unknown. */
  readonly readExposure: () => Promise<boolean>;
  readonly log: Logger;
}

/**
 * Entry signals without a final answer. Each blocks its symbol until the answer arrives, however long it takes and whichever
 * service restarts meanwhile. Redis stores them in `unanswered_entries`, from the signal on.
 */
export interface UnansweredEntries {
  /** Restores those of an earlier start, once. Positions and orders are read after it. */
  restore(): Promise<void>;
  /** Adds a signal that is about to be sent to Redis. */
  remember(signal: TradingSignal): void;
  /** Processes the answers that came with positions, after these. */
  onNews(executions: readonly Execution[]): void;
  /** Processes an answer of the stream `executions`. @throws RetryLater if its effect on positions is not visible yet */
  onExecution(execution: Execution): Promise<void>;
  /**
   * Sends entries again that can get no answer: their readers have read everything, and we have read all answers, so Redis lost them.
   * In live it waits until an entry is so old that its only answer is a denial. Call it regularly: it checks an entry only if the
   * entry already had no answer at the previous call.
   */
  sendLostAgain(): Promise<void>;
}

export function createUnansweredEntries(options: Options): UnansweredEntries {
  const { bus, engine, run, simulated, signalMaxAgeMs, now, inbox, outbox, background, readExposure, log } = options;
  const sentAgain = new Set<string>();
  /** By signal id. Contains some answered signals too; the next check removes them. */
  const signals = new Map<string, TradingSignal>();
  let lookedAt: ReadonlySet<string> = new Set();
  let restored = false;

  const isWaiting = (id: string): boolean => engine.pendingEntries().includes(id);

  /** Ids without an answer both at the previous call and now. */
  function look(): string[] {
    const waiting = engine.pendingEntries();
    const before = lookedAt;
    lookedAt = new Set(waiting);
    for (const id of signals.keys()) if (!waiting.includes(id)) signals.delete(id);
    return waiting.filter((id) => before.has(id));
  }

  async function nothingIsUnderWay(): Promise<boolean> {
    const reader = simulated ? 'decision-logger' : 'risk-manager';
    if (!outbox.isEmpty() || !(await bus.hasReadAll(Streams.signals, reader))) return false;
    if (!simulated && !(await bus.hasReadAll(Streams.orderIntents, 'execution-manager'))) return false;
    // Checked last: an answer is in the stream before its signal is acknowledged.
    return await bus.hasReadAll(Streams.executions, 'signal-engine');
  }

  const isOldEnough = (signal: TradingSignal | undefined): boolean =>
    simulated || (signal !== undefined && now() - signal.timestamp > 2 * signalMaxAgeMs);

  async function forget(signalId: string): Promise<void> {
    await bus.write((batch) => batch.deleteField(Maps.unansweredEntries, signalId));
    sentAgain.delete(signalId);
  }

  return {
    async restore() {
      if (restored) return;
      const kept = Object.values(await bus.getMap(Maps.unansweredEntries)).filter((signal) => signal.run === run);
      for (const signal of kept.sort((a, b) => a.timestamp - b.timestamp)) {
        signals.set(signal.signal_id, signal);
        engine.restoreUnanswered(signal.symbol, signal.signal_id);
      }
      restored = true;
    },

    remember(signal) {
      signals.set(signal.signal_id, signal);
    },

    onNews(executions) {
      // The stream delivers each answer once. A signal that was sent again may have had an earlier answer.
      for (const { signal_id, answer } of executions)
        if (isFinal(answer) && sentAgain.has(signal_id)) background.run(forget(signal_id));
    },

    async onExecution(execution) {
      const { signal_id, purpose, answer } = execution;
      if (execution.run !== run || purpose !== 'ENTRY') return;
      // Usually the news on `position_updates` came first.
      if (isWaiting(signal_id)) {
        await inbox.during(async () => {
          if (!(await readExposure())) throw new RetryLater('the position of an entry is not visible yet');
          engine.onExecution(execution);
        });
      }
      if (isFinal(answer)) await forget(signal_id);
    },

    async sendLostAgain() {
      const waiting = look();
      const old = waiting.filter((id) => isOldEnough(signals.get(id)));
      if (old.length === 0 || !(await nothingIsUnderWay())) return;
      const lost = old.filter(isWaiting).flatMap((id) => signals.get(id) ?? []);
      if (lost.length === 0) return;
      const ids = lost.map(({ signal_id }) => signal_id);
      log.warn({ signals: ids }, 'entry signals are lost without an answer, sending them again');
      // The next check is their first one.
      lookedAt = new Set();
      for (const id of ids) sentAgain.add(id);
      await outbox.send({
        signals: ids,
        put(batch) {
          for (const signal of lost) {
            batch.setField(Maps.unansweredEntries, signal.signal_id, signal);
            batch.append(Streams.signals, signal);
          }
        },
      });
    },
  };
}
