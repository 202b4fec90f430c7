import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import type { ExchangeStart } from '../../src/exchange-start.ts';
import type { FaultInput } from '../../src/faults/fault.ts';
import type { RunningExchange } from '../../src/start-exchange.ts';
import { get } from '../venue-client.ts';
import { type CcxtClient, ccxtOn } from './clients.ts';
import { ControlledMarket } from './controlled-market.ts';
import { useLocalNetworkOnly } from './local-network.ts';
import { KEY, type Row, startSession, UserEvents } from './session.ts';

export const MARKET = 'BTC/USDT:USDT';
const MANUAL = new URL('../../../../docs/local-exchange.md', import.meta.url);

/** ccxt on a venue of its own, with one account and a market that stands still. */
export class FaultMeeting {
  readonly key = KEY;
  readonly market = new ControlledMarket();
  readonly events = new UserEvents();
  venue!: RunningExchange;
  client!: CcxtClient;
  #others: CcxtClient[] = [];

  async open(options: Partial<ExchangeStart> = {}): Promise<void> {
    this.venue = await startSession(this.market, options);
    // Deep on both sides: what is ordered here fills at once and at one price.
    this.market.quote({ bids: [['59999.00', '5.000']], asks: [['60001.00', '5.000']] });
    this.client = await this.another();
    await this.client.loadMarkets();
    await vi.waitFor(async () => expect((await this.client.fetchOrderBook(MARKET)).asks[0]?.[1]).toBe(5));
  }

  /** One more client of the same account. */
  async another(key = KEY): Promise<CcxtClient> {
    const client = await ccxtOn(this.venue, key);
    this.#others.push(client);
    return client;
  }

  /** Lets the client follow its user stream. */
  async follow(): Promise<void> {
    this.client.watchOrders(MARKET).catch(() => {});
    await this.noteEvents();
  }

  /** Notes every message as ccxt parsed it, once a socket is connected. */
  async noteEvents(): Promise<void> {
    const sockets = () => Object.values(this.client.clients) as Row[];
    await vi.waitUntil(() => sockets().some(({ isConnected }) => isConnected), { timeout: 5_000, interval: 5 });
    for (const socket of sockets()) {
      const { onMessageCallback } = socket;
      socket.onMessageCallback = (of: unknown, message: Row) => {
        this.events.add(structuredClone(message));
        onMessageCallback(of, message);
      };
    }
  }

  /** Sets the faults that the manual gives for a row; `nth` counts the requests in its cell. */
  async meet(row: string, nth = 0): Promise<void> {
    const [kind, body] = requestsOf(row)[nth] ?? [];
    if (kind === undefined || body === undefined) throw new Error(`The manual has no request ${nth} for ${row}.`);
    if (kind === 'F') await this.venue.setFaults([body].flat() as FaultInput[]);
    else {
      const init = { method: 'POST', body: JSON.stringify(body) };
      const { status, text } = await get({ url: this.venue.controlUrl }, '/control/actions', init);
      expect([status, text]).toEqual([200, expect.anything()]);
    }
  }

  buy(amount = 0.01, params: Row = {}): Promise<Row> {
    return this.client.createOrder(MARKET, 'market', 'buy', amount, undefined, params);
  }

  sell(amount = 0.01, params: Row = {}): Promise<Row> {
    return this.client.createOrder(MARKET, 'market', 'sell', amount, undefined, params);
  }

  /** A stop that sells 0.01 below 59,500. */
  stop(params: Row = {}): Promise<Row> {
    return this.client.createOrder(MARKET, 'market', 'sell', 0.01, undefined, { stopLossPrice: 59_500, ...params });
  }

  /** Signed size of the position. */
  async held(client = this.client): Promise<number> {
    const [position] = await client.fetchPositions([MARKET]);
    return position === undefined ? 0 : Number(position.contracts) * (position.side === 'short' ? -1 : 1);
  }

  /** The market falls below a stop at 59,500. */
  fall(): void {
    this.market.quote({ bids: [['59400.00', '5.000']], asks: [['59410.00', '5.000']] });
    this.market.trade({ price: '59400.00', quantity: '0.100', taker: 'SELL' });
    this.market.mark('59400.00000000');
  }

  async close(): Promise<void> {
    for (const client of this.#others) await client.close().catch(() => {});
    await this.venue?.stop();
  }
}

/** A meeting for each test of a file; `open` it first. */
export function useFaultMeeting(): { readonly now: FaultMeeting } {
  const holder = { now: new FaultMeeting() };
  useLocalNetworkOnly();
  beforeEach(() => {
    holder.now = new FaultMeeting();
  });
  afterEach(() => holder.now.close());
  return holder;
}

/** Class and code of a refusal, as the client shows them. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  return call.then(
    (answer) => `no refusal: ${JSON.stringify(answer)}`,
    (error: Error) => `${error.constructor.name} ${/"code":(-?\d+)/.exec(error.message)?.[1] ?? ''}`.trim(),
  );
}

type Request = readonly ['F' | 'A', unknown];

/** The requests that the manual gives for a row of the failures, in order. */
function requestsOf(row: string): readonly Request[] {
  const line = readFileSync(MANUAL, 'utf8')
    .split('\n')
    .find((one) => one.startsWith('| F') && (one.split('|')[1] ?? '').split(',').some((id) => id.trim() === row));
  if (line === undefined) throw new Error(`The manual has no row ${row}.`);
  return [...line.matchAll(/\b([FA]) `([{[].*?[}\]])`/g)].map(
    ([, kind, json]): Request => [kind as 'F' | 'A', JSON.parse(json ?? '')],
  );
}
