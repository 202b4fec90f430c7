import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Exchange } from '../exchange.ts';
import type { Answer, Endpoint } from '../rest/endpoint.ts';
import { banned, type Refusal, tooManyRequests, unknownPath } from '../rest/refusal.ts';
import { faultReply } from './fault-reply.ts';
import { jsonReply, type Reply, send, sendHalf } from './reply.ts';

/** Answers one request to the venue: faults first, then the limits, then the endpoint. */
export function createVenueHandler(
  exchange: Exchange,
  endpoints: readonly Endpoint[],
): (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void> {
  const routes = new Map(endpoints.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint]));
  return async (request, response, url) => {
    const endpoint = routes.get(`${request.method} ${url.pathname}`);
    const { slowMs, fault } = exchange.meetFaults(url.pathname);
    const record = (weight: number, status: number): void =>
      exchange.requests.add(url.pathname, weight, status, exchange.now());
    if (slowMs > 0) await pause(slowMs, undefined, { ref: false });
    if (response.destroyed) return record(0, 0);
    if (fault?.fault === 'hang') return record(0, 0);
    if (fault?.fault === 'reset') {
      record(0, 0);
      request.socket.destroy();
      return;
    }
    const limit = exchange.meter.limits.weightPerMinute;
    const faked = fault === undefined ? undefined : faultReply(fault, exchange.now(), limit);
    if (faked !== undefined) {
      record(0, faked.status);
      return send(response, faked);
    }
    await exchange.advance();
    const { reply, weight } = judged(exchange, endpoint, request.method ?? 'GET', url);
    record(weight, fault?.fault === 'half' ? 0 : reply.status);
    const dated = { ...reply, headers: { ...reply.headers, Date: new Date(exchange.now()).toUTCString() } };
    if (fault?.fault === 'half') sendHalf(response, dated);
    else send(response, dated);
  };
}

/** Charges the request and answers it. */
function judged(
  exchange: Exchange,
  endpoint: Endpoint | undefined,
  method: string,
  url: URL,
): { readonly reply: Reply; readonly weight: number } {
  const weight = endpoint?.weight(url.searchParams) ?? 1;
  const verdict = exchange.meter.charge(weight, exchange.now());
  if (verdict.kind === 'BANNED') {
    return { reply: refused(banned(verdict.untilMs), { 'Retry-After': verdict.retryAfterSec }), weight: 0 };
  }
  const used = { 'X-MBX-USED-WEIGHT-1M': verdict.usedWeight };
  if (verdict.kind === 'TOO_MANY') {
    const refusal = tooManyRequests(exchange.meter.limits.weightPerMinute);
    return { reply: refused(refusal, { ...used, 'Retry-After': verdict.retryAfterSec }), weight };
  }
  const answer: Answer =
    endpoint === undefined ? unknownPath(method, url.pathname) : endpoint.answer(url.searchParams, exchange);
  const reply = answer.kind === 'OK' ? jsonReply(200, answer.body, used) : refused(answer, used);
  return { reply, weight };
}

function refused({ status, code, msg }: Refusal, headers: Reply['headers']): Reply {
  return jsonReply(status, { code, msg }, headers);
}
