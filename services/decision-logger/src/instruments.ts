import { Maps } from '@helios/shared/contracts/catalog.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';

export interface InstrumentsOptions {
  readonly bus: Bus<'decision-logger'>;
  readonly isKnown: (symbol: string) => boolean;
  readonly onInstrument: (instrument: Instrument) => void;
}

/** Reads steps and limits of the watched symbols, which entries are sized by. */
export class Instruments {
  readonly #options: InstrumentsOptions;

  constructor(options: InstrumentsOptions) {
    this.#options = options;
  }

  /** Reads all that Redis has. @throws BusUnavailable */
  async read(): Promise<void> {
    const instruments = await this.#options.bus.getMap(Maps.instruments);
    for (const instrument of Object.values(instruments)) this.#options.onInstrument(instrument);
  }

  /** Reads the instrument of a symbol that is not known yet, so that its entry is sized by it. @throws BusUnavailable */
  async need(symbol: string): Promise<void> {
    if (!this.#options.isKnown(symbol)) await this.read();
  }
}
