import type { IncomingMessage } from 'node:http';

/** Maximum body, bytes; no request needs more. */
const MAX_BODY = 1_000_000;

/** The body of a request as text; undefined if it is too large. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const { 'content-length': announced, 'transfer-encoding': encoding } = request.headers;
  if (announced === undefined && encoding === undefined) return '';
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length <= MAX_BODY) chunks.push(chunk);
  }
  return length > MAX_BODY ? undefined : Buffer.concat(chunks).toString('utf8');
}
