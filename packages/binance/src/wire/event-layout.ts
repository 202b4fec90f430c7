import type { EventFields, FieldTable } from './event-fields.ts';
import type { Literal } from './layout-scan.ts';

/** How an event is written by the venue, and what a scan of it gives. */
export interface EventLayout<Message> {
  /** Kind in the name of its stream: `depth` in `btcusdt@depth@100ms`. */
  readonly stream: Literal;
  /** Value of `e` with its closing quote: `depthUpdate"`. */
  readonly event: Literal;
  readonly fields: FieldTable;
  readonly build: (fields: EventFields) => Message;
}
