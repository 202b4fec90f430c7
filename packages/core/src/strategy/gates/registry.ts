import type { GateCode, GateResult } from '@helios/shared/domain/signal.ts';
import { bookHistoryGate } from './book-history.ts';
import { bookStaleGate } from './book-stale.ts';
import { confirmationGate } from './confirmation.ts';
import { cooldownGate } from './cooldown.ts';
import { edgeVsCostGate } from './edge-vs-cost.ts';
import { exposureGate } from './exposure.ts';
import type { Gate, GateInput } from './gate.ts';
import { mlConfidenceGate } from './ml-confidence.ts';
import { orderFlowGate } from './order-flow-gate.ts';
import { reasonGate } from './reason-gate.ts';
import { regimeGate } from './regime.ts';
import { sentimentGate } from './sentiment.ts';
import { spreadGate } from './spread.ts';
import { targetGate } from './target-gate.ts';
import { tradingStateGate } from './trading-state.ts';
import { trendGate } from './trend.ts';
import { volumeGate } from './volume.ts';
import { vwapGate } from './vwap.ts';

/** All gates in their order of evaluation: that of `GateCode`, data before opinion. */
export const GATES: readonly Gate[] = [
  tradingStateGate,
  bookStaleGate,
  bookHistoryGate,
  spreadGate,
  cooldownGate,
  confirmationGate,
  reasonGate,
  orderFlowGate,
  volumeGate,
  vwapGate,
  trendGate,
  regimeGate,
  sentimentGate,
  targetGate,
  edgeVsCostGate,
  mlConfidenceGate,
  exposureGate,
];

/** Evaluates all gates, even after one has refused, so that the record covers each gate. */
export function askGates(input: GateInput): readonly GateResult[] {
  return GATES.map((gate) => ask(gate, input));
}

/** The first gate, in order, that refuses. Later gates are not evaluated. */
export function firstRefusal(input: GateInput): GateCode | undefined {
  for (const gate of GATES) if (ask(gate, input).outcome === 'REFUSED') return gate.code;
  return undefined;
}

/** True if this gate refuses, whatever the others say. */
export function refuses(code: GateCode, input: GateInput): boolean {
  const gate = GATES.find((each) => each.code === code);
  return gate !== undefined && ask(gate, input).outcome === 'REFUSED';
}

function ask(gate: Gate, input: GateInput): GateResult {
  const result = gate.ask(input);
  if (result.outcome !== 'NOT_WARM' || input.view.profile.coldGate === 'ABSTAIN') return result;
  return { ...result, outcome: 'REFUSED', note: `not warm: ${result.note}` };
}
