import type { CandidateFeatures } from '@helios/shared/domain/candidate-features.ts';
import type { GateCode } from '@helios/shared/domain/signal.ts';
import type { BookFlow } from '../features/book-flow.ts';
import { candidateFeaturesOf } from '../features/candidate-features.ts';
import { CandidateWatch } from '../features/candidate-watch.ts';
import type { Excursion } from '../features/excursions.ts';
import { sixDigits } from '../price/significant-digits.ts';
import { featureInputsOf } from './candidate-inputs.ts';
import type { DecisionContext } from './decision-context.ts';
import type { EngineOutput } from './engine-output.ts';
import type { EngineContext } from './engine-port.ts';
import type { EntryProposal } from './entry-proposal.ts';
import { maxHoldMs } from './exit-plan.ts';
import type { SymbolState } from './symbol-state.ts';

/** What they refuse is no candidate: its data are not usable. */
const DATA_GATES: ReadonlySet<GateCode> = new Set(['TRADING_STATE', 'BOOK_STALE', 'BOOK_HISTORY']);

/** Collects the features of a symbol; undefined if the run has none. It finds other symbols among `symbols`. */
export function watchOf(
  symbol: string,
  { collectsFeatures }: EngineContext,
  symbols: ReadonlyMap<string, SymbolState>,
  bookFlow: BookFlow | undefined,
): CandidateWatch | undefined {
  if (collectsFeatures !== true) return undefined;
  return new CandidateWatch(symbol, (other) => symbols.get(other)?.watch?.features, bookFlow);
}

/**
 * Starts to follow a candidate, and returns what a model reads about it. Undefined without features, or if a data gate refused: such a
 * trigger is no candidate.
 */
export function openCandidate(
  { id: decisionId, side, shared: { regime, horizon_min: horizonMin } }: EntryProposal,
  refusedBy: GateCode | undefined,
  { state, view, params }: DecisionContext,
): CandidateFeatures | undefined {
  const { watch, market } = state;
  if (watch === undefined || (refusedBy !== undefined && DATA_GATES.has(refusedBy))) return undefined;
  const ts = view.nowMs;
  const endTs = ts + maxHoldMs({ regime, horizonMin }, params);
  watch.excursions.open({ decisionId, side, price: market.mid, ts, endTs });
  const vector = watch.features.vector(side, featureInputsOf(state, view, params));
  return candidateFeaturesOf(vector, watch.features.sequence(side, ts));
}

/** Reports how far the price went after the candidates whose horizon is over. */
export function reportMoves(moves: readonly Excursion[], run: string, outputs: EngineOutput[]): void {
  for (const { decisionId, side, bestBp, worstBp, endTs, isCut } of moves) {
    const figures = { best_bp: sixDigits(bestBp), worst_bp: sixDigits(worstBp), end_ts: endTs };
    const cut = isCut ? ({ is_cut: true } as const) : {};
    const moved = { kind: 'MOVED', run, decision_id: decisionId, side, ...figures, ...cut } as const;
    outputs.push({ kind: 'REFUSAL', report: moved });
  }
}
