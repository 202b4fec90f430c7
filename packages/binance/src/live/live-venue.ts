import type { VenueCommand } from '@helios/core/live/venue-port.ts';
import type { AccountFlow } from '@helios/shared/domain/account-flow.ts';
import type { SymbolTerms } from '@helios/shared/domain/symbol-terms.ts';
import type { RestAnswer } from '../rest/rest-answer.ts';
import type { AccountModes, LiveVenueOptions, VenueLimits } from './live-venue-options.ts';

/**
 * The live account on the venue: carries commands out and reports what the venue says. It decides nothing and repeats no request that
 * may have been carried out.
 */
export class LiveVenue {
  readonly #options: LiveVenueOptions;

  constructor(options: LiveVenueOptions) {
    this.#options = options;
  }

  /** Keeps the user stream open and the clock measured. Resolves when stopped; rejects only on an error of our own code. */
  async run(): Promise<void> {
    await this.#options.wait(0);
    throw new Error('not written yet');
  }

  /** Starts a command; its answer comes as news. Commands of one order run in their order, all others in parallel. */
  carryOut(command: VenueCommand): void {
    throw new Error(`not written yet: ${command.kind}`);
  }

  /** Fees, leverage, margin mode and brackets of the account on a symbol. */
  async readTerms(symbol: string): Promise<RestAnswer<SymbolTerms>> {
    throw new Error(`not written yet: ${symbol}`);
  }

  /** The income of the account from `sinceTs` on (epoch ms, inclusive), oldest first; a flow may come twice, with the same id. */
  async flowsSince(sinceTs: number): Promise<RestAnswer<readonly AccountFlow[]>> {
    throw new Error(`not written yet: ${sinceTs}`);
  }

  /** Position mode, margin assets mode and the right to trade. */
  async readModes(): Promise<RestAnswer<AccountModes>> {
    throw new Error('not written yet');
  }

  limits(): VenueLimits {
    throw new Error('not written yet');
  }

  /** The venue's clock minus ours, ms; undefined before the first measurement. */
  get clockOffsetMs(): number | undefined {
    return undefined;
  }

  /** When the last user event arrived, our clock; undefined before the first. */
  get lastUserEventTs(): number | undefined {
    return undefined;
  }
}
