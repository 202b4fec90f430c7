import { framesUntilChange } from '@helios/core/execution/order-watch.ts';
import type { ReplayAck } from '@helios/shared/domain/fleet.ts';
import { type FrameEvents, lastSeqOf } from '@helios/shared/domain/market-data.ts';
import type { OrderWatch } from '@helios/shared/domain/order-watch.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';

/** Delay before unanswered events are published again: a service was killed, or had not subscribed yet. */
const REPEAT_MS = 2_000;
/** Number of unanswered rounds before a warning while the fleet may still be starting. */
const ROUNDS_AT_START = 5;

export interface ReplayLockStepOptions {
  readonly log: Logger;
  readonly stop: AbortSignal;
  readonly repeatMs?: number;
}

type Frames = readonly FrameEvents[];

/**
 * A replay at full speed waits for the services that act on it. signal-engine processes frames one by one until one causes a
 * signal, and acknowledges its progress; decision-logger acknowledges when that signal is recorded. While simulated orders rest,
 * no frame follows one that may change an order until both services have answered. So two replays make the same decisions.
 */
export class ReplayLockStep {
  /** Last settled event; set when a replay resumes. The answer to a repeat may arrive after its frame is settled. */
  settledSeq = 0;
  readonly #log: Logger;
  readonly #stop: AbortSignal;
  readonly #repeatMs: number;
  #engineSeq = 0;
  #loggerSeq = 0;
  #restingOrders = 0;
  #orderWatch: OrderWatch | undefined;
  /**
   * Signals that signal-engine named since the last settled frame, and (below) those that decision-logger recorded. Either may
   * arrive first, and twice.
   */
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
      this.#orderWatch = ack.order_watch;
    }
    this.#wake?.();
  }

  /** Sends frames, and repeats unanswered ones, until all are settled or the replay is stopped. */
  async handOver(frames: Frames, publish: (frames: Frames) => Promise<void>): Promise<void> {
    let rest = frames;
    while (rest.length > 0 && !this.#stop.aborted) {
      const together = rest.slice(0, this.#countTogether(rest));
      await publish(together);
      await this.#settled(together, publish);
      rest = rest.filter((frame) => lastSeqOf(frame) > this.settledSeq);
    }
  }

  /** How many of these frames signal-engine may process before it must know what became of the resting orders. */
  #countTogether(frames: Frames): number {
    if (this.#restingOrders === 0) return frames.length;
    return this.#orderWatch === undefined ? 1 : framesUntilChange(frames, this.#orderWatch);
  }

  /** Resolves when the frames that signal-engine processed are answered, or when stopped; publishes again as often as needed. */
  async #settled(frames: Frames, publish: (frames: Frames) => Promise<void>): Promise<void> {
    for (let round = 1; !(await this.#answeredWithin(frames)); round += 1) {
      if (this.#stop.aborted) return;
      if (round === (this.#engineSeq > 0 ? 1 : ROUNDS_AT_START)) this.#warn(frames);
      // Repeats only frames that signal-engine has processed: it must not continue before their signals are recorded.
      const taken = frames.filter((frame) => lastSeqOf(frame) <= this.#engineSeq);
      await publish(taken.length > 0 ? taken : frames);
    }
    this.settledSeq = this.#takenTo(frames) ?? this.settledSeq;
    this.#named.clear();
    this.#recorded.clear();
  }

  /** The last event of these frames that signal-engine has processed; undefined if it has not processed the first frame. */
  #takenTo(frames: Frames): number | undefined {
    return frames.map(lastSeqOf).findLast((seq) => seq <= this.#engineSeq);
  }

  #unrecorded(): string[] {
    return [...this.#named].filter((id) => !this.#recorded.has(id));
  }

  #isAnswered(frames: Frames): boolean {
    const takenTo = this.#takenTo(frames);
    if (takenTo === undefined || this.#unrecorded().length > 0) return false;
    return this.#restingOrders === 0 || this.#loggerSeq >= takenTo;
  }

  async #answeredWithin(frames: Frames): Promise<boolean> {
    const deadline = performance.now() + this.#repeatMs;
    while (!this.#isAnswered(frames)) {
      const leftMs = deadline - performance.now();
      if (leftMs <= 0 || this.#stop.aborted) return false;
      await this.#nextAck(leftMs);
    }
    return true;
  }

  /** Resolves at the next acknowledgement, after the time limit, or when stopped. */
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

  #warn(frames: Frames): void {
    const seq = this.#takenTo(frames) ?? lastSeqOf(frames[0] ?? []);
    const silent = this.#engineSeq < seq ? 'signal-engine' : 'decision-logger';
    const fields = { seq, silent, signals: this.#unrecorded() };
    this.#log.warn(fields, 'replay waits for an acknowledgement, publishing again every 2 s; is that service running?');
  }
}
