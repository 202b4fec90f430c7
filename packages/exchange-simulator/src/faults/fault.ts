import { z } from 'zod';
import { Lasting, SymbolName } from './fault-fields.ts';
import { STREAM_FAULTS } from './stream-fault.ts';

/** Which requests a fault meets, and how long it lasts. */
const reach = {
  /** Beginning of the path; every path of the venue unless told. */
  path: z.string().startsWith('/').default('/'),
  /** Gone after so many requests. */
  times: z.number().int().positive().optional(),
  ...Lasting,
};

/** One way in which the venue misbehaves. Several may be on at once. */
export const Fault = z.discriminatedUnion('fault', [
  /** The venue's port is closed: connections are refused. The control port stays open. */
  z.strictObject({ fault: z.literal('refuse'), ...Lasting }),
  /** The connection is cut without an answer. */
  z.strictObject({ fault: z.literal('reset'), ...reach }),
  /** There is never an answer. */
  z.strictObject({ fault: z.literal('hang'), ...reach }),
  /** The answer comes `ms` later; other faults still meet it. */
  z.strictObject({ fault: z.literal('slow'), ms: z.number().int().nonnegative().max(600_000), ...reach }),
  /** An HTTP error: 403, 418, 429, 451, 5xx, with the body the venue would send, or with `body`. */
  z.strictObject({
    fault: z.literal('status'),
    status: z.number().int().min(400).max(599),
    retry_after_sec: z.number().int().nonnegative().optional(),
    body: z.string().optional(),
    ...reach,
  }),
  /** Status 200 and a body that is no JSON. */
  z.strictObject({ fault: z.literal('garbage'), ...reach }),
  /** A proxy's error page, in HTML. */
  z.strictObject({ fault: z.literal('html'), status: z.number().int().min(200).max(599).default(502), ...reach }),
  /** Half of the right answer, then the connection is cut. */
  z.strictObject({ fault: z.literal('half'), ...reach }),
  /** The server's clock is `offset_ms` ahead of ours. */
  z.strictObject({ fault: z.literal('clock'), offset_ms: z.number().int(), ...Lasting }),
  /** A symbol's status is another one; DELISTED takes it off the list. All but TRADING stand still. */
  z.strictObject({ fault: z.literal('symbol'), symbol: SymbolName, status: z.string().min(1).max(40), ...Lasting }),
  /** A symbol stands still although its status is what it was; only the stamp of sending moves on. */
  z.strictObject({ fault: z.literal('freeze'), symbol: SymbolName, ...Lasting }),
  /** A symbol's prices are `percent` away from the source's. */
  z.strictObject({ fault: z.literal('jump'), symbol: SymbolName, percent: z.number().gt(-100).max(1_000), ...Lasting }),
  ...STREAM_FAULTS,
]);
export type Fault = z.infer<typeof Fault>;
/** A fault of the streams, which requests do not meet. */
export type StreamFault = z.infer<(typeof STREAM_FAULTS)[number]>;
/** A fault as it is typed: what has a default may be left out. */
export type FaultInput = z.input<typeof Fault>;

/** A fault that this site cannot have; the message says why. */
export class BadFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BadFault';
  }
}
