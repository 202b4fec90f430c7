import { z } from 'zod';
import { ROUTES } from '../streams/stream-name.ts';
import { Lasting, SymbolName } from './fault-fields.ts';

/** Which connections: those of one route, all unless told. */
const where = { route: z.enum(ROUTES).optional() };
/** Which events: those of one symbol or one stream, all unless told. */
const which = { symbol: SymbolName.optional(), stream: z.string().min(1).max(80).optional() };
const once = { times: z.number().int().positive().default(1) };
const often = { times: z.number().int().positive().optional() };

/** Close codes that a peer may send; 1004 to 1006 are for its own use. */
const isCloseCode = (code: number): boolean => code >= 3_000 || code <= 1_003 || (code >= 1_007 && code <= 1_014);

/** The ways in which the streams misbehave. REST goes on; what closes the port (`refuse`) cuts the streams as well. */
export const STREAM_FAULTS = [
  /** A new connection is answered with an HTTP status in place of the upgrade: 403, 429, 451, 503, … */
  z.strictObject({
    fault: z.literal('stream-refuse'),
    status: z.number().int().min(400).max(599).default(503),
    retry_after_sec: z.number().int().nonnegative().optional(),
    ...where,
    ...often,
    ...Lasting,
  }),
  /** Connections are cut, by a close frame or by a bare TCP reset: once, or with `for_ms` also each new one for so long. */
  z.strictObject({
    fault: z.literal('stream-cut'),
    how: z.enum(['close', 'reset']).default('close'),
    code: z.number().int().min(1_000).max(4_999).refine(isCloseCode, 'no code that may be sent').default(1_001),
    reason: z.string().max(100).default(''),
    ...where,
    ...Lasting,
  }),
  /** Connections stay open and no data comes; requests and pings are answered. With `pong` false nothing comes at all: half open. */
  z
    .strictObject({ fault: z.literal('stream-mute'), pong: z.boolean().default(true), ...where, ...which, ...Lasting })
    .refine(
      ({ pong, symbol, stream }) => pong || (symbol === undefined && stream === undefined),
      'pong: false is for whole connections and goes with neither symbol nor stream',
    ),
  /** The symbol's next depth updates are lost; each speed's count as one of their own. */
  z.strictObject({ fault: z.literal('stream-gap'), symbol: SymbolName, ...once, ...Lasting }),
  /** In place of the next events come a text that is no JSON, half of the right one, or eight megabytes. */
  z.strictObject({
    fault: z.literal('stream-garbage'),
    what: z.enum(['text', 'half', 'huge']).default('text'),
    ...which,
    ...once,
    ...Lasting,
  }),
  /** Each event comes twice. */
  z.strictObject({ fault: z.literal('stream-duplicate'), ...which, ...often, ...Lasting }),
  /** The symbol's next depth updates carry a bid at the best ask: the book they lead to is crossed until a new snapshot. */
  z.strictObject({ fault: z.literal('stream-crossed'), symbol: SymbolName, ...once, ...Lasting }),
  /** Events come `ms` late, in order, with the stamps that they would have had. */
  z.strictObject({
    fault: z.literal('stream-late'),
    ms: z.number().int().positive().max(600_000),
    ...which,
    ...Lasting,
  }),
  /**
   * The venue says that the server is about to go. On the spot streams it is documented, some ten minutes ahead; that futures say it
   * in the same words is a guess. The end itself is `stream-cut`.
   */
  z.strictObject({ fault: z.literal('server-shutdown'), ...where }),
] as const;
