import type { GateCode, GateResult } from '@helios/shared/domain/signal.ts';

/** Result of a gate with a number and a limit: passed or refused. */
export function weighed(gate: GateCode, passed: boolean, value: number, limit: number, note?: string): GateResult {
  const result = { gate, outcome: passed ? 'PASSED' : 'REFUSED', value, limit } as const;
  return note === undefined ? result : { ...result, note };
}

/** Result of a gate without enough data: it abstains, or refuses in live trading. */
export function notWarm(gate: GateCode, note: string): GateResult {
  return { gate, outcome: 'NOT_WARM', note };
}

/** Result of a disabled gate. */
export function off(gate: GateCode, note: string): GateResult {
  return { gate, outcome: 'OFF', note };
}
