import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

/** Names in lower case. */
export type HttpHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Why there is no reply: it was late, it was too long, this client was closed, or the connection failed. */
export type NoReplyCause = 'TIMEOUT' | 'TOO_LONG' | 'CLOSED' | 'UNREACHABLE';

/** The result of one request. A reply of any status is REPLY; the client never throws. */
export type HttpOutcome =
  | {
      readonly kind: 'REPLY';
      readonly status: number;
      readonly headers: HttpHeaders;
      readonly body: string;
    }
  | {
      readonly kind: 'NO_REPLY';
      readonly cause: NoReplyCause;
      readonly problem: string;
      /** True if no connection was made: the server cannot have the request. */
      readonly isUnsent?: true;
      /** Headers of a reply that began but did not end. */
      readonly headers?: HttpHeaders;
    };

export interface HttpClient {
  /** Sends a GET with the extra `headers`. The whole answer must arrive within `timeoutMs`. */
  get(url: URL, timeoutMs: number, headers?: Readonly<Record<string, string>>): Promise<HttpOutcome>;
  /** Closes idle connections and aborts running requests. */
  close(): void;
}

/** A client that also posts. An invalid URL gives NO_REPLY. */
export interface PostingHttpClient extends HttpClient {
  get(url: URL | string, timeoutMs: number, headers?: Readonly<Record<string, string>>): Promise<HttpOutcome>;
  /** Sends a POST once, without a retry on a closed connection: the server may have acted on it without answering. */
  post(
    url: URL | string,
    timeoutMs: number,
    headers: Readonly<Record<string, string>>,
    body: string,
  ): Promise<HttpOutcome>;
  /** Sends a request of any method once, like `post`, without a body. */
  once(
    method: HttpMethod,
    url: URL | string,
    timeoutMs: number,
    headers: Readonly<Record<string, string>>,
  ): Promise<HttpOutcome>;
}

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

export interface HttpClientOptions {
  /** Maximum connections to one host, and so maximum parallel requests. */
  readonly maxSockets?: number;
  /** Maximum length of an answer, bytes, also after unpacking. The venue's longest, exchangeInfo, has 1.2 MB. */
  readonly maxBytes?: number;
}

const HEADERS = { accept: 'application/json', 'accept-encoding': 'gzip', 'user-agent': 'helios' };
const NOT_SENT: HttpOutcome = { kind: 'NO_REPLY', cause: 'CLOSED', problem: 'the client is closed', isUnsent: true };
const unpack = promisify(gunzip);

/** `isStale`: the server closed a kept-alive connection just as we used it, and did not get the request. */
type Outcome = HttpOutcome & { readonly isStale?: boolean };
type Failure = Error & { readonly code?: string; readonly errors?: readonly Failure[] };

interface HttpRequest {
  readonly url: URL | string;
  readonly method: HttpMethod;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
}

/** Requests over kept-alive connections; node:http needs a third of the processor time of `fetch`. Redirects are not followed. */
export function createHttpClient({ maxSockets = 16, maxBytes = 16e6 }: HttpClientOptions = {}): PostingHttpClient {
  const plain = new HttpAgent({ keepAlive: true, maxSockets });
  const secure = new HttpsAgent({ keepAlive: true, maxSockets });
  const runningRequests = new Set<ClientRequest>();
  let isClosed = false;

  function send({ url, method, headers, body }: HttpRequest, signal: AbortSignal): ClientRequest {
    const address = new URL(url);
    const options = { method, headers: { ...HEADERS, ...headers }, signal };
    const request =
      address.protocol === 'https:'
        ? httpsRequest(address, { agent: secure, ...options })
        : httpRequest(address, { agent: plain, ...options });
    return request.end(body);
  }

  async function attempt(wanted: HttpRequest): Promise<Outcome> {
    if (isClosed) return NOT_SENT;
    const signal = AbortSignal.timeout(wanted.timeoutMs);
    let request: ClientRequest;
    try {
      request = send(wanted, signal);
    } catch (error) {
      // The address is not a URL, or a header contains an invalid character.
      return { kind: 'NO_REPLY', cause: 'UNREACHABLE', problem: problemOf(error as Failure) };
    }
    runningRequests.add(request);
    const outcome = await outcomeOf(request, maxBytes);
    runningRequests.delete(request);
    if (outcome.kind === 'REPLY') return outcome;
    if (isClosed) return { ...outcome, cause: 'CLOSED', isStale: false };
    if (!signal.aborted) return outcome;
    return {
      ...outcome,
      cause: 'TIMEOUT',
      problem: `no complete answer within ${wanted.timeoutMs} ms`,
      isStale: false,
    };
  }

  return {
    async get(url, timeoutMs, headers = {}) {
      const request = { url, method: 'GET', headers, timeoutMs } as const;
      const first = await attempt(request);
      return first.isStale ? attempt(request) : first;
    },
    post: (url, timeoutMs, headers, body) => attempt({ url, method: 'POST', headers, body, timeoutMs }),
    once: (method, url, timeoutMs, headers) => attempt({ url, method, headers, timeoutMs }),
    close() {
      isClosed = true;
      for (const request of runningRequests) request.destroy();
      plain.destroy();
      secure.destroy();
    },
  };
}

class TooLong extends Error {}

/** Errors of an address that cannot be found, or of a server that accepts no connection. */
const NO_CONNECTION: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

function unsent({ code, errors }: Failure): { readonly isUnsent?: true } {
  const codes = errors?.map((one) => one.code) ?? [code];
  return codes.length > 0 && codes.every((one) => NO_CONNECTION.has(one)) ? { isUnsent: true } : {};
}

/** Waits for the whole reply or for an error. */
function outcomeOf(request: ClientRequest, maxBytes: number): Promise<Outcome> {
  return new Promise((resolve) => {
    let readBefore = 0;
    let headers: HttpHeaders | undefined;
    function fail(error: Failure): void {
      const cause = causeOf(error);
      const isUnanswered = request.reusedSocket && request.socket?.bytesRead === readBefore;
      const isStale = isUnanswered && error.code === 'ECONNRESET' && cause === 'UNREACHABLE';
      const problem = problemOf(error);
      resolve({ kind: 'NO_REPLY', cause, problem, isStale, ...(headers && { headers }), ...unsent(error) });
    }
    request.on('error', fail);
    request.on('socket', ({ bytesRead }) => {
      readBefore = bytesRead;
    });
    request.on('response', (reply) => {
      headers = reply.headers;
      readReply(reply, maxBytes).then(resolve, fail);
    });
  });
}

/** Why a request failed that was neither late nor aborted by us. */
function causeOf(error: Failure): NoReplyCause {
  return error instanceof TooLong || error.code === 'ERR_BUFFER_TOO_LARGE' ? 'TOO_LONG' : 'UNREACHABLE';
}

async function readReply(reply: IncomingMessage, maxBytes: number): Promise<HttpOutcome> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of reply) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new TooLong(`the answer is longer than ${maxBytes} bytes`);
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
  EAI_AGAIN: 'the host name lookup failed, probably there is no network',
  ENETUNREACH: 'the network cannot be reached',
  EHOSTUNREACH: 'the host cannot be reached',
  ETIMEDOUT: 'the connection timed out',
  ERR_INVALID_URL: 'the address is not a URL',
  ERR_BUFFER_TOO_LARGE: 'the answer is too long when unpacked',
  Z_DATA_ERROR: 'the packed answer is damaged',
  Z_BUF_ERROR: 'the packed answer is cut off',
};

/** The cause of a network error, as text for an operator. */
export function problemOf(error: Failure): string {
  // After several addresses were tried, the first error is reported.
  const { code = '', message } = error.errors?.[0] ?? error;
  const meaning = MEANINGS[code];
  return meaning === undefined ? message || code || 'unknown' : `${meaning} (${code})`;
}
