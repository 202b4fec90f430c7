import { failed, type RedditAnswer } from './reddit-answer.ts';

/** A page of a hundred long posts has four megabytes. */
const LARGEST_BODY = 16 * 1_048_576;

export interface JsonRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  readonly stop: AbortSignal;
}

/** An answer with the headers it came with; `undefined` where none came. */
export interface HttpJson {
  readonly answer: RedditAnswer;
  readonly status: number | undefined;
  readonly headers: Headers | undefined;
}

/** One request with one whole answer in JSON, or the reason why not. Never rejects. */
export async function requestJson(request: JsonRequest): Promise<HttpJson> {
  const timeout = AbortSignal.timeout(request.timeoutMs);
  const signal = AbortSignal.any([timeout, request.stop]);
  let response: Response | undefined;
  try {
    const { method, headers, body } = request;
    response = await fetch(request.url, { method, headers, signal, redirect: 'manual', ...(body && { body }) });
    const text = await readText(response);
    const answer = text === undefined ? failed('TOO_LARGE', `more than ${LARGEST_BODY} bytes`) : judged(response, text);
    return { answer, status: response.status, headers: response.headers };
  } catch (error) {
    const answer = request.stop.aborted
      ? failed('STOPPED', 'the service is stopping')
      : timeout.aborted
        ? failed('TIMEOUT', `no whole answer within ${request.timeoutMs} ms`)
        : failed('UNREACHABLE', causeOf(error));
    return { answer, status: response?.status, headers: response?.headers };
  }
}

async function readText(response: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    // Leaving the loop cancels the rest.
    if (size > LARGEST_BODY) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function judged(response: Response, text: string): RedditAnswer {
  const { status } = response;
  if (status === 429) return failed('RATE_LIMITED', 'status 429', retryAfterMs(response.headers));
  if (status >= 500) return failed('SERVER_ERROR', `status ${status}`, retryAfterMs(response.headers));
  if (status === 401) return failed('BAD_CREDENTIALS', 'status 401');
  if (status === 418 || status === 451) return failed('BLOCKED', `status ${status}`, retryAfterMs(response.headers));
  if (status === 403) return failed('FORBIDDEN', 'status 403');
  if (status < 200 || status > 299) return failed('CLOSED', `status ${status}`);
  try {
    return { kind: 'OK', body: JSON.parse(text) };
  } catch {
    return failed(
      'NOT_JSON',
      `${response.headers.get('content-type') ?? 'no content type'}, ${text.length} characters`,
    );
  }
}

/** `Retry-After` in seconds, as Reddit sends it; a date is left to the back-off. */
function retryAfterMs(headers: Headers): number | undefined {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined;
}

/** undici hides the reason one level down. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  const { code } = cause as NodeJS.ErrnoException;
  return code === undefined ? cause.message : `${code}: ${cause.message}`;
}
