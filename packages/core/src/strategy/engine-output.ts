import type { RefusalReport } from '@helios/shared/domain/decision.ts';
import type { TrailingState } from '@helios/shared/domain/position.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';

/** What the strategy wants done, in order. `ts_init` of signals and refusals is the caller's to stamp; the engine sets it to market time. */
export type EngineOutput =
  | { readonly kind: 'SIGNAL'; readonly signal: TradingSignal }
  | { readonly kind: 'REFUSAL'; readonly report: RefusalReport }
  | { readonly kind: 'TRAILING'; readonly field: string; readonly trailing: TrailingState | undefined };

/** The output with the number of its frame, in lock-step. */
export function withSeq(output: EngineOutput, seq: number | undefined): EngineOutput {
  return output.kind === 'SIGNAL' ? { kind: 'SIGNAL', signal: { ...output.signal, seq } } : output;
}
