import type { ServerResponse } from 'node:http';
import type { App } from '../api.ts';
import { ERROR_ANSWERS } from '../api.ts';
import { ApiError } from '../api-error.ts';
import type { PushClient, PushHub } from '../push/push-hub.ts';

/** A page that hangs on this response. `isAllowed` is asked before every write. */
function clientOf(response: ServerResponse, isAllowed: () => boolean): PushClient {
  return {
    write: (text) => void response.write(text),
    // At most one round's text waits beyond the socket's own buffer.
    isFull: () => response.writableNeedDrain,
    isAllowed,
    // Not end(): a page that reads nothing would never let it finish.
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
        summary: 'Server-sent events: each part of the page when it has changed, at most four times a second',
        description:
          'Events: state, prices, positions, orders, decisions, refusals, performance, health, alerts (each as its endpoint answers), connection, logout; beat where nothing else was sent for ten seconds.',
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
