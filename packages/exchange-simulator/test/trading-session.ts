import { createHmac } from 'node:crypto';
import type { MarketSource } from '@helios/market-data/source.ts';
import { createGeneratorSource } from '@helios/synthetic-market/generator-source.ts';
import { Exchange } from '../src/exchange.ts';
import { completeContract } from '../src/listing/contract.ts';
import { ExchangeMarket } from '../src/market/exchange-market.ts';
import type { Answer } from '../src/rest/endpoint.ts';
import { ENDPOINTS } from '../src/rest/endpoints.ts';
import { SteppedClock } from '../src/stepped-clock.ts';
import { HandClock } from './venue-client.ts';

export const SYMBOLS = ['BTCUSDT', 'ETHUSDT'] as const;

/** An account of a session: its key, and the events that its user stream brought. */
export interface Trader {
  readonly id: string;
  readonly balance: string;
  // biome-ignore lint/suspicious/noExplicitAny: events of every shape
  readonly events: any[];
}

/** A venue in this process, without sockets: endpoints are called as the server calls them, user events are collected. */
export class TradingSession {
  readonly clock = new HandClock();
  readonly exchange: Exchange;
  readonly traders: readonly Trader[];

  private constructor(exchange: Exchange, clock: HandClock, traders: readonly Trader[]) {
    this.exchange = exchange;
    this.clock = clock;
    this.traders = traders;
  }

  /** On a generated market of two symbols. */
  static generated(seed: number, startMs: number, balances: readonly string[]): Promise<TradingSession> {
    const source = createGeneratorSource({ seed, symbols: [...SYMBOLS], startMs, updatesPerSecond: 2 });
    return TradingSession.on(source, startMs, balances);
  }

  /** On a market of its own, with five seconds of it played. */
  static async on(source: MarketSource, startMs: number, balances: readonly string[]): Promise<TradingSession> {
    const clock = new HandClock();
    clock.ms = startMs;
    const market = await ExchangeMarket.start({ source, nowMs: clock.now, speed: 1, atEnd: 'hold', leadMs: 5_000 });
    const contracts = (await source.instruments()).map(({ symbol, tick_size, step_size, min_notional }) =>
      completeContract({ symbol, tickSize: tick_size, stepSize: step_size, minNotional: min_notional }),
    );
    const traders = balances.map((balance, index) => ({ id: `t${index}`, balance, events: [] }));
    const accounts = traders.map(({ id, balance }) => ({ id, balance, keys: [{ apiKey: id, apiSecret: id }] }));
    const limits = { weightPerMinute: 1e9, refusalsUntilBan: 10 };
    const exchange = new Exchange({
      contracts,
      markets: [market],
      marketName: (name) => name,
      limits,
      accounts,
      clock: new SteppedClock(clock.now),
    });
    const session = new TradingSession(exchange, clock, traders);
    session.#listen();
    return session;
  }

  #listen(): void {
    const { userStream } = this.exchange.trading;
    const ofKey = new Map(this.traders.map((trader) => [userStream.keys.start(trader.id, this.clock.ms), trader]));
    // A client gets a text, so the text counts.
    userStream.connect(({ stream, data }) => ofKey.get(stream)?.events.push(asRead(data)));
  }

  /** Calls an endpoint with a signed request; the body comes back as a client reads it, ids as text. */
  // biome-ignore lint/suspicious/noExplicitAny: bodies of every shape
  call(trader: Trader, method: string, path: string, parameters: Readonly<Record<string, string>> = {}): any {
    const endpoint = ENDPOINTS.find((one) => one.method === method && one.path === path);
    if (endpoint === undefined) throw new Error(`There is no ${method} ${path}.`);
    const text = new URLSearchParams({ ...parameters, timestamp: String(this.clock.ms) }).toString();
    const signature = createHmac('sha256', trader.id).update(text).digest('hex');
    const sent = { signedText: `${text}&signature=${signature}`, apiKey: trader.id };
    const answer: Answer = endpoint.answer(new URLSearchParams(sent.signedText), this.exchange, sent);
    return answer.kind === 'OK' ? asRead(answer.body) : answer;
  }

  /** Moves the clock and plays the market up to it. */
  async pass(ms: number): Promise<void> {
    this.clock.ms += ms;
    await this.exchange.advance();
  }

  /** Moves a symbol's prices to `percent` away from the source's, at once. */
  jump(symbol: string, percent: number): void {
    this.exchange.faults.set([{ fault: 'jump', symbol, percent }], this.clock.ms);
    this.exchange.applyFaults();
  }
}

/** A body as a careful client reads it: ids above 2^53 as text. */
function asRead(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body).replace(/:(\d{16,})/g, ':"$1"'));
}
