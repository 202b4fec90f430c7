import type { Exchange } from '../exchange.ts';
import type { ErrorBodies } from '../http/fault-reply.ts';
import type { Site, StreamListener } from '../http/faulty-server.ts';
import { jsonReply, type Reply } from '../http/reply.ts';
import type { Answer, ServedEndpoint } from './endpoint.ts';
import { faultRefusal, faultyAnswer, subjectOf } from './faulty-answer.ts';
import { banned, type Refusal, sentTwice, tooLarge, tooManyOfPool, tooManyRequests, unknownPath } from './refusal.ts';
import { type Received, requestReader } from './request-reader.ts';
import { venueError } from './venue-errors.ts';

/** The venue as a site: checks the limits, then calls the endpoint. */
export function createVenueSite(
  exchange: Exchange,
  endpoints: readonly ServedEndpoint[],
  streams: StreamListener,
): Site {
  const read = requestReader();
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
    async subjectOf(request, url) {
      const received = await read(request, url);
      return received === undefined ? {} : subjectOf(received, exchange);
    },
    async answer(request, url) {
      await exchange.advance();
      const received = await read(request, url);
      if (received === undefined) return { reply: refused(tooLarge(), {}), weight: 0 };
      return judged(exchange, routes.get(`${received.method} ${received.path}`), received);
    },
  };
}

/** Makes the bodies of the venue's errors. */
export function venueErrors(exchange: Exchange): ErrorBodies {
  return (status, untilMs, isAfter) => venueError(status, untilMs, exchange.meter.limits.weightPerMinute, isAfter);
}

/** Charges the request and answers it. */
export function judged(
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
  const call = { method, path, query, sent };
  return faultRefusal(call, exchange) ?? faultyAnswer(endpoint.answer(query, exchange, sent), call, exchange);
}

function refused({ status, code, msg }: Refusal, headers: Reply['headers']): Reply {
  return jsonReply(status, { code, msg }, headers);
}
