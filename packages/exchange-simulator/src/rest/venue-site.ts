import type { Exchange } from '../exchange.ts';
import type { ErrorBodies } from '../http/fault-reply.ts';
import type { Site, StreamListener } from '../http/faulty-server.ts';
import { readBody } from '../http/read-body.ts';
import { jsonReply, type Reply } from '../http/reply.ts';
import type { Answer, Sent, ServedEndpoint } from './endpoint.ts';
import { banned, type Refusal, sentTwice, tooLarge, tooManyOfPool, tooManyRequests, unknownPath } from './refusal.ts';
import { venueError } from './venue-errors.ts';

/** The venue as a site: checks the limits, then calls the endpoint. */
export function createVenueSite(
  exchange: Exchange,
  endpoints: readonly ServedEndpoint[],
  streams: StreamListener,
): Site {
  const routes = new Map(endpoints.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint]));
  return {
    faults: exchange.faults,
    requests: exchange.requests,
    streams,
    now: () => exchange.now(),
    clock: () => exchange.clock(),
    errors: venueErrors(exchange),
    complaintOf: (faults) => exchange.complaintOf(faults),
    onFaults() {
      exchange.applyFaults();
      streams.onFaults();
    },
    async answer(request, url) {
      await exchange.advance();
      const method = request.method ?? 'GET';
      const [, ...rawQuery] = (request.url ?? '').split('?');
      const rawBody = await readBody(request);
      if (rawBody === undefined) return { reply: refused(tooLarge(), {}), weight: 0 };
      const apiKey = request.headers['x-mbx-apikey']?.toString();
      const query = new URLSearchParams(rawQuery.join('?'));
      for (const [name, value] of new URLSearchParams(rawBody)) query.append(name, value);
      const endpoint = routes.get(`${method} ${url.pathname}`);
      const sent = { signedText: rawQuery.join('?') + rawBody, apiKey };
      return judged(exchange, endpoint, { method, path: url.pathname, query, sent });
    },
  };
}

/** Makes the bodies of the venue's errors. */
export function venueErrors(exchange: Exchange): ErrorBodies {
  return (status, untilMs) => venueError(status, untilMs, exchange.meter.limits.weightPerMinute);
}

/** A request as received. */
interface Received {
  readonly method: string;
  readonly path: string;
  /** Parameters of query and body. */
  readonly query: URLSearchParams;
  readonly sent: Sent;
}

/** Charges the request and answers it. */
function judged(
  exchange: Exchange,
  endpoint: ServedEndpoint | undefined,
  received: Received,
): { readonly reply: Reply; readonly weight: number } {
  const weight = endpoint?.weight(received.query) ?? 1;
  const verdict = exchange.meter.charge(weight, exchange.now());
  if (verdict.kind === 'BANNED') {
    return { reply: refused(banned(verdict.untilMs), { 'Retry-After': verdict.retryAfterSec }), weight: 0 };
  }
  const used = { 'X-MBX-USED-WEIGHT-1M': verdict.usedWeight };
  if (verdict.kind === 'TOO_MANY') {
    const refusal = tooManyRequests(exchange.meter.limits.weightPerMinute);
    return { reply: refused(refusal, { ...used, 'Retry-After': verdict.retryAfterSec }), weight };
  }
  const poolLimit = endpoint?.pool && exchange.pools.charge(endpoint.pool, exchange.now());
  if (poolLimit !== undefined) return { reply: refused(tooManyOfPool(poolLimit), used), weight };
  const answer = answerOf(endpoint, exchange, received);
  const headers = { ...used, ...answer.headers };
  return { reply: answer.kind === 'OK' ? jsonReply(200, answer.body, headers) : refused(answer, headers), weight };
}

function answerOf(
  endpoint: ServedEndpoint | undefined,
  exchange: Exchange,
  { method, path, query, sent }: Received,
): Answer {
  if (endpoint === undefined) return unknownPath(method, path);
  if (new Set(query.keys()).size < query.size) return sentTwice();
  return endpoint.answer(query, exchange, sent);
}

function refused({ status, code, msg }: Refusal, headers: Reply['headers']): Reply {
  return jsonReply(status, { code, msg }, headers);
}
