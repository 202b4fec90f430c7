import { Maps } from '@helios/shared/contracts/catalog.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';

/** A symbol that Redis had no instrument for is not looked for again meanwhile, so that recording does not hang on Redis. */
const LOOK_AGAIN_MS = 30_000;

export interface InstrumentsOptions {
  readonly bus: Bus<'decision-logger'>;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  readonly isKnown: (symbol: string) => boolean;
  readonly onInstrument: (instrument: Instrument) => void;
}

/** Reads steps and limits of the watched symbols, which entries are sized by. */
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

  /** Reads the instrument of a symbol that is not known yet, so that its entry is sized by it. @throws BusUnavailable */
  async need(symbol: string): Promise<void> {
    const { isKnown, nowMs } = this.#options;
    const lookedForMs = this.#lookedForMs.get(symbol);
    if (isKnown(symbol) || (lookedForMs !== undefined && nowMs() - lookedForMs < LOOK_AGAIN_MS)) return;
    await this.read();
    this.#lookedForMs.set(symbol, nowMs());
  }
}
