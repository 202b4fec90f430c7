import type { Exchange } from '../exchange.ts';
import type { Refusal } from './refusal.ts';

/** What an endpoint says: a body, which becomes JSON, or the venue's no. */
export type Answer = { readonly kind: 'OK'; readonly body: unknown } | Refusal;

export const ok = (body: unknown): Answer => ({ kind: 'OK', body });

/** One path of the venue. */
export interface Endpoint {
  readonly method: 'GET';
  readonly path: string;
  /** Request weight, by its parameters as they were sent; a refusal costs it too. */
  weight(query: URLSearchParams): number;
  answer(query: URLSearchParams, exchange: Exchange): Answer;
}
