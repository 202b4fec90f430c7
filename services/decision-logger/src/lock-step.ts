import type { FleetMode, ReplayAck } from '@helios/shared/domain/fleet.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import { RetryLater } from '@helios/shared/runtime/errors.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { PaperAccountHost } from './paper-account-host.ts';

/** Maximum wait of a handler for a frame. The bus then delivers the signal again after a pause. */
const HOLD_MS = 500;
/** Maximum wait for a frame. Unacknowledged frames are published again every 2 s, so a later frame was lost. */
const GIVE_UP_MS = 5_000;

export interface LockStepOptions {
  readonly ledger: Pick<Ledger, 'signalsOfSeq' | 'lastSeq'>;
  readonly paperAccount: Pick<PaperAccountHost, 'restingOrders' | 'orderWatch'>;
  readonly log: Logger;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

/** True for a replay at maximum speed: it waits until each frame is acknowledged. */
export function isLockStep(mode: FleetMode): boolean {
  return mode.source?.kind === 'replay' && mode.source.speed === 'max';
}

/** Processes frames and signals of a lock-step replay in one order, and builds the acknowledgements. */
export class LockStep {
  readonly #options: LockStepOptions;
  readonly #gate = new FrameGate();
  readonly #heldSince = new Map<string, number>();
  /** Frames up to this number may have signals that were recorded before a restart. */
  readonly #recordedTo: number;

  constructor(options: LockStepOptions) {
    this.#options = options;
    this.#recordedTo = options.ledger.lastSeq();
  }

  /** Resolves when the signal's frame was processed here. @throws RetryLater if it was not processed in time */
  async reached({ signal_id, seq }: TradingSignal): Promise<void> {
    if (seq === undefined) return;
    const { nowMs, log } = this.#options;
    const since = this.#heldSince.get(signal_id) ?? nowMs();
    this.#heldSince.set(signal_id, since);
    if (!(await this.#gate.reached(seq, HOLD_MS))) {
      if (nowMs() - since < GIVE_UP_MS) throw new RetryLater(`frame ${seq} of signal ${signal_id} has not arrived yet`);
      log.warn(
        { signal_id, seq, last_seq: this.#gate.last },
        'frame of a signal did not arrive, recording the signal without it',
      );
    }
    this.#heldSince.delete(signal_id);
  }

  /** True for a frame that was processed before. It is only acknowledged. */
  isRepeated({ seq }: MarketEvent): boolean {
    return seq !== undefined && seq <= this.#gate.last;
  }

  /** Number of the last processed event; 0 before the first. */
  lastSeq(): number {
    return this.#gate.last;
  }

  /** A frame was handled. */
  pass({ seq }: MarketEvent): void {
    if (seq !== undefined) this.#gate.pass(seq);
  }

  /** The acknowledgement of a repeated frame. */
  answerToRepeated({ seq }: MarketEvent): ReplayAck {
    return this.answer(seq === undefined ? [] : this.#options.ledger.signalsOfSeq(seq));
  }

  /** The acknowledgement of an event that was just processed. Undefined, unless `isDue` or its signals were recorded before a restart. */
  answerTo({ seq }: MarketEvent, isDue: boolean): ReplayAck | undefined {
    if (seq === undefined) return undefined;
    const signals = seq <= this.#recordedTo ? this.#options.ledger.signalsOfSeq(seq) : [];
    return isDue || signals.length > 0 ? this.answer(signals) : undefined;
  }

  /** The acknowledgement of recorded signals. */
  answer(signals: readonly string[]): ReplayAck {
    const { paperAccount } = this.#options;
    const watch = paperAccount.orderWatch();
    return {
      service: 'decision-logger',
      seq: this.#gate.last,
      signals: [...signals],
      resting_orders: paperAccount.restingOrders(),
      ...(watch && { order_watch: watch }),
    };
  }
}

/** Delays a signal of a lock-step replay until its frame was processed here. */
class FrameGate {
  #last = 0;
  readonly #waiting = new Set<{ seq: number; open: () => void }>();

  /** Number of the newest processed frame; 0 before the first. */
  get last(): number {
    return this.#last;
  }

  /** A frame was handled. */
  pass(seq: number): void {
    if (seq <= this.#last) return;
    this.#last = seq;
    for (const one of [...this.#waiting]) if (one.seq <= seq) one.open();
  }

  /** True as soon as frame `seq` was processed, false after `limitMs`. */
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
