import type { VenueNews } from '@helios/core/live/venue-port.ts';
import { ENDLESS_TS } from '@helios/core/selection/eligibility.ts';
import type { Listing } from '@helios/core/selection/market-survey.ts';
import { exchangeInfo, type RequestLimits } from '../rest/endpoints/exchange-info.ts';
import type { VenueRequests } from './venue-requests.ts';

/** A delisting is announced days before it happens. */
const READ_EVERY_MS = 3 * 60_000;
/** After a refusal the list is read at once, but not more often than this. */
const READ_AGAIN_MS = 5_000;
/** Refusals that come from the status of a symbol: unknown symbol, closed, no opening. */
const STATUS_CODES: ReadonlySet<string | undefined> = new Set(['-1121', '-1122', '-4108', '-4140', '-4141']);
/** From these a contract does not return to trading. */
const ENDING: ReadonlySet<string> = new Set([
  'PRE_SETTLE',
  'SETTLING',
  'PRE_DELIVERING',
  'DELIVERING',
  'DELIVERED',
  'CLOSE',
]);

type StatusNews = Extract<VenueNews, { kind: 'SYMBOL_STATUS' }>;

interface ReaderOptions {
  readonly requests: Pick<VenueRequests, 'send'>;
  readonly onNews: (news: StatusNews) => void;
  /** The same answer lists the limits of requests. */
  readonly onLimits: (limits: RequestLimits) => void;
  readonly onFailure: (detail: string) => void;
}

/** Reads which symbols the venue lets trade, and tells what changed. */
export class SymbolStatusReader {
  readonly #options: ReaderOptions;
  /** What was told, by symbol. */
  readonly #told = new Map<string, string>();
  #readMs = Number.NEGATIVE_INFINITY;
  #isWanted = false;
  #isFailing = false;

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  /** Reads soon if the venue refused something because of the status of its symbol. */
  onNews(news: VenueNews): void {
    const isOrder = news.kind === 'ORDER' && news.event.kind === 'REJECTED' && STATUS_CODES.has(news.event.code);
    const isStop = news.kind === 'STOP' && STATUS_CODES.has(news.code);
    if (isOrder || isStop || news.kind === 'SYMBOL_REFUSED') this.#isWanted = true;
  }

  /** True if the list must be read now. `symbols`: those that matter. */
  isDue(symbols: ReadonlySet<string>, nowMs: number): boolean {
    const isNew = [...symbols].some((symbol) => !this.#told.has(symbol));
    return (
      symbols.size > 0 && Math.abs(nowMs - this.#readMs) >= (this.#isWanted || isNew ? READ_AGAIN_MS : READ_EVERY_MS)
    );
  }

  /** Reads the list, and tells the status of the symbols that are new or changed. A failure changes nothing. */
  async read(symbols: ReadonlySet<string>, nowMs: number): Promise<void> {
    const { requests, onNews, onLimits, onFailure } = this.#options;
    this.#readMs = nowMs;
    this.#isWanted = false;
    const answer = await requests.send(exchangeInfo, undefined, 'ENTRY');
    if (answer.kind === 'FAILURE') {
      if (!this.#isFailing) onFailure(answer.detail);
      this.#isFailing = true;
      this.#isWanted = true;
      return;
    }
    this.#isFailing = false;
    onLimits(answer.value);
    const listed = new Map(answer.value.listings.rows.map((row) => [row.symbol, row]));
    for (const symbol of symbols) {
      const listing = listed.get(symbol);
      const key = listing === undefined ? 'NOT_LISTED' : `${listing.status} ${listing.deliveryTs}`;
      if (this.#told.get(symbol) === key) continue;
      this.#told.set(symbol, key);
      onNews(symbolStatusOf(symbol, listing, nowMs));
    }
  }
}

/** What the list says of a symbol. A missing row may be an unreadable one: nothing is closed for it. */
export function symbolStatusOf(symbol: string, listing: Listing | undefined, nowMs: number): StatusNews {
  const news = { kind: 'SYMBOL_STATUS', symbol } as const;
  if (listing === undefined) return { ...news, status: 'NOT_LISTED', canEnter: false };
  const { status: word, deliveryTs } = listing;
  // A perpetual has a delivery date only once its delisting is announced.
  const hasEnd = deliveryTs > 0 && deliveryTs < ENDLESS_TS;
  const status = hasEnd ? `${word} until ${new Date(deliveryTs).toISOString()}` : word;
  const ended = { ...news, status, canEnter: false };
  if (ENDING.has(word)) return { ...ended, closeBeforeTs: hasEnd ? Math.min(deliveryTs, nowMs) : nowMs };
  if (hasEnd) return { ...ended, closeBeforeTs: deliveryTs };
  return { ...news, status, canEnter: word === 'TRADING' };
}
