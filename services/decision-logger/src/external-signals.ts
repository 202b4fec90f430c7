import { createHash } from 'node:crypto';
import { Streams } from '@helios/shared/contracts/catalog.ts';
import { type ExternalSignal, Quote, type TradingSignal } from '@helios/shared/domain/signal.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import type { Logger } from '@helios/shared/runtime/service.ts';

/** Maximum delay between a message on the channel and its original in the stream. */
const GRACE_MS = 1_000;
const MAX_QUEUE = 10_000;
const STREAM_LOOKED_AT = 1_000;
/** A time in 2001, ms: a smaller value was typed in seconds, or is not a time. */
const EARLIEST_MS = 1e12;
/** Maximum lead of a typed time over the market time. */
const AHEAD_MS = 86_400_000;

export interface ExternalOptions {
  readonly bus: Bus<'decision-logger'>;
  readonly run: string;
  readonly log: Logger;
  readonly isRecorded: (signalId: string) => boolean;
  /** Adds missing stops to an entry. @throws BusUnavailable */
  readonly withStops: (signal: TradingSignal) => Promise<TradingSignal>;
  /** Market time, epoch ms. */
  readonly marketNow: () => number;
  /** The machine's time, epoch ms. */
  readonly wallNow: () => number;
}

interface Waiting {
  readonly message: ExternalSignal;
  readonly receivedMs: number;
  readonly number: number;
}

/**
 * Copies hand-made messages from the channel `trading_signals` to the stream of signals. Each message waits for a second, in
 * order of arrival, because the echo of a stream message may arrive before its original was read.
 */
export class ExternalSignals {
  readonly #options: ExternalOptions;
  #waiting: Waiting[] = [];
  #received = 0;
  #overflown = 0;
  #foreign = 0;

  constructor(options: ExternalOptions) {
    this.#options = options;
  }

  /** A message on the channel: an echo, or a signal published by hand. */
  onMessage(message: ExternalSignal): void {
    const { run, log, isRecorded, wallNow } = this.#options;
    const owner = message['run'];
    if (typeof owner === 'string' && owner !== run) {
      this.#foreign += 1;
      if (this.#foreign === 1)
        log.warn({ run: owner }, 'trading_signals carries signals of another run, dropping them');
      return;
    }
    if (message.signal_id !== undefined && isRecorded(message.signal_id)) return;
    if (this.#waiting.length >= MAX_QUEUE) {
      this.#overflown += 1;
      if (this.#overflown === 1) log.warn({ limit: MAX_QUEUE }, 'too many messages wait on trading_signals, dropping');
      return;
    }
    this.#received += 1;
    this.#waiting.push({ message, receivedMs: wallNow(), number: this.#received });
  }

  /** Copies messages that have waited long enough. @throws BusUnavailable; the remaining ones keep waiting. */
  async takeIn(): Promise<void> {
    // A clock that was set back ends the wait.
    const waits = (receivedMs: number) => Math.abs(this.#options.wallNow() - receivedMs) < GRACE_MS;
    const due = this.#waiting.findIndex(({ receivedMs }) => waits(receivedMs));
    const ready = due === -1 ? [...this.#waiting] : this.#waiting.slice(0, due);
    const unknown = ready.filter(({ message }) => !this.#isRecorded(message));
    if (unknown.length > 0) await this.#append(unknown);
    this.#waiting.splice(0, ready.length);
    this.#overflown = 0;
  }

  async #append(waiting: readonly Waiting[]): Promise<void> {
    const { bus, log, withStops } = this.#options;
    const onStream = new Set(
      (await bus.getLatest(Streams.signals, STREAM_LOOKED_AT)).map(({ signal_id }) => signal_id),
    );
    const fresh = waiting.filter(({ message }) => message.signal_id === undefined || !onStream.has(message.signal_id));
    if (fresh.length === 0) return;
    const taken = await Promise.all(
      fresh.map(async (one) => ({ signal: await withStops(this.#signalOf(one)), typed: one.message.timestamp })),
    );
    await bus.write((batch) => {
      for (const { signal } of taken) batch.append(Streams.signals, signal);
    });
    for (const { signal, typed } of taken) {
      const { signal_id, symbol, direction, entry_price, timestamp } = signal;
      const replaced = typed !== undefined && Math.round(typed) !== timestamp && { replaced_timestamp: typed };
      log.info(
        { signal_id, symbol, direction, entry_price, timestamp, ...replaced },
        'signal published by hand taken in',
      );
    }
  }

  #isRecorded(message: ExternalSignal): boolean {
    return message.signal_id !== undefined && this.#options.isRecorded(message.signal_id);
  }

  #signalOf({ message, receivedMs, number }: Waiting): TradingSignal {
    const quote = Quote.safeParse(message['quote']);
    const marketMs = this.#options.marketNow() || receivedMs;
    return {
      signal_id: message.signal_id ?? idOf(message, receivedMs, number),
      run: this.#options.run,
      symbol: message.symbol,
      direction: message.direction,
      timestamp: plausibleMs(message.timestamp, marketMs) ?? marketMs,
      ts_init: receivedMs,
      confidence: message.confidence ?? 0,
      nobi_value: message.nobi_value ?? 0,
      entry_price: message.entry_price,
      exit_reason: message.exit_reason,
      reason: message.reason ?? 'published by hand',
      stop_loss: message.stop_loss,
      take_profit: message.take_profit,
      ...(quote.success && { quote: quote.data }),
      model: 'none',
      origin: 'EXTERNAL',
    };
  }
}

/** Two equal messages are two signals, so the id contains the receive time and a running number. */
function idOf(message: ExternalSignal, receivedMs: number, number: number): string {
  const content = JSON.stringify([message, receivedMs, number]);
  return `external-${createHash('sha256').update(content).digest('hex').slice(0, 16)}`;
}

/** The typed time in whole milliseconds; undefined if implausible: seconds, not a time, or the far future. */
function plausibleMs(typed: number | undefined, marketMs: number): number | undefined {
  if (typed === undefined || typed < EARLIEST_MS || typed > marketMs + AHEAD_MS) return undefined;
  return Math.round(typed);
}
