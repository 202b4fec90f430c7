import { Maps } from '@helios/shared/contracts/catalog.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';

/** Delay before a symbol without an instrument in Redis is looked up again, so that recording does not wait for Redis. */
const LOOK_AGAIN_MS = 30_000;

export interface InstrumentsOptions {
  readonly bus: Bus<'decision-logger'>;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  readonly isKnown: (symbol: string) => boolean;
  readonly onInstrument: (instrument: Instrument) => void;
}

/** Reads steps and limits of the watched symbols; entries are sized by them. */
export class Instruments {
  readonly #options: InstrumentsOptions;
  readonly #lookedForMs = new Map<string, number>();

  constructor(options: InstrumentsOptions) {
    this.#options = options;
  }

  /** Reads all that Redis has. @throws BusUnavailable */
  async read(): Promise<void> {
    const { bus, onInstrument } = this.#options;
    for (const instrument of Object.values(await bus.getMap(Maps.instruments))) onInstrument(instrument);
  }

  /** Reads an unknown instrument, so that its entry is sized by it. @throws BusUnavailable */
  async need(symbol: string): Promise<void> {
    const { isKnown, nowMs } = this.#options;
    const lookedForMs = this.#lookedForMs.get(symbol);
    if (isKnown(symbol) || (lookedForMs !== undefined && nowMs() - lookedForMs < LOOK_AGAIN_MS)) return;
    await this.read();
    this.#lookedForMs.set(symbol, nowMs());
  }
}
