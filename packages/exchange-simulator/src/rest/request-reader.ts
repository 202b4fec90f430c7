import type { IncomingMessage } from 'node:http';
import { readBody } from '../http/read-body.ts';
import type { Sent } from './endpoint.ts';

/** A request as received. */
export interface Received {
  readonly method: string;
  readonly path: string;
  /** Parameters of query and body. */
  readonly query: URLSearchParams;
  readonly sent: Sent;
}

/** Reads requests; undefined if the body is too large. Faults and the endpoint both need a request, whose body can be read once only. */
export function requestReader(): (request: IncomingMessage, url: URL) => Promise<Received | undefined> {
  const known = new WeakMap<IncomingMessage, Promise<Received | undefined>>();
  return (request, url) => {
    const reading = known.get(request) ?? readRequest(request, url);
    known.set(request, reading);
    return reading;
  };
}

async function readRequest(request: IncomingMessage, url: URL): Promise<Received | undefined> {
  const [, ...rawQuery] = (request.url ?? '').split('?');
  const rawBody = await readBody(request);
  if (rawBody === undefined) return undefined;
  const query = new URLSearchParams(rawQuery.join('?'));
  for (const [name, value] of new URLSearchParams(rawBody)) query.append(name, value);
  const apiKey = request.headers['x-mbx-apikey']?.toString();
  const sent = { signedText: rawQuery.join('?') + rawBody, apiKey };
  return { method: request.method ?? 'GET', path: url.pathname, query, sent };
}
