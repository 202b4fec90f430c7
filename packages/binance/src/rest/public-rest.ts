import type { HttpClient, HttpOutcome } from '@helios/shared/runtime/http-client.ts';
import { type Endpoint, isFault, pathWithQuery } from './endpoint.ts';
import { garbage, judgeReply, type Server } from './judge-reply.ts';
import type { RateGovernor, RequestEnd } from './rate-governor.ts';
import type { RestAnswer } from './rest-answer.ts';

/** Waits for `ms`; resolves early when stopped. */
type Wait = (ms: number) => Promise<void>;

export interface PublicRestOptions {
  /** Without a path, e.g. `https://fapi.binance.com`. */
  readonly baseUrl: string;
  readonly http: HttpClient;
  readonly governor: RateGovernor;
  /** Timeout for the whole answer, ms. */
  readonly timeoutMs: number;
  /** Our clock, epoch ms. */
  readonly now: () => number;
  readonly wait: Wait;
  readonly stop: AbortSignal;
}

/** The venue's public REST interface. The governor counts every request and must allow it first. */
export interface PublicRest {
  /**
   * Sends the request as soon as the governor allows it. Never rejects: an error becomes a failure with a code.
   * @param onBody receives the text of a usable answer, before the promise resolves
   */
  ask<P, T>(endpoint: Endpoint<P, T>, params: P, onBody?: (body: string) => void): Promise<RestAnswer<T>>;
}

export function createPublicRest(options: PublicRestOptions): PublicRest {
  const { baseUrl, http, governor, timeoutMs, now, wait, stop } = options;
  const server: Server = { name: 'Binance', urlSetting: 'binance.rest_url', origin: new URL(baseUrl).origin };
  const base = baseUrl.replace(/\/+$/, '');

  async function permitted(weight: number) {
    for (;;) {
      const ticket = governor.begin(weight);
      if (ticket !== undefined || stop.aborted) return ticket;
      await wait(Math.max(1, governor.waitMs(weight)));
    }
  }

  return {
    async ask(endpoint, params, onBody) {
      const request = pathWithQuery(endpoint, params);
      const ticket = await permitted(endpoint.weight(params));
      if (ticket === undefined) return stopped(request);
      const tsSent = now();
      const outcome = await http.get(new URL(base + request), timeoutMs);
      const tsReceived = now();
      const judged = judgeReply(outcome, server, request, tsReceived);
      governor.end(ticket, { usedWeight: usedWeightOf(outcome), refusal: refusalOf(judged) });
      if (judged.kind === 'FAILURE') return judged;
      const value = endpoint.parse(judged.json, params);
      if (isFault(value)) return garbage(server, request, value.detail);
      if (outcome.kind === 'REPLY') onBody?.(outcome.body);
      return { kind: 'OK', value, tsSent, tsReceived };
    },
  };
}

function usedWeightOf(outcome: HttpOutcome): number | undefined {
  const header = outcome.kind === 'REPLY' ? outcome.headers['x-mbx-used-weight-1m'] : undefined;
  const used = typeof header === 'string' && header !== '' ? Number(header) : Number.NaN;
  return Number.isFinite(used) ? used : undefined;
}

function refusalOf(judged: ReturnType<typeof judgeReply>): RequestEnd['refusal'] {
  if (judged.kind !== 'FAILURE') return undefined;
  const { code, retryAfterMs } = judged;
  return code === 'LIMITED' || code === 'BANNED' ? { code, retryAfterMs } : undefined;
}

function stopped(request: string): RestAnswer<never> {
  return {
    kind: 'FAILURE',
    code: 'DOWN',
    detail: `${request} was not sent: Helios is stopping.`,
    advice: 'Nothing to do.',
  };
}
