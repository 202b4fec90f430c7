import type { HttpOutcome } from '@helios/shared/runtime/http-client.ts';
import type { RestFailure, RestFailureCode } from './rest-answer.ts';
import { parseVenueJson } from './venue-json.ts';

/** The server of a request, for messages. */
export interface Server {
  /** Name for messages: `Binance`. */
  readonly name: string;
  /** The setting with its address, for advice. */
  readonly urlSetting: string;
  readonly origin: string;
}

export type Judged = { readonly kind: 'JSON'; readonly json: unknown } | RestFailure;

/**
 * Judges a reply by its status and JSON. Source of the codes: developers.binance.com, USDⓈ-M, General Info: 403 is the web
 * firewall, 418 a ban, 429 a limit, 451 a region block, 5xx a fault of the server.
 * @param request path with query, for messages
 * @param nowMs epoch ms, for absolute times in the reply
 */
export function judgeReply(outcome: HttpOutcome, server: Server, request: string, nowMs: number): Judged {
  const at = `${server.name} (${server.origin}${request})`;
  if (outcome.kind === 'NO_REPLY') {
    return failure('DOWN', `${at}: ${outcome.problem}.`, server, outcome.isUnsent ? { isUnsent: true } : {});
  }
  const { status, body } = outcome;
  if (status >= 500 || status === 408) {
    return failure('DOWN', `${at} answered with status ${status}${quoted(body)}.`, server, { status, ...codeOf(body) });
  }
  if (status === 418 || status === 429) return refusal(outcome, status, at, server, nowMs);
  if (status === 403 || status === 451) {
    return failure('GEO_BLOCKED', `${at} refused with status ${status}${quoted(body)}.`, server, { status });
  }
  const json = parsed(body);
  if (status >= 400) {
    const { code, msg } = (json ?? {}) as { code?: unknown; msg?: unknown };
    const said = typeof msg === 'string' ? `: ${code} ${msg.slice(0, 120)}` : quoted(body);
    return failure('REJECTED', `${at} answered with status ${status}${said}`, server, { status, ...codeOf(body) });
  }
  if (status !== 200 || json === undefined) {
    return failure('GARBAGE', `${at} answered with status ${status} and no JSON${quoted(body)}.`, server, { status });
  }
  return { kind: 'JSON', json };
}

/** A failure for an answer that differs from the documented format. */
export function garbage(server: Server, request: string, detail: string): RestFailure {
  return failure('GARBAGE', `${server.name} (${server.origin}${request}): ${detail}.`, server, { status: 200 });
}

function refusal(
  reply: Extract<HttpOutcome, { kind: 'REPLY' }>,
  status: 418 | 429,
  at: string,
  server: Server,
  nowMs: number,
): RestFailure {
  const waits = namedWaits(reply, nowMs);
  // A new ban is not over yet, so a past time does not count. Without a time the caller uses the shortest documented ban.
  const retryAfterMs = status === 418 ? waits.find((ms) => ms > 0) : waits[0];
  const until = retryAfterMs === undefined ? '' : `, for ${Math.ceil(retryAfterMs / 1_000)} s`;
  const what = status === 418 ? 'has banned this address' : 'asks for fewer requests';
  const more = { status, ...codeOf(reply.body), ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  return failure(status === 418 ? 'BANNED' : 'LIMITED', `${at} ${what} (${status})${until}.`, server, more);
}

/**
 * Waits from `Retry-After` (seconds or a date) and from the text "banned until <epoch ms>", ms. Compares absolute times with the
 * server's clock if the reply has a date, because our clock may be minutes off.
 */
function namedWaits({ headers, body }: Extract<HttpOutcome, { kind: 'REPLY' }>, nowMs: number): number[] {
  const said = Date.parse(String(headers['date']));
  const serverNow = Number.isFinite(said) ? said : nowMs;
  const header = String(headers['retry-after'] ?? '').trim();
  const afterMs = /^\d+(\.\d+)?$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - serverNow;
  const untilMs = Number(/until (\d{13})/.exec(body)?.[1]) - serverNow;
  return [afterMs, untilMs].filter(Number.isFinite).map((ms) => Math.max(0, ms));
}

function failure(
  code: RestFailureCode,
  detail: string,
  server: Server,
  more: Pick<RestFailure, 'status' | 'serverCode' | 'retryAfterMs' | 'isUnsent'> = {},
): RestFailure {
  return { kind: 'FAILURE', code, detail, advice: adviceOn(code, server, more), ...more };
}

/** The venue refuses key, signature, address or a permission of the key. Source: developers.binance.com, USDⓈ-M, Error Codes. */
const KEY_CODES: ReadonlySet<number | undefined> = new Set([-1002, -1011, -1022, -2008, -2014, -2015]);

/** True if the venue refuses the request because of the key, and not because of its content. */
export const concernsKey = ({ code, serverCode }: Pick<RestFailure, 'code' | 'serverCode'>): boolean =>
  code === 'REJECTED' && KEY_CODES.has(serverCode);

function adviceOn(
  code: RestFailureCode,
  { name, urlSetting }: Server,
  { status, serverCode }: Pick<RestFailure, 'status' | 'serverCode'>,
): string {
  switch (code) {
    case 'BANNED':
      return `Helios sends no requests until the ban ends. If other programs on this network use ${name}, stop some of them.`;
    case 'LIMITED':
      return `Helios sends fewer requests from now on. If it repeats, watch fewer symbols or lower polling.weight_share.`;
    case 'GEO_BLOCKED':
      if (status === 403)
        return `A web firewall blocked the request. It blocks addresses of VPNs, proxies and clouds, and unusual requests. Helios tries again. If it lasts, use another network, or set ${urlSetting} to an address that answers from here.`;
      return `${name} does not serve this network or country. Run on a machine where it does, or set ${urlSetting} to an address that answers from here.`;
    case 'DOWN':
      return `Helios tries again. If it lasts, check the machine’s network and ${urlSetting}.`;
    case 'GARBAGE':
      return `Helios tries again. If it lasts, a proxy may answer instead of ${name}: check ${urlSetting}.`;
    case 'REJECTED':
      if (KEY_CODES.has(serverCode))
        return `Check the API key on the venue’s page: its permission “Enable Futures”, its addresses and its network (BINANCE_TESTNET).`;
      return `Check the request (an unlisted symbol?) and ${urlSetting}.`;
  }
}

/** The server's own code in an error's body, if it has one. */
function codeOf(body: string): Pick<RestFailure, 'serverCode'> {
  const { code } = (parsed(body) ?? {}) as { code?: unknown };
  return typeof code === 'number' ? { serverCode: code } : {};
}

function parsed(body: string): unknown {
  try {
    return parseVenueJson(body);
  } catch {
    return undefined;
  }
}

/** The beginning of a body on one line, so that the log shows, for example, that it is an HTML page. */
function quoted(body: string): string {
  const text = body.replace(/\s+/g, ' ').trim();
  return text === '' ? '' : ` (“${text.slice(0, 80)}${text.length > 80 ? '…' : ''}”)`;
}
