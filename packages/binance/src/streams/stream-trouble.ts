import { judgeReply, type Server } from '../rest/judge-reply.ts';
import type { RestFailureCode } from '../rest/rest-answer.ts';

/** Why a connection to the streams came to nothing or ended. */
export type TroubleCode =
  | RestFailureCode
  /** The venue, or something on the way, closed an open connection. */
  | 'CUT'
  /** Neither a text nor the answer to a ping: the connection is dead without having been closed. */
  | 'SILENT'
  /** Pings are answered, but no data comes. */
  | 'MUTE'
  /** A request to subscribe was not answered. */
  | 'UNANSWERED'
  /** A frame that breaks the protocol, or is longer than any of the venue's. */
  | 'BROKEN_FRAME';

/** What happened to a connection, as a value; `detail` and `advice` are sentences for an operator. */
export interface StreamTrouble {
  readonly code: TroubleCode;
  readonly detail: string;
  readonly advice: string;
  /** How long the venue asked to be left alone, ms. */
  readonly retryAfterMs?: number;
}

const SETTING = 'BINANCE_STREAM_URL';
const BY_ITSELF = 'It is tried again by itself.';

const ADVICE: Readonly<Record<TroubleCode, string>> = {
  DOWN: `${BY_ITSELF} If it lasts, look at the machine’s network and at ${SETTING}.`,
  CUT: `${BY_ITSELF} If it repeats, look at the machine’s network, and whether another program on this address uses the venue’s streams.`,
  SILENT: `${BY_ITSELF} If it repeats, look at the machine’s network: something on the way drops connections without closing them.`,
  MUTE: `${BY_ITSELF} If it lasts, the venue delivers nothing under this address: look at ${SETTING}, and at the venue’s status page.`,
  UNANSWERED: `${BY_ITSELF} If it lasts, look at ${SETTING}: what answers there does not speak the venue’s protocol.`,
  BROKEN_FRAME: `${BY_ITSELF} If it repeats, a proxy may be changing what the venue sends: look at ${SETTING}.`,
  BANNED: `No connection is tried until the ban ends. If another program on this address uses Binance, stop it.`,
  LIMITED: `Fewer connections are tried by themselves. If it repeats, another program on this address may be opening too many.`,
  GEO_BLOCKED: `The venue does not serve this network or region. Run on a machine where it does, or set ${SETTING} to an address that answers from here. It is tried again by itself, after longer pauses.`,
  GARBAGE: `${BY_ITSELF} If it lasts, something else answers in the venue’s place: look at ${SETTING}.`,
  REJECTED: `${BY_ITSELF} If it lasts, there are no streams under this path: look at ${SETTING}, an origin without a path such as wss://fstream.binance.com.`,
};

/** A trouble with the advice that belongs to its code. */
export function troubleOf(code: TroubleCode, detail: string, retryAfterMs?: number): StreamTrouble {
  return { code, detail, advice: ADVICE[code], ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/** What the venue answered instead of opening a WebSocket. */
export interface RefusedUpgrade {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Its beginning. */
  readonly body: string;
}

/**
 * Reads a refused upgrade by the same rules as a REST reply (418 ban, 429 limit, 403 and 451 region, 5xx theirs).
 * @param nowTs epoch ms, for times the venue names absolutely
 */
export function troubleOfReply(refused: RefusedUpgrade, url: string, nowTs: number): StreamTrouble {
  const { origin, pathname } = new URL(url);
  const server: Server = { name: 'Binance', urlSetting: SETTING, origin };
  const judged = judgeReply({ kind: 'REPLY', ...refused }, server, pathname, nowTs);
  if (judged.kind === 'JSON')
    return troubleOf('GARBAGE', `${url} answered as a web page does, without opening a stream.`);
  return troubleOf(judged.code, judged.detail, judged.retryAfterMs);
}

/** Reads the code and the words of a close frame; 1006 stands for none. */
export function troubleOfClose(url: string, code: number, words: string): StreamTrouble {
  if (code === 1006) return troubleOf('CUT', `${url}: the connection was broken off.`);
  const said = words === '' ? '' : ` “${words.replace(/\s+/g, ' ').slice(0, 120)}”`;
  return troubleOf('CUT', `${url}: closed by the venue with ${code}${said}.`);
}
