import type { HttpHeaders, PostingHttpClient } from '@helios/shared/runtime/http-client.ts';
import { type Endpoint, isFault, pathWithQuery } from './endpoint.ts';
import { serverTime } from './endpoints/server-time.ts';
import { garbage, judgeReply, type Server } from './judge-reply.ts';
import type { RestAnswer, RestFailure } from './rest-answer.ts';
import type { Signer } from './signer.ts';

/** The request's timestamp is too far from the venue's clock, or the request travelled too long. */
const OUT_OF_STEP = -1021;

export interface SignedRestOptions {
  /** Without a path, e.g. `https://fapi.binance.com`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly sign: Signer;
  readonly http: Pick<PostingHttpClient, 'get' | 'once'>;
  /** Timeout for the whole answer, ms. */
  readonly timeoutMs: number;
  /** Maximum age of a request when the venue reads it, ms; at most 60,000. */
  readonly recvWindowMs: number;
  /** Our clock, epoch ms. */
  readonly now: () => number;
  /** Called with the headers of each reply, such as the venue's counts of weight and orders. */
  readonly onHeaders?: (headers: HttpHeaders) => void;
}

/** Signed (account) endpoints. */
export interface SignedRest {
  /** The venue's clock minus ours at the last reading, ms; undefined before the first. */
  readonly clockAheadMs: number | undefined;
  /** Sends a public read, without key and signature. */
  ask<P, T>(endpoint: Endpoint<P, T>, params: P): Promise<RestAnswer<T>>;
  /** Reads the venue's clock; undefined on success. */
  readClock(): Promise<RestFailure | undefined>;
  /**
   * Sends a signed request with the venue's time; the first call reads the venue's clock. A request that changes something, such as
   * an order, is carried out at most once: only a refused timestamp, which the venue checks before it acts, makes it read the clock
   * and send again. Never rejects: an error becomes a failure with a code. The caller must watch the weight.
   */
  send<P, T>(endpoint: Endpoint<P, T>, params: P): Promise<RestAnswer<T>>;
}

export function createSignedRest(options: SignedRestOptions): SignedRest {
  const { baseUrl, apiKey, sign, http, timeoutMs, recvWindowMs, now, onHeaders = () => {} } = options;
  const server: Server = { name: 'Binance', urlSetting: 'binance.rest_url', origin: new URL(baseUrl).origin };
  const base = baseUrl.replace(/\/+$/, '');
  /** The venue's clock minus ours, ms; the lower bound, so that no timestamp lies in the venue's future. */
  let aheadMs: number | undefined;

  /** Sends a request. `more` is appended to the request, and never logged, because it holds the signature. */
  async function exchange<P, T>(
    endpoint: Endpoint<P, T>,
    params: P,
    more: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<RestAnswer<T>> {
    const request = pathWithQuery(endpoint, params);
    const tsSent = now();
    const url = new URL(base + withMore(request, more));
    const { method = 'GET' } = endpoint;
    // A GET may be repeated on a stale connection; an order never is.
    const outcome =
      method === 'GET' ? await http.get(url, timeoutMs, headers) : await http.once(method, url, timeoutMs, headers);
    const tsReceived = now();
    if (outcome.kind === 'REPLY') onHeaders(outcome.headers);
    const judged = judgeReply(outcome, server, request, tsReceived);
    if (judged.kind === 'FAILURE') return judged;
    const value = endpoint.parse(judged.json, params);
    return isFault(value) ? garbage(server, request, value.detail) : { kind: 'OK', value, tsSent, tsReceived };
  }

  async function readClock(): Promise<RestFailure | undefined> {
    const answer = await exchange(serverTime, undefined, '', {});
    if (answer.kind === 'FAILURE') return answer;
    aheadMs = answer.value - answer.tsReceived;
    return undefined;
  }

  async function signedSend<P, T>(endpoint: Endpoint<P, T>, params: P): Promise<RestAnswer<T>> {
    const failure = aheadMs === undefined ? await readClock() : undefined;
    if (failure !== undefined) return failure;
    const dated = `recvWindow=${recvWindowMs}&timestamp=${now() + (aheadMs ?? 0)}`;
    const query = withMore(pathWithQuery(endpoint, params), dated).slice(endpoint.path.length + 1);
    return exchange(endpoint, params, `${dated}&signature=${sign(query)}`, { 'X-MBX-APIKEY': apiKey });
  }

  async function inStep<P, T>(endpoint: Endpoint<P, T>, params: P): Promise<RestAnswer<T>> {
    const first = await signedSend(endpoint, params);
    if (first.kind === 'OK' || first.serverCode !== OUT_OF_STEP) return first;
    aheadMs = undefined;
    return signedSend(endpoint, params);
  }

  return {
    send: inStep,
    ask: (endpoint, params) => exchange(endpoint, params, '', {}),
    readClock,
    get clockAheadMs() {
      return aheadMs;
    },
  };
}

function withMore(request: string, more: string): string {
  if (more === '') return request;
  return `${request}${request.includes('?') ? '&' : '?'}${more}`;
}
