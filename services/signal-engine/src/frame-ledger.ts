/** Number of frames with signals whose acknowledgement can be repeated with the signal ids. */
const REMEMBERED = 100;

export interface Acknowledgement {
  readonly seq: number;
  readonly signals: readonly string[];
}

/** The processed frames of a lock-step replay, by the number of their last event. */
export interface FrameLedger {
  /** The newest processed frame; 0 before the first. */
  readonly newest: number;
  record(seq: number, signals: readonly string[]): void;
  /** The acknowledgement of a processed frame. */
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
