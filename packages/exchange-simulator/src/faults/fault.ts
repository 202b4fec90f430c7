import { z } from 'zod';
import { Lasting, Often, SymbolName, Whose } from './fault-fields.ts';
import { STREAM_FAULTS } from './stream-fault.ts';
import { TRADING_FAULTS } from './trading-fault.ts';

/** Which requests a fault applies to, and how long it lasts. */
const reach = {
  /** Beginning of the path; by default every path of the venue. */
  path: z.string().startsWith('/').default('/'),
  method: z.enum(['GET', 'POST', 'PUT', 'DELETE']).optional(),
  ...Whose,
  ...Often,
};

/** With `after` the venue carries the request out first: only the answer suffers. */
const late = { after: z.boolean().optional(), ...reach };

/** A week, as for a step of the clock: everything until then, such as each funding, happens at once. */
const MAX_OFFSET_MS = 604_800_000;

/** One fault of the venue. Several may be active at once. */
export const Fault = z.discriminatedUnion('fault', [
  /** The venue's port is closed: connections are refused. The control port stays open. */
  z.strictObject({ fault: z.literal('refuse'), ...Lasting }),
  /** The venue cuts the connection without an answer. */
  z.strictObject({ fault: z.literal('reset'), ...late }),
  /** The venue never answers. */
  z.strictObject({ fault: z.literal('hang'), ...late }),
  /** The answer comes `ms` later; other faults apply to it too. */
  z.strictObject({ fault: z.literal('slow'), ms: z.number().int().nonnegative().max(600_000), ...late }),
  /** An HTTP error: 403, 418, 429, 451, 5xx, with the venue's usual body or with `body`. */
  z.strictObject({
    fault: z.literal('status'),
    status: z.number().int().min(400).max(599),
    retry_after_sec: z.number().int().nonnegative().optional(),
    body: z.string().optional(),
    ...late,
  }),
  /** Status 200 with a body that is not JSON. */
  z.strictObject({ fault: z.literal('garbage'), ...reach }),
  /** An HTML error page of a proxy. */
  z.strictObject({ fault: z.literal('html'), status: z.number().int().min(200).max(599).default(502), ...late }),
  /** Half of the right answer; then the venue cuts the connection. */
  z.strictObject({ fault: z.literal('half'), ...reach }),
  /** The server's clock runs `offset_ms` ahead of ours. */
  z.strictObject({
    fault: z.literal('clock'),
    offset_ms: z.number().int().min(-MAX_OFFSET_MS).max(MAX_OFFSET_MS),
    ...Lasting,
  }),
  /**
   * Changes a symbol's status, and its delivery date (epoch ms) if given; DELISTED takes it off the list. With any status but TRADING
   * its market stands still.
   */
  z.strictObject({
    fault: z.literal('symbol'),
    symbol: SymbolName,
    status: z.string().min(1).max(40),
    delivery_ts: z.number().int().positive().optional(),
    ...Lasting,
  }),
  /** A symbol stands still although its status is unchanged; only the send times advance. */
  z.strictObject({ fault: z.literal('freeze'), symbol: SymbolName, ...Lasting }),
  /** A symbol's prices differ by `percent` from the source's. */
  z.strictObject({ fault: z.literal('jump'), symbol: SymbolName, percent: z.number().gt(-100).max(1_000), ...Lasting }),
  ...STREAM_FAULTS,
  ...TRADING_FAULTS,
]);
export type Fault = z.infer<typeof Fault>;
/** A fault of the streams; it does not apply to requests. */
export type StreamFault = z.infer<(typeof STREAM_FAULTS)[number]>;
/** A fault as typed: fields with a default are optional. */
export type FaultInput = z.input<typeof Fault>;

/** A fault that this site does not support; the message says why. */
export class BadFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BadFault';
  }
}
