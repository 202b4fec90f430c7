import type { EngineOutput } from '@helios/core/strategy/engine-output.ts';
import type { SimulatorEffect } from '@helios/core/trading/paper-trading.ts';
import type { Decision, RefusalReport } from '@helios/shared/domain/decision.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';

/** The results of strategy and paper account, in order. */
export interface PathResult {
  readonly signals: readonly TradingSignal[];
  /** Refused triggers in order, with what they would have earned if the shadow position ended. */
  readonly refusals: readonly Decision[];
  /** The newest state of each signal's decision, in order of the signals. */
  readonly decisions: readonly Decision[];
  /** Every answer to a signal, in order. */
  readonly executions: readonly Execution[];
  readonly trades: readonly ClosedTrade[];
  readonly events: number;
}

/** Something that strategy or paper account did, at a frame of the data. */
export interface PathRecord {
  readonly kind: 'SIGNAL' | 'REFUSAL' | 'FOLLOW_UP' | 'DECISION' | 'TRADE';
  /** Id of the decision or signal. */
  readonly id: string;
  /** Market time, epoch ms. */
  readonly ts: number;
  /** Number of frames played, this one included. */
  readonly frame: number;
  readonly symbol: string;
  /** The signal, decision, follow-up or trade itself. */
  readonly content: object;
}

type Content = PathRecord['content'] & { readonly symbol: string };

/** Keeps what strategy and paper account do, and tells it to `tell` at once. */
export class PathRecords {
  readonly #signals: TradingSignal[] = [];
  readonly #refusals = new Map<string, Decision>();
  readonly #decisions = new Map<string, Decision>();
  readonly #executions: Execution[] = [];
  readonly #trades: ClosedTrade[] = [];
  readonly #tell: (kind: PathRecord['kind'], id: string, content: Content) => void;

  constructor(tell: (kind: PathRecord['kind'], id: string, content: Content) => void) {
    this.#tell = tell;
  }

  /** Takes an output of the strategy; returns it if it is a signal, which the account must get. */
  takeOutput(output: EngineOutput): TradingSignal | undefined {
    if (output.kind === 'REFUSAL') this.#takeRefusal(output.report);
    if (output.kind !== 'SIGNAL') return undefined;
    const { signal } = output;
    this.#signals.push(signal);
    this.#tell('SIGNAL', signal.signal_id, signal);
    return signal;
  }

  takeExecutions(executions: readonly Execution[]): void {
    if (executions.length > 0) this.#executions.push(...executions);
  }

  takeEffects(effects: readonly SimulatorEffect[]): void {
    for (const { decision, trade } of effects) {
      this.#decisions.set(decision.decision_id, decision);
      this.#tell('DECISION', decision.decision_id, decision);
      if (trade === undefined) continue;
      this.#trades.push(trade);
      this.#tell('TRADE', trade.exit_signal_id, trade);
    }
  }

  result(events: number): PathResult {
    return {
      signals: this.#signals,
      refusals: [...this.#refusals.values()],
      decisions: [...this.#decisions.values()],
      executions: this.#executions,
      trades: this.#trades,
      events,
    };
  }

  #takeRefusal(report: RefusalReport): void {
    if (report.kind === 'MOVED') return;
    if (report.kind === 'REFUSED') {
      this.#refusals.set(report.decision.decision_id, report.decision);
      this.#tell('REFUSAL', report.decision.decision_id, report.decision);
      return;
    }
    const refused = this.#refusals.get(report.decision_id);
    if (refused === undefined) return;
    this.#refusals.set(report.decision_id, { ...refused, follow_up: report.follow_up });
    this.#tell('FOLLOW_UP', report.decision_id, { symbol: refused.symbol, ...report.follow_up });
  }
}
