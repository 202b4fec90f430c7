import type { Exchange } from '../exchange.ts';
import type { RequestPool } from '../limits/pool-meter.ts';
import type { Refusal } from './refusal.ts';

/** What an endpoint says: a body, which becomes JSON, or the venue's no. */
export type Answer = { readonly kind: 'OK'; readonly body: unknown } | Refusal;

export const ok = (body: unknown): Answer => ({ kind: 'OK', body });

/** What a signed endpoint looks at besides the parameters. */
export interface Sent {
  /** The query as it was sent, without its question mark: what was signed. */
  readonly rawQuery: string;
  /** The header `X-MBX-APIKEY`. */
  readonly apiKey: string | undefined;
}

/** One path of the venue. */
export interface ServedEndpoint {
  readonly method: 'GET';
  readonly path: string;
  /** Request weight, by its parameters as they were sent; a refusal costs it too. */
  weight(query: URLSearchParams): number;
  /** Where it has a limit besides weight. */
  readonly pool?: RequestPool;
  answer(query: URLSearchParams, exchange: Exchange, sent: Sent): Answer;
}
