import type { TradingAccount } from '../accounts/trading-account.ts';
import type { Exchange } from '../exchange.ts';
import type { RequestPool } from '../limits/pool-meter.ts';
import type { Refusal } from './refusal.ts';

/** Answer of an endpoint: a body, which becomes JSON, or a refusal; and headers besides those of every answer. */
export type Answer = ({ readonly kind: 'OK'; readonly body: unknown } | Refusal) & {
  readonly headers?: Readonly<Record<string, number>>;
};

export const ok = (body: unknown): Answer => ({ kind: 'OK', body });

/** What a signed endpoint needs besides the parameters. */
export interface Sent {
  /** The raw query without its question mark, and the raw body behind it: the signed text. */
  readonly signedText: string;
  /** Header `X-MBX-APIKEY`. */
  readonly apiKey: string | undefined;
  /** Account of a WebSocket session that has logged on: it needs neither key nor signature. */
  readonly loggedOn?: TradingAccount | undefined;
}

/** One path of the venue. */
export interface ServedEndpoint {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  /** Request weight by its raw parameters; a refused request costs it too. */
  weight(query: URLSearchParams): number;
  /** Orders that the request counts as, by its raw parameters; absent for 0. */
  orders?(query: URLSearchParams): number;
  /** Set if the endpoint has a limit besides weight. */
  readonly pool?: RequestPool;
  answer(query: URLSearchParams, exchange: Exchange, sent: Sent): Answer;
}
