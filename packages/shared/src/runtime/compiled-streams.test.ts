import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { Streams } from '../contracts/catalog.ts';
import type { Stream } from '../contracts/entry.ts';
import type { Execution } from '../domain/execution.ts';
import type { AssessedEntry } from '../domain/order.ts';
import type { SentSignal } from '../domain/signal.ts';
import { aBook, aSignal, T0 } from '../testing/builders.ts';
import { createRecordingLog } from '../testing/silent-log.ts';
import { createMessageReader } from './message-reader.ts';

const signal: SentSignal = {
  ...aSignal({
    quote: { bid: 99.9, ask: 100.1 },
    stop_loss: 98,
    take_profit: 104,
    regime: 'QUIET',
    gates: [{ gate: 'SPREAD', outcome: 'PASSED', value: 2, limit: 5, note: 'narrow' }],
    seq: 3,
  }),
  book: aBook({ seq: 3 }),
};
const { signal_id, run, symbol } = signal;
const entry: AssessedEntry = {
  intent: {
    ...{ run, signal_id, symbol, side: 'LONG', purpose: 'ENTRY', action: 'BUY', order_type: 'LIMIT', price: 100 },
    ...{ time_in_force: 'GTX', quantity: 0.1, reduce_only: false, leverage: 5, stop_loss: 98, expires_ts: T0 },
  },
  signal: aSignal(),
  rules: [{ rule: 'FREE_MARGIN', outcome: 'PASSED', value: 80, limit: 30 }],
  ts_init: T0,
};
const execution: Execution = {
  ...{ execution_id: 'signal-1#7', run, signal_id, client_order_id: 'h-1', symbol, side: 'LONG', purpose: 'ENTRY' },
  ...{ ts_event: T0, ts_init: T0, times: { received_ts: T0, sent_ts: T0 }, answer: 'FILLED' },
  fill: { trade_id: '7', price: 100, quantity: 0.1, fee: 0.004, liquidity: 'TAKER', slippage: 0 },
};

type Path = readonly string[];

/** Paths of all parts of a document, itself included. */
function pathsOf(document: unknown, path: Path = []): Path[] {
  const parts = typeof document === 'object' && document !== null ? Object.entries(document) : [];
  return [path, ...parts.flatMap(([key, part]) => pathsOf(part, [...path, key]))];
}

/** The document with another part at `path`; without the part if `value` is undefined. */
function changed(document: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value ?? null;
  const copy: object = Array.isArray(document) ? [...document] : { ...(document as object) };
  const part = changed(Object.getOwnPropertyDescriptor(copy, key)?.value, rest, value);
  if (rest.length === 0 && value === undefined) Reflect.deleteProperty(copy, key);
  else Object.defineProperty(copy, key, { value: part, enumerable: true, configurable: true, writable: true });
  return copy;
}

const EDGES = [0, -0, 1, -1, 0.5, 1.5, 2 ** 53, 1e300, '', '0', '-1.5', '1e5', 'SHORT', 'EXIT_LONG', 'x'.repeat(121)];
const part = fc.oneof(fc.constant(undefined), fc.constantFrom<unknown>(...EDGES, true, [], {}), fc.jsonValue());
const added = fc.constantFrom([], ['more'], ['__proto__'], ['constructor'], ['seq'], ['20']);

test.each<[string, Stream, unknown]>([
  ['signals', Streams.signals, signal],
  ['order_intents', Streams.orderIntents, entry],
  ['executions', Streams.executions, execution],
])('the compiled schema of %s accepts, returns and reports exactly what the schema does', (name, stream, document) => {
  expect(() => z.compile(stream.schema, { strict: true })).not.toThrow();
  const changes = fc.tuple(fc.constantFrom(...pathsOf(document)), added, part);
  const both = fc.array(changes, { maxLength: 2 });
  fc.assert(
    fc.property(both, (list) => {
      const text = JSON.stringify(
        list.reduce((all, [path, more, value]) => changed(all, [...path, ...more], value), document),
      );
      const [plain, compiled] = [read(stream, name, text, false), read(stream, name, text, true)];
      expect(compiled).toStrictEqual(plain);
      if (list.length === 0) expect(compiled.message).toEqual(document);
    }),
    { numRuns: 1_000 },
  );
});

const logs = { plain: createRecordingLog(), compiled: createRecordingLog() };
let nowMs = 0;
const readers = {
  plain: createMessageReader(logs.plain, () => nowMs),
  compiled: createMessageReader(logs.compiled, () => nowMs),
};
for (const stream of [Streams.signals, Streams.orderIntents, Streams.executions]) readers.compiled.compile(stream);

function read(stream: Stream, name: string, text: string, isCompiled: boolean) {
  const [reader, log] = isCompiled ? [readers.compiled, logs.compiled] : [readers.plain, logs.plain];
  // Each problem is logged.
  nowMs += 60_000;
  log.lines.length = 0;
  return { message: reader.receive(stream, name, text) as unknown, lines: [...log.lines] };
}
