import type { LiveTrading } from '@helios/core/live/live-trading.ts';
import type { VenueNews } from '@helios/core/live/venue-port.ts';

/** Remembers what the status says about news of the venue. Call it after live trading has applied the news. */
export class NewsWatch {
  readonly #trading: Pick<LiveTrading, 'status'>;
  #isUserStreamOpen = false;
  #flatTs: number | undefined;

  constructor(trading: Pick<LiveTrading, 'status'>) {
    this.#trading = trading;
  }

  onNews(news: VenueNews): void {
    if (news.kind === 'USER_STREAM') this.#isUserStreamOpen = news.isOpen;
    if (news.kind !== 'SNAPSHOT') return;
    const { tsAsked } = news.snapshot;
    this.#flatTs = this.#trading.status(tsAsked).is_proven_flat ? tsAsked : undefined;
  }

  get isUserStreamOpen(): boolean {
    return this.#isUserStreamOpen;
  }

  /** When the newest snapshot was asked for, if it shows nothing of ours. */
  get flatTs(): number | undefined {
    return this.#flatTs;
  }
}
