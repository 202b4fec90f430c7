import type { HttpClient } from '@helios/shared/runtime/http-client.ts';
import { type Endpoint, isFault, pathWithQuery } from './endpoint.ts';
import { serverTime } from './endpoints/server-time.ts';
import { garbage, judgeReply, type Server } from './judge-reply.ts';
import type { RestAnswer, RestFailure } from './rest-answer.ts';
import type { Signer } from './signer.ts';

/** The venue's clock and the request's are too far apart, or the request was too long on its way. */
const OUT_OF_STEP = -1021;

export interface SignedRestOptions {
  /** Without a path, e.g. `https://fapi.binance.com`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly sign: Signer;
  readonly http: HttpClient;
  /** For the whole answer, ms. */
  readonly timeoutMs: number;
  /** How old a request may be when the venue reads it, ms, 60,000 at most. */
  readonly recvWindowMs: number;
  /** Our clock, epoch ms. */
  readonly now: () => number;
}

/** The venue's REST interface as far as it asks who asks. Only reads: an order is never sent twice by itself. */
export interface SignedRest {
  /**
   * Asks once, dated by the venue's clock, which is asked for first; once more where the venue finds the date wrong. Never
   * rejects: what goes wrong is a failure with a code. Weight is the caller's to watch.
   */
  read<P, T>(endpoint: Endpoint<P, T>, params: P): Promise<RestAnswer<T>>;
}

export function createSignedRest(options: SignedRestOptions): SignedRest {
  const { baseUrl, apiKey, sign, http, timeoutMs, recvWindowMs, now } = options;
  const server: Server = { name: 'Binance', urlSetting: 'binance.rest_url', origin: new URL(baseUrl).origin };
  const base = baseUrl.replace(/\/+$/, '');
  /** The venue's clock minus ours, ms; the least it can be, so that no request is dated in the venue's future. */
  let aheadMs: number | undefined;

  /** `more` goes out, but into no message: who reads one has no use for a signature. */
  async function get<P, T>(
    endpoint: Endpoint<P, T>,
    params: P,
    more: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<RestAnswer<T>> {
    const request = pathWithQuery(endpoint, params);
    const tsSent = now();
    const outcome = await http.get(new URL(base + withMore(request, more)), timeoutMs, headers);
    const tsReceived = now();
    const judged = judgeReply(outcome, server, request, tsReceived);
    if (judged.kind === 'FAILURE') return judged;
    const value = endpoint.parse(judged.json, params);
    return isFault(value) ? garbage(server, request, value.detail) : { kind: 'OK', value, tsSent, tsReceived };
  }

  /** Undefined once the venue's clock is known. */
  async function measureClock(): Promise<RestFailure | undefined> {
    const answer = await get(serverTime, undefined, '', {});
    if (answer.kind === 'FAILURE') return answer;
    aheadMs = answer.value - answer.tsReceived;
    return undefined;
  }

  async function signedGet<P, T>(endpoint: Endpoint<P, T>, params: P): Promise<RestAnswer<T>> {
    const failure = aheadMs === undefined ? await measureClock() : undefined;
    if (failure !== undefined) return failure;
    const dated = `recvWindow=${recvWindowMs}&timestamp=${now() + (aheadMs ?? 0)}`;
    const query = withMore(pathWithQuery(endpoint, params), dated).slice(endpoint.path.length + 1);
    return get(endpoint, params, `${dated}&signature=${sign(query)}`, { 'X-MBX-APIKEY': apiKey });
  }

  return {
    async read(endpoint, params) {
      const first = await signedGet(endpoint, params);
      if (first.kind === 'OK' || first.serverCode !== OUT_OF_STEP) return first;
      aheadMs = undefined;
      return signedGet(endpoint, params);
    },
  };
}

function withMore(request: string, more: string): string {
  if (more === '') return request;
  return `${request}${request.includes('?') ? '&' : '?'}${more}`;
}
