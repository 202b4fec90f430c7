import type { RequestFault } from '../faults/fault-board.ts';
import { JSON_TYPE, type Reply } from './reply.ts';

/** Makes the body of a site's error. `untilMs` is the end of a limit or a ban, epoch ms; `isAfter`: the request was carried out. */
export type ErrorBodies = (status: number, untilMs: number, isAfter: boolean) => unknown;

/** An HTTP status with the wait for the client. */
export interface StatusFault {
  readonly status: number;
  readonly retry_after_sec?: number | undefined;
  readonly body?: string | undefined;
  readonly after?: boolean | undefined;
}

const HTML = { 'Content-Type': 'text/html; charset=utf-8' };
/** Default wait after a limit or a ban, s. */
const USUAL_WAIT_SEC = 30;
const GARBAGE = Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x00, 0xff, 0xfe, 0x2c, 0x2c, 0x5b, 0x4e, 0x61, 0x4e]);

/** The answer of a fault instead of the site's; undefined for faults without an own answer. */
export function faultReply(fault: RequestFault, nowMs: number, errors: ErrorBodies): Reply | undefined {
  if (fault.fault === 'garbage') return { status: 200, headers: { 'Content-Type': JSON_TYPE }, body: GARBAGE };
  if (fault.fault === 'html') return { status: fault.status, headers: HTML, body: errorPage(fault.status) };
  if (fault.fault === 'status') return statusReply(fault, nowMs, errors);
  return undefined;
}

/** An HTTP error with the site's usual body, or with `body`. */
export function statusReply(fault: StatusFault, nowMs: number, errors: ErrorBodies): Reply {
  const { status } = fault;
  const isLimit = status === 429 || status === 418;
  const waitSec = fault.retry_after_sec ?? (isLimit ? USUAL_WAIT_SEC : undefined);
  const wait: Reply['headers'] = waitSec === undefined ? {} : { 'Retry-After': waitSec };
  const json = fault.body ?? errors(status, nowMs + (waitSec ?? 0) * 1_000, fault.after === true);
  if (json === undefined) return { status, headers: { ...HTML, ...wait }, body: errorPage(status) };
  const body = typeof json === 'string' ? json : JSON.stringify(json);
  return { status, headers: { 'Content-Type': JSON_TYPE, ...wait }, body };
}

function errorPage(status: number): string {
  return `<!DOCTYPE html>\n<html><head><title>${status}</title></head><body><h1>${status}</h1><p>The request could not be satisfied.</p></body></html>\n`;
}
