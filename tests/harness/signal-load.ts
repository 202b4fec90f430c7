import { setTimeout as pause } from 'node:timers/promises';
import { Channels, Streams } from '@helios/shared/contracts/catalog.ts';
import type { SignalDirection, TradingSignal } from '@helios/shared/domain/signal.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { BusUnavailable } from '@helios/shared/runtime/errors.ts';
import type { Rng } from '@helios/synthetic-market/rng.ts';

const DIRECTIONS: readonly SignalDirection[] = ['LONG', 'SHORT', 'EXIT_LONG', 'EXIT_SHORT'];
const SYMBOLS = ['MADEUPAUSDT', 'MADEUPBUSDT', 'MADEUPCUSDT', 'MADEUPDUSDT'];
const AGAIN_MS = 25;

/** Record of one signal of the load. */
export interface SentSignal {
  readonly id: string;
  /** Time of Redis' confirmation, epoch ms; undefined before it. */
  readonly confirmedMs: number | undefined;
}

export interface LoadOptions {
  /** Prefix of the signal ids: `<name>-1`, `<name>-2` … */
  readonly name: string;
  readonly bus: Bus<'signal-engine'>;
  readonly run: string;
  readonly everyMs: number;
  readonly rng: Rng;
}

/**
 * Sends numbered random signals on its own symbols, in the form of signal-engine, and records the replies of Redis. It
 * repeats an unconfirmed signal until it is confirmed, so it may arrive twice, like one of signal-engine.
 */
export class SignalLoad {
  readonly #options: LoadOptions;
  readonly #sent = new Map<string, number | undefined>();
  #count = 0;
  #stopped = false;
  #abandoned = false;
  readonly #underWay: Promise<void>[] = [];

  constructor(options: LoadOptions) {
    this.#options = options;
  }

  start(): void {
    this.#underWay.push(this.#run());
  }

  /** Resolves once all sent signals are confirmed. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#underWay);
  }

  /** Stops without waiting for confirmations: after a failed test. */
  abandon(): void {
    this.#stopped = true;
    this.#abandoned = true;
  }

  /** Every signal so far, in the order of sending. */
  sent(): readonly SentSignal[] {
    return [...this.#sent].map(([id, confirmedMs]) => ({ id, confirmedMs }));
  }

  /** Sends one signal until Redis confirms it; resolves to its id. */
  async send(fields: Partial<TradingSignal> = {}): Promise<string> {
    const signal = { ...this.#next(), ...fields };
    await this.#sendAll([signal]);
    return signal.signal_id;
  }

  /** Sends many at once, so that their reader is busy. Need not be awaited: `stop` does it. */
  burst(count: number): Promise<void> {
    const sent = this.#sendAll(Array.from({ length: count }, () => this.#next()));
    this.#underWay.push(sent);
    return sent;
  }

  /** Closes what the load has opened: an exit for each symbol and side. */
  async closeAll(): Promise<void> {
    const exits = SYMBOLS.flatMap((symbol) =>
      (['EXIT_LONG', 'EXIT_SHORT'] as const).map((direction) => ({ ...this.#next(), symbol, direction })),
    );
    await this.#sendAll(exits);
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      await this.send();
      await pause(this.#options.everyMs);
    }
  }

  async #sendAll(signals: readonly TradingSignal[]): Promise<void> {
    for (const { signal_id } of signals) this.#sent.set(signal_id, undefined);
    while (!(await this.#confirmed(signals))) {
      if (this.#abandoned) return;
      await pause(AGAIN_MS);
    }
    for (const { signal_id } of signals) this.#sent.set(signal_id, Date.now());
  }

  async #confirmed(signals: readonly TradingSignal[]): Promise<boolean> {
    try {
      await this.#options.bus.write((batch) => {
        for (const signal of signals) {
          batch.append(Streams.signals, signal);
          batch.publish(Channels.tradingSignals, signal);
        }
      });
      return true;
    } catch (error) {
      if (!(error instanceof BusUnavailable)) throw error;
      return false;
    }
  }

  #next(): TradingSignal {
    const { name, rng, run } = this.#options;
    this.#count += 1;
    const nowMs = Date.now();
    const price = (9_000 + rng.below(2_000)) / 100;
    return {
      signal_id: `${name}-${this.#count}`,
      run,
      symbol: SYMBOLS[rng.below(SYMBOLS.length)] ?? '',
      direction: DIRECTIONS[rng.below(DIRECTIONS.length)] ?? 'LONG',
      timestamp: nowMs,
      ts_init: nowMs,
      confidence: rng.uniform(),
      nobi_value: rng.between(-1, 1),
      entry_price: price,
      reason: 'load',
      ...(rng.below(2) === 0 && { quote: { bid: price - 0.01, ask: price + 0.01 } }),
      model: 'none',
      origin: 'ENGINE',
    };
  }
}
