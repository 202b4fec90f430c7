import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { LiveVenue } from '@helios/binance/live/live-venue.ts';
import { premiumIndex } from '@helios/binance/rest/endpoints/premium-index.ts';
import { createSigner } from '@helios/binance/rest/signer.ts';
import type { VenueCommand, VenueNews } from '@helios/core/live/venue-port.ts';
import { type RunningExchange, startExchange } from '@helios/exchange-simulator/start-exchange.ts';
import type { MarketSource } from '@helios/market-data/source.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import { createHttpClient, type HttpOutcome, type PostingHttpClient } from '@helios/shared/runtime/http-client.ts';
import { type AnsweredMark, type RefusedRequest, refusedRequestOf } from './venue-answers.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Made up, in the venue's format: a shorter or simpler text would count as a placeholder. */
const PARITY_KEY = { apiKey: 'q7Wd2ZkR9fLx4TbN'.repeat(4), apiSecret: 'u3Hs8YvJ6mCp1GzA'.repeat(4) };
/** Turns in which nothing happens before the venue counts as quiet. */
const QUIET_TURNS = 2;
/** A request or an event that takes this long hangs; ms of the machine. */
const HANGS_AFTER_MS = 20_000;
/** Until the user stream is open each beat waits for its handshake, ms of the machine. */
const HANDSHAKE_MS = 10;

interface LinkOptions {
  readonly source: MarketSource;
  readonly run: string;
  readonly settings: Settings;
  readonly time: VirtualTime;
  readonly onNews: (news: VenueNews) => void;
}

/**
 * The local exchange with a LiveVenue on it, over HTTP and a user stream, on one virtual clock. In lock-step: `settle` resolves once
 * every request is answered and every user event was handled.
 */
export class VenueLink {
  readonly exchange: RunningExchange;
  readonly venue: LiveVenue;
  readonly answers: { readonly refused: RefusedRequest[]; readonly marks: AnsweredMark[] } = { refused: [], marks: [] };
  readonly #time: VirtualTime;
  readonly #stop = new AbortController();
  readonly #http: PostingHttpClient;
  readonly #work: Promise<void>;
  #requests = 0;
  /** Commands since the last `settle`: their requests may not have begun. */
  #hasCommands = false;
  #isStreamOpen = false;
  #failure: { readonly error: unknown } | undefined;

  private constructor(exchange: RunningExchange, options: LinkOptions) {
    const { run, settings, time, onNews } = options;
    this.exchange = exchange;
    this.#time = time;
    this.#http = createHttpClient();
    const sign = createSigner(PARITY_KEY.apiSecret);
    if (sign === undefined) throw new Error('the made-up secret cannot sign');
    this.venue = new LiveVenue({
      ...{ run, restUrl: exchange.url, streamUrl: exchange.streamUrl, apiKey: PARITY_KEY.apiKey, sign },
      ...{
        now: () => time.now(),
        wait: (ms) => time.wait(ms),
        stop: this.#stop.signal,
        random: () => 0.5,
        log: SILENT,
      },
      http: {
        get: (...request) => this.#counted(this.#http.get(...request)),
        once: (...request) => this.#counted(this.#placed(...request)),
      },
      settings: {
        leverage: settings.trading.leverage,
        marginMode: settings.risk.margin_mode === 'isolated' ? 'ISOLATED' : 'CROSSED',
        weightShare: 1,
      },
      onNews: (news) => {
        if (news.kind === 'USER_STREAM') this.#onStream(news.isOpen, news.reason);
        onNews(news);
      },
    });
    this.#work = this.venue.run().catch((error: unknown) => {
      this.#failure = { error };
    });
  }

  /** Starts the exchange at the time of the clock, which must be that of the first frame. */
  static async start(options: LinkOptions): Promise<VenueLink> {
    const { source, time, settings } = options;
    const balance = String(settings.simulation.starting_balance);
    const exchange = await startExchange({
      market: { kind: 'source', source },
      accounts: [{ id: 'parity', keys: [PARITY_KEY], balance }],
      ...{ nowMs: () => time.now(), leadMs: 0, atEnd: 'hold' as const },
      // The clock runs faster than the machine's, by which the exchange limits messages.
      streams: { messagesPerSecond: 1_000_000 },
    });
    return new VenueLink(exchange, options);
  }

  /** True while nothing is under way between the fleet and the exchange. */
  get isQuiet(): boolean {
    return !this.#hasCommands && this.#requests === 0 && this.#unheard === 0;
  }

  /** Starts a command; `settle` waits for its answer. */
  carryOut(command: VenueCommand): void {
    this.#hasCommands = true;
    this.venue.carryOut(command);
  }

  /** Mark price of a symbol, as the exchange shows it; undefined before any price. */
  async markOf(symbol: string): Promise<number | undefined> {
    const answer = await this.#http.get(`${this.exchange.url}/fapi/v1/premiumIndex?symbol=${symbol}`, HANGS_AFTER_MS);
    if (answer.kind !== 'REPLY' || answer.status !== 200) return undefined;
    const rows = premiumIndex.parse(JSON.parse(answer.body), { symbol });
    const mark = Array.isArray(rows) ? rows[0]?.markPrice : undefined;
    if (mark === undefined) return undefined;
    const price = Number(mark);
    this.answers.marks.push({ ts: this.#time.now(), symbol, price });
    return price;
  }

  /** Waits until the exchange is quiet. @throws what LiveVenue threw, or an error after 20 s of the machine */
  async settle(): Promise<void> {
    if (!this.#isStreamOpen) await pause(HANDSHAKE_MS);
    const deadline = performance.now() + HANGS_AFTER_MS;
    for (let quiet = 0; quiet < QUIET_TURNS; ) {
      this.#hasCommands = false;
      await nextTurn();
      if (this.#failure !== undefined) throw this.#failure.error;
      quiet = this.isQuiet ? quiet + 1 : 0;
      if (performance.now() > deadline) throw new Error(`the exchange is not quiet: ${this.#state}`);
    }
  }

  /** Ends both; the exchange closes its ports. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#time.end();
    await this.#work;
    this.#http.close();
    await this.exchange.stop();
  }

  /** User events that the exchange sent and LiveVenue has not handled yet. */
  get #unheard(): number {
    return this.exchange.eventsSent() - this.venue.userEvents;
  }

  /** A closed stream would cost events, so the run would not be in lock-step. */
  #onStream(isOpen: boolean, reason: string): void {
    if (this.#isStreamOpen && !isOpen) this.#failure ??= { error: new Error(`the user stream closed: ${reason}`) };
    this.#isStreamOpen = isOpen;
  }

  get #state(): string {
    return `${this.#requests} requests, ${this.#unheard} events, stream ${this.#isStreamOpen ? 'open' : 'closed'}`;
  }

  /** Sends a request once, and keeps the answer that refuses it. */
  async #placed(...[method, url, ...more]: Parameters<PostingHttpClient['once']>): Promise<HttpOutcome> {
    const outcome = await this.#http.once(method, url, ...more);
    const refused = refusedRequestOf({ method, url, outcome }, this.#time.now());
    if (refused !== undefined) this.answers.refused.push(refused);
    return outcome;
  }

  async #counted(request: Promise<HttpOutcome>): Promise<HttpOutcome> {
    this.#requests += 1;
    try {
      return await request;
    } finally {
      this.#requests -= 1;
    }
  }
}

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
