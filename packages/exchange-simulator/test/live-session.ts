import { LiveVenue } from '@helios/binance/live/live-venue.ts';
import type { LiveVenueSettings } from '@helios/binance/live/live-venue-options.ts';
import { createSigner } from '@helios/binance/rest/signer.ts';
import type { LiveOrder, LiveStop, VenueNews } from '@helios/core/live/venue-port.ts';
import { createHttpClient } from '@helios/shared/runtime/http-client.ts';
import { expect, onTestFinished } from 'vitest';
import type { ExchangeStart } from '../src/exchange-start.ts';
import type { FaultInput } from '../src/faults/fault.ts';
import { type RunningExchange, startExchange } from '../src/start-exchange.ts';
import { stillMarket } from './still-market.ts';
import { get } from './venue-client.ts';

const LOG = { debug() {}, info() {}, warn() {}, error() {} };
const KEY = { apiKey: 'k'.repeat(64), apiSecret: 's'.repeat(64) };

/** An order in the exchange’s own ledger. */
interface TrueOrder {
  readonly order_id: string;
  readonly client_order_id: string;
  readonly status: string;
  /** Decimal text. */
  readonly filled: string;
}

interface Row {
  readonly kind: string;
  readonly order: TrueOrder;
}

type NewsOf<K extends VenueNews['kind']> = Extract<VenueNews, { kind: K }>;

/** A live venue on a local exchange whose prices stand still, both stopped after the test. */
export class LiveSession {
  readonly venue: RunningExchange;
  readonly live: LiveVenue;
  readonly news: VenueNews[] = [];

  readonly #stop: AbortController;

  private constructor(venue: RunningExchange, live: LiveVenue, stop: AbortController) {
    [this.venue, this.live, this.#stop] = [venue, live, stop];
  }

  /** Starts both, and waits until the user stream is open. */
  static async open(
    start: Partial<ExchangeStart> = {},
    settings: Partial<LiveVenueSettings> = {},
  ): Promise<LiveSession> {
    const venue = await startExchange({ market: { kind: 'source', source: stillMarket() }, key: KEY, ...start });
    onTestFinished(() => venue.stop());
    return LiveSession.#on(venue, settings);
  }

  /** A second process on the same account. */
  static beside(first: LiveSession): Promise<LiveSession> {
    return LiveSession.#on(first.venue);
  }

  static async #on(venue: RunningExchange, settings: Partial<LiveVenueSettings> = {}): Promise<LiveSession> {
    const [http, stop] = [createHttpClient(), new AbortController()];
    const sign = createSigner(KEY.apiSecret);
    if (sign === undefined) throw new Error('no signer');
    const live: LiveVenue = new LiveVenue({
      ...{ run: 'live:test', restUrl: venue.url, streamUrl: venue.streamUrl, apiKey: KEY.apiKey, sign, http },
      ...{ now: Date.now, random: () => 0.5, stop: stop.signal, log: LOG },
      wait: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)),
      settings: { leverage: 5, marginMode: 'ISOLATED', weightShare: 0.6, ...settings },
      onNews: (one: VenueNews) => void session.news.push(one),
    });
    const session = new LiveSession(venue, live, stop);
    const running = live.run();
    onTestFinished(async () => {
      stop.abort();
      await running;
      http.close();
    });
    await session.first('USER_STREAM');
    return session;
  }

  /** All news of a kind so far. */
  all<K extends VenueNews['kind']>(kind: K): readonly NewsOf<K>[] {
    return this.news.filter((one): one is NewsOf<K> => one.kind === kind);
  }

  /** The first news of a kind from now or before that fits. */
  async first<K extends VenueNews['kind']>(
    kind: K,
    fits: (news: NewsOf<K>) => boolean = () => true,
  ): Promise<NewsOf<K>> {
    await expect.poll(() => this.all(kind).some(fits), { timeout: 8_000, message: kind }).toBe(true);
    const found = this.all(kind).find(fits);
    if (found === undefined) throw new Error(kind);
    return found;
  }

  /** Ends the process. */
  end(): void {
    this.#stop.abort();
  }

  /** How many requests to a path the exchange got. */
  async requestsTo(path: string): Promise<number> {
    const { body } = await get({ url: this.venue.controlUrl }, '/control/requests');
    return body.paths[path]?.requests ?? 0;
  }

  /** Forgets the news so far. */
  forget(): void {
    this.news.length = 0;
  }

  faults(...faults: FaultInput[]): Promise<void> {
    return this.venue.setFaults(faults);
  }

  async act(action: object): Promise<void> {
    const body = JSON.stringify(action);
    const { status, text } = await get({ url: this.venue.controlUrl }, '/control/actions', { method: 'POST', body });
    if (status !== 200) throw new Error(text);
  }

  /** Client ids of the orders that the exchange itself accepted, in their order; one that it accepted twice comes twice. */
  async placedOrders(): Promise<readonly string[]> {
    return (await this.trueOrders()).map((order) => order.client_order_id);
  }

  /** The orders that the exchange itself accepted, as they are now. */
  async trueOrders(): Promise<readonly TrueOrder[]> {
    const { body } = await get({ url: this.venue.controlUrl }, '/control/ledger');
    const rows: readonly Row[] = body.entries.filter((row: Row) => row.kind === 'ORDER');
    const latest = new Map(rows.map(({ order }) => [order.order_id, order]));
    return [...latest.values()];
  }

  /** Signed amount of the position at the exchange, decimal text; undefined if flat. */
  async truePosition(): Promise<string | undefined> {
    const { body } = await get({ url: this.venue.controlUrl }, '/control/accounts');
    return body.accounts[0].positions[0]?.quantity;
  }

  placeMarket(clientOrderId: string, action: 'BUY' | 'SELL', quantity = 0.01, reduceOnly = false): void {
    const order: LiveOrder = {
      ...{ clientOrderId, symbol: 'BTCUSDT', action, quantity, reduceOnly },
      execution: { type: 'MARKET' },
    };
    this.live.carryOut({ kind: 'PLACE_ORDER', order, isProtective: reduceOnly });
  }

  placeLimit(
    clientOrderId: string,
    price: number,
    timeInForce: 'GTC' | 'IOC' | 'GTX' = 'GTX',
    action: 'BUY' | 'SELL' = 'BUY',
  ): void {
    const order: LiveOrder = {
      ...{ clientOrderId, symbol: 'BTCUSDT', action, quantity: 0.01, reduceOnly: false },
      execution: { type: 'LIMIT', price, timeInForce },
    };
    this.live.carryOut({ kind: 'PLACE_ORDER', order, isProtective: false });
  }

  placeStop(clientAlgoId: string, triggerPrice: number, terms: Partial<LiveStop> = {}): void {
    const stop: LiveStop = { clientAlgoId, symbol: 'BTCUSDT', action: 'SELL', quantity: 0.01, triggerPrice, ...terms };
    this.live.carryOut({ kind: 'PLACE_STOP', stop });
  }

  query(clientOrderId: string): void {
    this.live.carryOut({ kind: 'QUERY_ORDER', symbol: 'BTCUSDT', clientOrderId });
  }

  cancel(clientOrderId: string): void {
    this.live.carryOut({ kind: 'CANCEL_ORDER', symbol: 'BTCUSDT', clientOrderId });
  }

  queryStop(clientAlgoId: string): void {
    this.live.carryOut({ kind: 'QUERY_STOP', symbol: 'BTCUSDT', clientAlgoId });
  }

  cancelStop(clientAlgoId: string): void {
    this.live.carryOut({ kind: 'CANCEL_STOP', symbol: 'BTCUSDT', clientAlgoId });
  }

  snapshot(): void {
    this.live.carryOut({ kind: 'TAKE_SNAPSHOT' });
  }
}
