/** Frames with signals whose acknowledgement can be repeated with the ids. */
const REMEMBERED = 100;

export interface Acknowledgement {
  readonly seq: number;
  readonly signals: readonly string[];
}

/** Which frames of a lock-step replay were handled, by the number of their last event. */
export interface FrameLedger {
  /** The newest frame that was handled; 0 before the first. */
  readonly newest: number;
  record(seq: number, signals: readonly string[]): void;
  /** The acknowledgement of a frame that was handled. */
  answerTo(seq: number): Acknowledgement;
}

export function createFrameLedger(): FrameLedger {
  let newest = 0;
  const withSignals = new Map<number, readonly string[]>();

  return {
    get newest() {
      return newest;
    },
    record(seq, signals) {
      newest = seq;
      if (signals.length > 0) withSignals.set(seq, signals);
      const [oldest] = withSignals.keys();
      if (oldest !== undefined && withSignals.size > REMEMBERED) withSignals.delete(oldest);
    },
    answerTo: (seq) => ({ seq, signals: withSignals.get(seq) ?? [] }),
  };
}
