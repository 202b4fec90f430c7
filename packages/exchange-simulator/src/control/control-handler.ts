import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { BadFault, Fault, type FaultInput } from '../faults/fault.ts';
import { readBody } from '../http/read-body.ts';
import { jsonReply, type Reply, send } from '../http/reply.ts';

/** What the control endpoint may read and change. */
export interface Controlled {
  setFaults(faults: readonly FaultInput[]): Promise<void>;
  faults(): readonly Fault[];
  requests(): unknown;
  clearRequests(): void;
}

const Body = z.union([z.array(Fault), z.strictObject({ faults: z.array(Fault) }), Fault]);

/**
 * `/control/faults`: GET lists the active faults, POST replaces them (one, a list, or `{faults: […]}`), DELETE removes all.
 * `/control/requests`: GET returns counts and weight by minute and path, and stream counts; DELETE resets them.
 */
export async function handleControl(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  controlled: Controlled,
): Promise<void> {
  send(response, await replyTo(request, `${request.method} ${path}`, controlled));
}

async function replyTo(request: IncomingMessage, what: string, controlled: Controlled): Promise<Reply> {
  switch (what) {
    case 'GET /control/faults':
      return jsonReply(200, { faults: controlled.faults() });
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
      return jsonReply(404, {
        error: `There is no ${what}. Known: GET, POST, DELETE /control/faults; GET, DELETE /control/requests.`,
      });
  }
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
  const list = Array.isArray(json) || (typeof json === 'object' && json !== null && 'faults' in json) ? json : [json];
  const parsed = Body.safeParse(list);
  if (!parsed.success) return jsonReply(400, { error: `No fault was changed: ${z.prettifyError(parsed.error)}` });
  const { data } = parsed;
  const faults = Array.isArray(data) ? data : 'faults' in data ? data.faults : [data];
  try {
    await controlled.setFaults(faults);
  } catch (error) {
    if (!(error instanceof BadFault)) throw error;
    return jsonReply(400, { error: `No fault was changed: ${error.message}` });
  }
  return jsonReply(200, { faults: controlled.faults() });
}
