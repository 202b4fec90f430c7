import type { GateResult } from '@helios/shared/domain/signal.ts';
import { bookHistory } from './book-history.ts';
import { bookStale } from './book-stale.ts';
import { confirmation } from './confirmation.ts';
import { cooldown } from './cooldown.ts';
import { edgeVsCost } from './edge-vs-cost.ts';
import { exposure } from './exposure.ts';
import type { Gate, GateInput } from './gate.ts';
import { mlConfidence } from './ml-confidence.ts';
import { regime } from './regime.ts';
import { sentiment } from './sentiment.ts';
import { spread } from './spread.ts';
import { tradingState } from './trading-state.ts';
import { trend } from './trend.ts';
import { volume } from './volume.ts';
import { vwap } from './vwap.ts';

/** Every gate, in the order in which they are asked: that of `GateCode`, data before opinion. */
export const GATES: readonly Gate[] = [
  tradingState,
  bookStale,
  bookHistory,
  spread,
  cooldown,
  confirmation,
  volume,
  vwap,
  trend,
  regime,
  sentiment,
  edgeVsCost,
  mlConfidence,
  exposure,
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
