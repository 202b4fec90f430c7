import type { EngineOutput } from '@helios/core/strategy/engine-output.ts';
import { signalIdsOf } from './parcels.ts';

/** Frames with signals whose acknowledgement can be repeated with the ids. */
const REMEMBERED = 100;

interface Acknowledgement {
  readonly seq: number;
  readonly signals: readonly string[];
}

/** Which frames of a lock-step replay were handled: one that comes again is acknowledged again and nothing more. */
export interface FrameLedger {
  /** The acknowledgement of a frame that was handled before. */
  recall(seq: number): Acknowledgement | undefined;
  record(seq: number, outputs: readonly EngineOutput[]): Acknowledgement;
}

export function createFrameLedger(): FrameLedger {
  let newest = 0;
  const withSignals = new Map<number, readonly string[]>();

  return {
    recall: (seq) => (seq <= newest ? { seq, signals: withSignals.get(seq) ?? [] } : undefined),
    record(seq, outputs) {
      newest = seq;
      const signals = signalIdsOf(outputs);
      if (signals.length > 0) withSignals.set(seq, signals);
      const [oldest] = withSignals.keys();
      if (oldest !== undefined && withSignals.size > REMEMBERED) withSignals.delete(oldest);
      return { seq, signals };
    },
  };
}
