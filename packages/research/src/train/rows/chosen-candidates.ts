import type { GateCode, GateResult } from '@helios/shared/domain/signal.ts';

/** An order that these refuse is never sent, whatever a model says: the price of the order is too high for its distances. */
const COST_GATES: ReadonlySet<GateCode> = new Set(['SPREAD', 'TARGET']);

/** A trigger with its order. */
interface Proposed {
  readonly symbol: string;
  readonly timestamp: number;
  readonly gates?: readonly GateResult[] | undefined;
}

/** Chooses the candidates that a model learns from: those whose order could be sent, at most one of a symbol in `apartMs`. */
export class ChosenCandidates {
  readonly #apartMs: number;
  readonly #lastTs = new Map<string, number>();

  constructor(apartMs: number) {
    this.#apartMs = apartMs;
  }

  /** True if it belongs to them; then the next one of its symbol is at least `apartMs` later. */
  take({ symbol, timestamp, gates = [] }: Proposed): boolean {
    if (gates.some(({ gate, outcome }) => outcome === 'REFUSED' && COST_GATES.has(gate))) return false;
    if (timestamp - (this.#lastTs.get(symbol) ?? Number.NEGATIVE_INFINITY) < this.#apartMs) return false;
    this.#lastTs.set(symbol, timestamp);
    return true;
  }
}
