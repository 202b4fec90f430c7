import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import type { LatencyModel } from './order-latency.ts';

/** A signal with the market time at which its order reaches the venue, epoch ms. */
interface Travelling {
  readonly signal: TradingSignal;
  readonly dueTs: number;
}

/**
 * Orders between decision and venue. They never overtake each other. An order that took time carries the time of its arrival, so
 * that neither trades nor funding before it count.
 */
export class OrdersOnTheirWay {
  readonly #latency: LatencyModel;
  #queue: Travelling[] = [];
  #lastDueTs = 0;

  constructor(latency: LatencyModel) {
    this.#latency = latency;
  }

  send(signal: TradingSignal): void {
    const delayMs = Math.round(this.#latency.delayMs(signal.signal_id));
    if (delayMs === 0 && this.#queue.length === 0) {
      this.#queue.push({ signal, dueTs: signal.timestamp });
      return;
    }
    const dueTs = Math.max(this.#lastDueTs, signal.timestamp + delayMs);
    this.#lastDueTs = dueTs;
    this.#queue.push({ signal: { ...signal, timestamp: dueTs }, dueTs });
  }

  /** Removes and returns the orders that arrive at or before `nowMs`, or strictly before it, oldest first. */
  take(nowMs: number, isStrict = false): readonly Travelling[] {
    return this.#queue.length === 0 ? NONE : this.#takeDue(nowMs, isStrict);
  }

  #takeDue(nowMs: number, isStrict: boolean): readonly Travelling[] {
    const isDue = ({ dueTs }: Travelling) => (isStrict ? dueTs < nowMs : dueTs <= nowMs);
    const due = this.#queue.filter(isDue);
    if (due.length > 0) this.#queue = this.#queue.filter((one) => !isDue(one));
    return due;
  }
}

const NONE: readonly Travelling[] = [];
