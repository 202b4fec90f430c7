import type { ReplayAck } from '@helios/shared/domain/fleet.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';

/** Unanswered for this long, events are published again: a service was killed, or had not subscribed yet. */
const REPEAT_MS = 2_000;
/** Rounds without any answer before it is said, while the fleet may still be starting. */
const PATIENCE_AT_START = 5;

export interface ReplayLockStepOptions {
  readonly log: Logger;
  readonly stop: AbortSignal;
  readonly repeatMs?: number;
}

/**
 * A replay at full speed waits, event by event, for those who act on it: signal-engine always; decision-logger for every signal that
 * signal-engine named, and for every event while simulated orders rest. So two replays take the same decisions.
 */
export class ReplayLockStep {
  /** Last event that is done with; set where a replay resumes. The answer to a repeat may come when its frame is settled already. */
  settledSeq = 0;
  readonly #log: Logger;
  readonly #stop: AbortSignal;
  readonly #repeatMs: number;
  #engineSeq = 0;
  #loggerSeq = 0;
  #restingOrders = 0;
  /** Signals of the frame that signal-engine named, and those that decision-logger recorded: each may say so first, and twice. */
  readonly #named = new Set<string>();
  readonly #recorded = new Set<string>();
  #wake: (() => void) | undefined;

  constructor({ log, stop, repeatMs }: ReplayLockStepOptions) {
    this.#log = log;
    this.#stop = stop;
    this.#repeatMs = repeatMs ?? REPEAT_MS;
  }

  onAck(ack: ReplayAck): void {
    if (ack.service === 'signal-engine') {
      if (ack.seq > this.settledSeq) for (const id of ack.signals) this.#named.add(id);
      this.#engineSeq = Math.max(this.#engineSeq, ack.seq);
    } else {
      for (const id of ack.signals) this.#recorded.add(id);
      this.#loggerSeq = Math.max(this.#loggerSeq, ack.seq);
      this.#restingOrders = ack.resting_orders;
    }
    this.#wake?.();
  }

  /** Resolves when everything up to `seq` is answered for, publishing again as often as it takes; or when stopped. */
  async settled(seq: number, publishAgain: () => Promise<void>): Promise<void> {
    for (let round = 1; !(await this.#answeredWithin(seq)); round += 1) {
      if (this.#stop.aborted) return;
      if (round === (this.#engineSeq > 0 ? 1 : PATIENCE_AT_START)) this.#warn(seq);
      await publishAgain();
    }
    this.settledSeq = seq;
    this.#named.clear();
    this.#recorded.clear();
  }

  #unrecorded(): string[] {
    return [...this.#named].filter((id) => !this.#recorded.has(id));
  }

  #isAnswered(seq: number): boolean {
    if (this.#engineSeq < seq || this.#unrecorded().length > 0) return false;
    return this.#restingOrders === 0 || this.#loggerSeq >= seq;
  }

  async #answeredWithin(seq: number): Promise<boolean> {
    const deadline = performance.now() + this.#repeatMs;
    while (!this.#isAnswered(seq)) {
      const leftMs = deadline - performance.now();
      if (leftMs <= 0 || this.#stop.aborted) return false;
      await this.#nextAck(leftMs);
    }
    return true;
  }

  /** Resolves at the next acknowledgement, when the time is up, or when stopped. */
  #nextAck(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#stop.removeEventListener('abort', done);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, withinMs);
      this.#stop.addEventListener('abort', done);
      this.#wake = done;
    });
  }

  #warn(seq: number): void {
    const silent = this.#engineSeq < seq ? 'signal-engine' : 'decision-logger';
    const fields = { seq, silent, signals: this.#unrecorded() };
    this.#log.warn(fields, 'replay waits for an acknowledgement, publishing again every 2 s; is that service running?');
  }
}
