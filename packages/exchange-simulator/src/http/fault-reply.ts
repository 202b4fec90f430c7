import type { RequestFault } from '../faults/fault-board.ts';
import { banned, type Refusal, tooManyRequests } from '../rest/refusal.ts';
import { JSON_TYPE, jsonReply, type Reply } from './reply.ts';

const HTML = { 'Content-Type': 'text/html; charset=utf-8' };

/** What a fault answers in place of the venue; undefined for those that are not an answer of their own. */
export function faultReply(fault: RequestFault, nowMs: number, weightLimit: number): Reply | undefined {
  if (fault.fault === 'garbage') {
    return {
      status: 200,
      headers: { 'Content-Type': JSON_TYPE },
      body: Buffer.from('{"lastUpdateId":1\u0000\ufffd,,"bids":[[NaN', 'utf8'),
    };
  }
  if (fault.fault === 'html') return { status: fault.status, headers: HTML, body: errorPage(fault.status) };
  if (fault.fault === 'status') return statusReply(fault, nowMs, weightLimit);
  return undefined;
}

function statusReply(fault: Extract<RequestFault, { fault: 'status' }>, nowMs: number, weightLimit: number): Reply {
  const { status, body } = fault;
  const isLimit = status === 429 || status === 418;
  const retryAfterSec = fault.retry_after_sec ?? (isLimit ? 30 : undefined);
  const headers: Reply['headers'] = retryAfterSec === undefined ? {} : { 'Retry-After': retryAfterSec };
  if (body !== undefined) return { status, headers: { 'Content-Type': JSON_TYPE, ...headers }, body };
  // The firewall in front of the venue answers in HTML, the venue in JSON.
  if (status === 403) return { status, headers: { ...HTML, ...headers }, body: errorPage(status) };
  const { code, msg } = usualRefusal(status, nowMs + (retryAfterSec ?? 0) * 1_000, weightLimit);
  return jsonReply(status, { code, msg }, headers);
}

function usualRefusal(status: number, untilMs: number, weightLimit: number): Pick<Refusal, 'code' | 'msg'> {
  if (status === 429) return tooManyRequests(weightLimit);
  if (status === 418) return banned(untilMs);
  if (status === 451) return { code: 0, msg: 'Service unavailable from a restricted location. See the terms of use.' };
  if (status === 503)
    return {
      code: -1008,
      msg: 'Server is currently overloaded with other requests. Please try again in a few minutes.',
    };
  if (status === 504)
    return {
      code: -1007,
      msg: 'Timeout waiting for response from backend server. Send status unknown; execution status unknown.',
    };
  return { code: -1000, msg: 'An unknown error occurred while processing the request.' };
}

function errorPage(status: number): string {
  return `<!DOCTYPE html>\n<html><head><title>${status}</title></head><body><h1>${status}</h1><p>The request could not be satisfied.</p></body></html>\n`;
}
