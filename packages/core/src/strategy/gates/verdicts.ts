import type { GateCode, GateResult } from '@helios/shared/domain/signal.ts';

/** A gate with a number and a limit: passed or refused. */
export function weighed(gate: GateCode, passed: boolean, value: number, limit: number, note?: string): GateResult {
  const result = { gate, outcome: passed ? 'PASSED' : 'REFUSED', value, limit } as const;
  return note === undefined ? result : { ...result, note };
}

/** A gate that has nothing to judge by: it abstains, or in live refuses. */
export function notWarm(gate: GateCode, note: string): GateResult {
  return { gate, outcome: 'NOT_WARM', note };
}

/** A gate that is switched off. */
export function off(gate: GateCode, note: string): GateResult {
  return { gate, outcome: 'OFF', note };
}
