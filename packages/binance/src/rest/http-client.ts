import { type ClientRequest, Agent as HttpAgent, get as httpGet, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, get as httpsGet } from 'node:https';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

/** What became of one request. A reply of any status is a reply; nothing is thrown. */
export type HttpOutcome =
  | {
      readonly kind: 'REPLY';
      readonly status: number;
      readonly headers: Readonly<Record<string, string | string[] | undefined>>;
      readonly body: string;
    }
  | { readonly kind: 'NO_REPLY'; readonly problem: string };

export interface HttpClient {
  /** A GET; the whole answer has to be there within `timeoutMs`. `headers` are sent besides our own. */
  get(url: URL, timeoutMs: number, headers?: Readonly<Record<string, string>>): Promise<HttpOutcome>;
  /** Closes idle connections and breaks off requests under way. */
  close(): void;
}

export interface HttpClientOptions {
  /** Connections to one host, and with them requests at once. */
  readonly maxSockets?: number;
  /** A longer answer is broken off, bytes (unpacked too). The venue's longest, exchangeInfo, has 1.2 MB. */
  readonly maxBytes?: number;
}

const HEADERS = { accept: 'application/json', 'accept-encoding': 'gzip', 'user-agent': 'helios' };
const unpack = promisify(gunzip);

/** Requests over kept-alive connections; node:http needs a third of the processor time of `fetch`. */
export function createHttpClient({ maxSockets = 16, maxBytes = 16e6 }: HttpClientOptions = {}): HttpClient {
  const plain = new HttpAgent({ keepAlive: true, maxSockets });
  const secure = new HttpsAgent({ keepAlive: true, maxSockets });
  const underWay = new Set<ClientRequest>();
  let isClosed = false;

  function attempt(
    url: URL,
    timeoutMs: number,
    more: Readonly<Record<string, string>>,
  ): Promise<HttpOutcome & { readonly stale?: boolean }> {
    return new Promise((resolve) => {
      const signal = AbortSignal.timeout(timeoutMs);
      let readBefore = 0;
      const headers = { ...HEADERS, ...more };
      const onReply = (reply: IncomingMessage): void => void readReply(reply, maxBytes).then(done, fail);
      const request: ClientRequest =
        url.protocol === 'https:'
          ? httpsGet(url, { agent: secure, headers, signal }, onReply)
          : httpGet(url, { agent: plain, headers, signal }, onReply);
      function done(outcome: HttpOutcome & { readonly stale?: boolean }): void {
        underWay.delete(request);
        resolve(outcome);
      }
      function fail(error: Error & { code?: string }): void {
        const problem = signal.aborted ? `no whole answer within ${timeoutMs} ms` : problemOf(error);
        // The server closed a kept-alive connection at the moment we used it: it never saw the request, and answered nothing.
        const isUnanswered = request.reusedSocket && request.socket?.bytesRead === readBefore;
        const stale = isUnanswered && error.code === 'ECONNRESET' && !signal.aborted && !isClosed;
        done({ kind: 'NO_REPLY', problem, stale });
      }
      underWay.add(request);
      request.on('error', fail);
      request.on('socket', ({ bytesRead }) => {
        readBefore = bytesRead;
      });
    });
  }

  return {
    async get(url, timeoutMs, headers = {}) {
      const first = await attempt(url, timeoutMs, headers);
      return first.stale ? attempt(url, timeoutMs, headers) : first;
    },
    close() {
      isClosed = true;
      for (const request of underWay) request.destroy();
      plain.destroy();
      secure.destroy();
    },
  };
}

async function readReply(reply: IncomingMessage, maxBytes: number): Promise<HttpOutcome> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of reply) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new Error(`the answer is longer than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  const raw = Buffer.concat(chunks);
  const packed = reply.headers['content-encoding'] === 'gzip' && raw.length > 0;
  const body = packed ? await unpack(raw, { maxOutputLength: maxBytes }) : raw;
  return { kind: 'REPLY', status: reply.statusCode ?? 0, headers: reply.headers, body: body.toString('utf8') };
}

const MEANINGS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was broken off',
  ENOTFOUND: 'the host name cannot be found',
  EAI_AGAIN: 'the host name cannot be looked up, there seems to be no network',
  ENETUNREACH: 'the network cannot be reached',
  EHOSTUNREACH: 'the host cannot be reached',
  ETIMEDOUT: 'the connection timed out',
  ERR_BUFFER_TOO_LARGE: 'the answer is too long when unpacked',
  Z_DATA_ERROR: 'the packed answer is damaged',
  Z_BUF_ERROR: 'the packed answer is cut off',
};

/** What went wrong on the way, for an operator. */
export function problemOf(error: Error & { code?: string; errors?: readonly (Error & { code?: string })[] }): string {
  // Several addresses were tried: the first one's reason stands for all.
  const { code = '', message } = error.errors?.[0] ?? error;
  const meaning = MEANINGS[code];
  return meaning === undefined ? message || code || 'unknown' : `${meaning} (${code})`;
}
