import { z } from 'zod';
import { ROUTES } from '../streams/stream-name.ts';
import { Lasting, SymbolName } from './fault-fields.ts';

/** The connections of one route; by default all. */
const where = { route: z.enum(ROUTES).optional() };
/** The events of one symbol or one stream; by default all. */
const which = { symbol: SymbolName.optional(), stream: z.string().min(1).max(80).optional() };
const once = { times: z.number().int().positive().default(1) };
const often = { times: z.number().int().positive().optional() };

/** Close codes that a peer may send; 1004 to 1006 are reserved. */
const isCloseCode = (code: number): boolean => code >= 3_000 || code <= 1_003 || (code >= 1_007 && code <= 1_014);

/** Faults of the streams. REST keeps working; `refuse` closes the port and so cuts the streams too. */
export const STREAM_FAULTS = [
  /** The venue answers a new connection with an HTTP status instead of the upgrade: 403, 429, 451, 503, … */
  z.strictObject({
    fault: z.literal('stream-refuse'),
    status: z.number().int().min(400).max(599).default(503),
    retry_after_sec: z.number().int().nonnegative().optional(),
    ...where,
    ...often,
    ...Lasting,
  }),
  /** Cuts connections, by a close frame or by a TCP reset. Once; with `for_ms` also each new connection during that time. */
  z.strictObject({
    fault: z.literal('stream-cut'),
    how: z.enum(['close', 'reset']).default('close'),
    code: z
      .number()
      .int()
      .min(1_000)
      .max(4_999)
      .refine(isCloseCode, 'not a code that a server may send')
      .default(1_001),
    reason: z.string().max(100).default(''),
    ...where,
    ...Lasting,
  }),
  /** Connections stay open without data; the venue answers requests and pings. With `pong` false it sends nothing: half open. */
  z
    .strictObject({ fault: z.literal('stream-mute'), pong: z.boolean().default(true), ...where, ...which, ...Lasting })
    .refine(
      ({ pong, symbol, stream }) => pong || (symbol === undefined && stream === undefined),
      'pong: false applies to whole connections and takes neither symbol nor stream',
    ),
  /** Drops the symbol's next depth updates; the streams of different speeds count separately. */
  z.strictObject({ fault: z.literal('stream-gap'), symbol: SymbolName, ...once, ...Lasting }),
  /** Replaces the next events by text that is not JSON, by half of the right text, or by eight megabytes. */
  z.strictObject({
    fault: z.literal('stream-garbage'),
    what: z.enum(['text', 'half', 'huge']).default('text'),
    ...which,
    ...once,
    ...Lasting,
  }),
  /** Sends each event twice. */
  z.strictObject({ fault: z.literal('stream-duplicate'), ...which, ...often, ...Lasting }),
  /** Puts a bid at the best ask into the symbol's next depth updates: the resulting book is crossed until a new snapshot. */
  z.strictObject({ fault: z.literal('stream-crossed'), symbol: SymbolName, ...once, ...Lasting }),
  /** Events come `ms` late, in order, with their original stamps. */
  z.strictObject({
    fault: z.literal('stream-late'),
    ms: z.number().int().positive().max(600_000),
    ...which,
    ...Lasting,
  }),
  /**
   * The venue announces that the server will shut down. The spot streams document this notice, about ten minutes ahead. We guess that
   * futures use the same message. The shutdown itself is `stream-cut`.
   */
  z.strictObject({ fault: z.literal('server-shutdown'), ...where }),
] as const;
