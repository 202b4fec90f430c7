import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { BadFault, Fault, type FaultInput } from '../faults/fault.ts';
import { readBody } from '../http/read-body.ts';
import { jsonReply, type Reply, send } from '../http/reply.ts';

/** What the control endpoint may read and change. */
export interface Controlled {
  setFaults(faults: readonly FaultInput[]): Promise<void>;
  faults(): readonly Fault[];
  metFaults(): Readonly<Record<string, number>>;
  requests(): unknown;
  clearRequests(): void;
}

/** One more control request of a site. */
export interface ControlEndpoint {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  answer(received: { readonly query: URLSearchParams; readonly body: string }): Promise<Reply> | Reply;
}

export type SiteControl = readonly ControlEndpoint[];

/** The control requests of every site, and those of this one. */
export interface Controls {
  readonly faulty: Controlled;
  readonly site: SiteControl | undefined;
}

const Faults = z.array(Fault);
const WrappedFaults = z.strictObject({ faults: Faults }).transform(({ faults }) => faults);

/**
 * `/control/faults`: GET lists the active faults and counts the strikes of labelled ones, POST replaces them (one, a list, or `{faults: […]}`), DELETE removes all.
 * `/control/requests`: GET returns counts and weight by minute and path, and stream counts; DELETE resets them.
 */
export async function handleControl(
  request: IncomingMessage,
  response: ServerResponse,
  { pathname, searchParams }: URL,
  { faulty, site = [] }: Controls,
): Promise<void> {
  const own = site.find(({ method, path }) => method === request.method && path === pathname);
  const reply =
    own === undefined
      ? await replyTo(request, `${request.method} ${pathname}`, faulty, site)
      : await own.answer({ query: searchParams, body: (await readBody(request)) ?? '' });
  send(response, reply);
}

async function replyTo(
  request: IncomingMessage,
  what: string,
  controlled: Controlled,
  site: SiteControl,
): Promise<Reply> {
  switch (what) {
    case 'GET /control/faults':
      return jsonReply(200, { faults: controlled.faults(), met: controlled.metFaults() });
    case 'POST /control/faults':
      return post((await readBody(request)) ?? '', controlled);
    case 'DELETE /control/faults':
      await controlled.setFaults([]);
      return jsonReply(200, { faults: [] });
    case 'GET /control/requests':
      return jsonReply(200, controlled.requests());
    case 'DELETE /control/requests':
      controlled.clearRequests();
      return jsonReply(200, controlled.requests());
    default:
      return jsonReply(404, { error: `There is no ${what}. Known: ${knownRequests(site)}.` });
  }
}

function knownRequests(site: SiteControl): string {
  const own = site.map(({ method, path }) => `${method} ${path}`);
  return ['GET, POST, DELETE /control/faults', 'GET, DELETE /control/requests', ...own].join('; ');
}

async function post(text: string, controlled: Controlled): Promise<Reply> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return jsonReply(400, {
      error: 'The body is not JSON. Send a fault such as {"fault":"slow","ms":500}, or a list of them.',
    });
  }
  // One schema at a time: a union of them would say “Invalid input” only.
  const isWrapped = typeof json === 'object' && json !== null && 'faults' in json;
  const parsed = isWrapped ? WrappedFaults.safeParse(json) : Faults.safeParse(Array.isArray(json) ? json : [json]);
  if (!parsed.success) return jsonReply(400, { error: `No fault was changed: ${z.prettifyError(parsed.error)}` });
  try {
    await controlled.setFaults(parsed.data);
  } catch (error) {
    if (!(error instanceof BadFault)) throw error;
    return jsonReply(400, { error: `No fault was changed: ${error.message}` });
  }
  return jsonReply(200, { faults: controlled.faults() });
}
