import { judgeReply, type Server } from '../rest/judge-reply.ts';
import type { RestFailureCode } from '../rest/rest-answer.ts';

/** Why a stream connection failed or ended. */
export type TroubleCode =
  | RestFailureCode
  /** The venue, or a device on the way, closed an open connection. */
  | 'CUT'
  /** Neither a text nor an answer to a ping: the connection is dead, but not closed. */
  | 'SILENT'
  /** The venue answers pings, but sends no data. */
  | 'MUTE'
  /** The venue did not answer a subscription request. */
  | 'UNANSWERED'
  /** A frame that breaks the protocol or exceeds the maximum length. */
  | 'BROKEN_FRAME';

/** What happened to a connection, as a value; `detail` and `advice` are sentences for an operator. */
export interface StreamTrouble {
  readonly code: TroubleCode;
  readonly detail: string;
  readonly advice: string;
  /** Wait that the venue demands, ms. */
  readonly retryAfterMs?: number;
}

const SETTING = 'BINANCE_STREAM_URL';
const BY_ITSELF = 'Helios tries again.';

const ADVICE: Readonly<Record<TroubleCode, string>> = {
  DOWN: `${BY_ITSELF} If it lasts, check the machine’s network and ${SETTING}.`,
  CUT: `${BY_ITSELF} If it repeats, check the machine’s network, and check whether another program on this address uses the venue’s streams.`,
  SILENT: `${BY_ITSELF} If it repeats, check the machine’s network: a device on the way drops connections without closing them.`,
  MUTE: `${BY_ITSELF} If it lasts, the venue sends no data from this address: check ${SETTING} and the venue’s status page.`,
  UNANSWERED: `${BY_ITSELF} If it lasts, check ${SETTING}: the server there does not speak the venue’s protocol.`,
  BROKEN_FRAME: `${BY_ITSELF} If it repeats, a proxy may change the venue’s data: check ${SETTING}.`,
  BANNED: `Helios opens no connection until the ban ends. If another program on this address uses Binance, stop it.`,
  LIMITED: `Helios opens fewer connections from now on. If it repeats, another program on this address may open too many.`,
  GEO_BLOCKED: `The venue does not serve this network or region. Run on a machine where it does, or set ${SETTING} to an address that answers from here. Helios tries again, after longer pauses.`,
  GARBAGE: `${BY_ITSELF} If it lasts, another server answers instead of the venue: check ${SETTING}.`,
  REJECTED: `${BY_ITSELF} If it lasts, this path has no streams: check ${SETTING}. It must be an origin without a path, such as wss://fstream.binance.com.`,
};

/** A trouble with the advice for its code. */
export function troubleOf(code: TroubleCode, detail: string, retryAfterMs?: number): StreamTrouble {
  return { code, detail, advice: ADVICE[code], ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/** The venue's HTTP answer instead of a WebSocket. */
export interface RefusedUpgrade {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Beginning of the body. */
  readonly body: string;
}

/**
 * Judges a refused upgrade by the rules of a REST reply (418 ban, 429 limit, 403 and 451 region, 5xx a fault of the server).
 * @param nowTs epoch ms, for absolute times in the reply
 */
export function troubleOfReply(refused: RefusedUpgrade, url: string, nowTs: number): StreamTrouble {
  const { origin, pathname } = new URL(url);
  const server: Server = { name: 'Binance', urlSetting: SETTING, origin };
  const judged = judgeReply({ kind: 'REPLY', ...refused }, server, pathname, nowTs);
  if (judged.kind === 'JSON') return troubleOf('GARBAGE', `${url} answered like a web page and did not open a stream.`);
  return troubleOf(judged.code, judged.detail, judged.retryAfterMs);
}

/** Judges the code and text of a close frame; 1006 means that there was none. */
export function troubleOfClose(url: string, code: number, words: string): StreamTrouble {
  if (code === 1006) return troubleOf('CUT', `${url}: the connection was broken off.`);
  const said = words === '' ? '' : ` “${words.replace(/\s+/g, ' ').slice(0, 120)}”`;
  return troubleOf('CUT', `${url}: the venue closed the connection with ${code}${said}.`);
}
