import type { FleetMode, ReplayAck } from '@helios/shared/domain/fleet.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import { RetryLater } from '@helios/shared/runtime/errors.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { Ledger } from './ledger/ledger.ts';

/** How long a handler is held; the bus hands the signal over again after a pause. */
const HOLD_MS = 500;
/** Unacknowledged frames are published again every 2 s, so what has not come by now never will. */
const GIVE_UP_MS = 5_000;

export interface LockStepOptions {
  readonly ledger: Pick<Ledger, 'signalsOfSeq' | 'lastSeq'>;
  readonly restingOrders: () => number;
  readonly log: Logger;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

/** True for a replay that goes as fast as every frame can be acknowledged. */
export function isLockStep(mode: FleetMode): boolean {
  return mode.source?.kind === 'replay' && mode.source.speed === 'max';
}

/** Our side of a lock-step replay: frames and signals in one order, and who is told that they are done with. */
export class LockStep {
  readonly #options: LockStepOptions;
  readonly #gate = new FrameGate();
  readonly #heldSince = new Map<string, number>();
  /** Frames up to this one may have signals on record from before a restart. */
  readonly #recordedTo: number;

  constructor(options: LockStepOptions) {
    this.#options = options;
    this.#recordedTo = options.ledger.lastSeq();
  }

  /** Resolves once the signal's frame was handled here. @throws RetryLater while it was not. */
  async reached({ signal_id, seq }: TradingSignal): Promise<void> {
    if (seq === undefined) return;
    const { nowMs, log } = this.#options;
    const since = this.#heldSince.get(signal_id) ?? nowMs();
    this.#heldSince.set(signal_id, since);
    if (!(await this.#gate.reached(seq, HOLD_MS))) {
      if (nowMs() - since < GIVE_UP_MS)
        throw new RetryLater(`frame ${seq} of signal ${signal_id} has not been seen yet`);
      log.warn({ signal_id, seq, last_seq: this.#gate.last }, 'the frame of a signal never came, recording it without');
    }
    this.#heldSince.delete(signal_id);
  }

  /** True for a frame that was published again: it is acknowledged, not handled. */
  isRepeated({ seq }: MarketEvent): boolean {
    return seq !== undefined && seq <= this.#gate.last;
  }

  /** The number of the last event that was handled; 0 before the first. */
  lastSeq(): number {
    return this.#gate.last;
  }

  /** A frame was handled. */
  pass({ seq }: MarketEvent): void {
    if (seq !== undefined) this.#gate.pass(seq);
  }

  /** Answer to a frame that was published again. */
  answerToRepeated({ seq }: MarketEvent): ReplayAck {
    return this.answer(seq === undefined ? [] : this.#options.ledger.signalsOfSeq(seq));
  }

  /** Answer to a frame just handled: none, unless an order rests or `rested` or its signals were recorded before a restart. */
  answerTo({ seq }: MarketEvent, rested: boolean): ReplayAck | undefined {
    if (seq === undefined) return undefined;
    const signals = seq <= this.#recordedTo ? this.#options.ledger.signalsOfSeq(seq) : [];
    return rested || signals.length > 0 || this.#options.restingOrders() > 0 ? this.answer(signals) : undefined;
  }

  /** Says that signals are recorded. */
  answer(signals: readonly string[]): ReplayAck {
    return {
      service: 'decision-logger',
      seq: this.#gate.last,
      signals: [...signals],
      resting_orders: this.#options.restingOrders(),
    };
  }
}

/** Holds a lock-step replay's signals back until the frame they came from was seen here, too. */
class FrameGate {
  #last = 0;
  readonly #waiting = new Set<{ seq: number; open: () => void }>();

  /** The newest frame seen; 0 before the first. */
  get last(): number {
    return this.#last;
  }

  /** A frame was handled. */
  pass(seq: number): void {
    if (seq <= this.#last) return;
    this.#last = seq;
    for (const one of [...this.#waiting]) if (one.seq <= seq) one.open();
  }

  /** True as soon as `seq` was handled, false after `limitMs`. */
  reached(seq: number, limitMs: number): Promise<boolean> {
    if (seq <= this.#last) return Promise.resolve(true);
    return new Promise((resolve) => {
      const settle = (passed: boolean) => {
        clearTimeout(timer);
        this.#waiting.delete(one);
        resolve(passed);
      };
      const one = { seq, open: () => settle(true) };
      const timer = setTimeout(() => settle(false), limitMs);
      this.#waiting.add(one);
    });
  }
}
