import type { GateResult } from '@helios/shared/domain/signal.ts';
import { bookHistoryGate } from './book-history.ts';
import { bookStaleGate } from './book-stale.ts';
import { confirmationGate } from './confirmation.ts';
import { cooldownGate } from './cooldown.ts';
import { edgeVsCostGate } from './edge-vs-cost.ts';
import { exposureGate } from './exposure.ts';
import type { Gate, GateInput } from './gate.ts';
import { mlConfidenceGate } from './ml-confidence.ts';
import { regimeGate } from './regime.ts';
import { sentimentGate } from './sentiment.ts';
import { spreadGate } from './spread.ts';
import { tradingStateGate } from './trading-state.ts';
import { trendGate } from './trend.ts';
import { volumeGate } from './volume.ts';
import { vwapGate } from './vwap.ts';

/** Every gate, in the order in which they are asked: that of `GateCode`, data before opinion. */
export const GATES: readonly Gate[] = [
  tradingStateGate,
  bookStaleGate,
  bookHistoryGate,
  spreadGate,
  cooldownGate,
  confirmationGate,
  volumeGate,
  vwapGate,
  trendGate,
  regimeGate,
  sentimentGate,
  edgeVsCostGate,
  mlConfidenceGate,
  exposureGate,
];

/** Asks every gate, also after one has refused, so that each can be judged by its record. */
export function askGates(input: GateInput): readonly GateResult[] {
  const { coldGate } = input.view.profile;
  return GATES.map((gate) => {
    const result = gate.ask(input);
    if (coldGate === 'ABSTAIN' || result.outcome !== 'NOT_WARM') return result;
    return { ...result, outcome: 'REFUSED', note: `not warm: ${result.note}` };
  });
}
