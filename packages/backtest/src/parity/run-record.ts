import type { EngineOutput } from '@helios/core/strategy/engine-output.ts';
import type { Decision } from '@helios/shared/domain/decision.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';

/** What one run decided and traded, each list in order. */
export interface RunRecord {
  /** Signals of the strategy. */
  readonly signals: readonly TradingSignal[];
  /** Refused triggers. */
  readonly refusals: readonly Decision[];
  readonly executions: readonly Execution[];
  readonly trades: readonly ClosedTrade[];
}

/** Signals and refusals of one engine. */
export class EngineRecord {
  readonly signals: TradingSignal[] = [];
  readonly refusals: Decision[] = [];

  /** Adds outputs; returns the signals among them. */
  add(outputs: readonly EngineOutput[]): readonly TradingSignal[] {
    const signals = outputs.flatMap((output) => (output.kind === 'SIGNAL' ? [output.signal] : []));
    this.signals.push(...signals);
    for (const output of outputs)
      if (output.kind === 'REFUSAL' && output.report.kind === 'REFUSED') this.refusals.push(output.report.decision);
    return signals;
  }
}
