import type { RefusalReport } from '@helios/shared/domain/decision.ts';
import type { TrailingState } from '@helios/shared/domain/position.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';

/** Outputs of the strategy, in order. The engine sets `ts_init` of signals and refusals to market time; the caller replaces it. */
export type EngineOutput =
  | { readonly kind: 'SIGNAL'; readonly signal: TradingSignal }
  | { readonly kind: 'REFUSAL'; readonly report: RefusalReport }
  | { readonly kind: 'TRAILING'; readonly field: string; readonly trailing: TrailingState | undefined };

/** The output with its frame number, in lock-step. */
export function withSeq(output: EngineOutput, seq: number | undefined): EngineOutput {
  return output.kind === 'SIGNAL' ? { kind: 'SIGNAL', signal: { ...output.signal, seq } } : output;
}
