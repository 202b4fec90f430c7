import type { ServerResponse } from 'node:http';
import type { App } from '../api.ts';
import { ERROR_ANSWERS } from '../api.ts';
import { ApiError } from '../api-error.ts';
import type { PushClient, PushHub } from '../push/push-hub.ts';

/** The page that receives this response. The hub calls `isAllowed` before every write. */
function clientOf(response: ServerResponse, isAllowed: () => boolean): PushClient {
  return {
    write: (text) => void response.write(text),
    // At most the text of one round waits outside the socket's own buffer.
    isFull: () => response.writableNeedDrain,
    isAllowed,
    // Not `end()`: it would never finish if the page reads nothing.
    end: () => void (response.writableNeedDrain ? response.destroy() : response.end()),
  };
}

export function streamRoute(
  app: App,
  hub: PushHub,
  isLoggedIn: (token: string | undefined) => boolean,
  cookie: string,
): void {
  app.get(
    '/api/stream',
    {
      schema: {
        summary: 'Server-sent events: each changed part of the page, at most four times a second',
        description:
          'Events: state, prices, positions, orders, account, decisions, refusals, performance, health, alerts (each as its endpoint answers), connection, logout; beat after ten seconds without another event.',
        response: { ...ERROR_ANSWERS },
      },
    },
    async (request, reply) => {
      const token = request.cookies[cookie];
      const client = clientOf(reply.raw, () => isLoggedIn(token));
      if (!hub.add(client)) throw new ApiError('TOO_MANY_STREAMS', 'Too many pages are open on this dashboard.');
      reply.hijack();
      request.raw.on('close', () => hub.remove(client));
      reply.raw.on('error', () => hub.remove(client));
      const headers = { ...reply.getHeaders(), 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' };
      reply.raw.writeHead(200, headers as Record<string, string>);
      reply.raw.write('retry: 2000\n\n');
    },
  );
}
