import { appendFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/**
 * Loaded before a process of the live chain (`--import`): notes when its message arrives at a socket, and when its own message is handed
 * to the kernel. It appends lines `chain hop in|out µs` to the file `HOP_CLOCK_FILE`; the processes of a machine share the clock.
 */
const { HOP_CLOCK_FILE: file = '', HOP_CLOCK_OF: hop = '' } = process.env;
const FLUSH_MS = 500;
/** Texts in the bytes that a hop receives and sends, of the services and of the idle chain. */
const TEXTS: Readonly<Record<string, Readonly<Record<'real' | 'idle', readonly [received: string, sent: string]>>>> = {
  engine: {
    real: ['books:BTCUSDT', 'xadd\r\n$7\r\nsignals'],
    idle: ['idle_live_books', 'xadd\r\n$17\r\nidle_live_signals'],
  },
  risk: {
    real: ['\r\nsignals\r\n', 'xadd\r\n$13\r\norder_intents'],
    idle: ['idle_live_signals', 'xadd\r\n$17\r\nidle_live_intents'],
  },
  execution: {
    real: ['order_intents', 'POST /fapi/v1/order?'],
    idle: ['idle_live_intents', 'POST /idle?'],
  },
};
const { real, idle } = TEXTS[hop] ?? { real: ['', ''], idle: ['', ''] };

type Chunk = string | Buffer | null;

let lines = '';

function note(way: 'in' | 'out', chunk: Chunk): void {
  const at = way === 'in' ? 0 : 1;
  const chain = chunk?.includes(real[at] ?? '') ? 'real' : chunk?.includes(idle[at] ?? '') ? 'idle' : undefined;
  if (chain !== undefined) lines += `${chain} ${hop} ${way} ${process.hrtime.bigint() / 1_000n}\n`;
}

/** What Node's sockets do below their public functions: the bytes of a gathered write are seen only there. */
const socket = Socket.prototype as unknown as {
  push(chunk: Chunk, ...rest: unknown[]): boolean;
  _writeGeneric(isMany: boolean, written: Chunk | readonly { readonly chunk: Chunk }[], ...rest: unknown[]): void;
};
const { _writeGeneric: write } = socket;
socket.push = function push(chunk, ...rest) {
  note('in', chunk);
  return Duplex.prototype.push.call(this, chunk, ...(rest as []));
};
socket._writeGeneric = function writeGeneric(isMany, written, ...rest) {
  for (const chunk of isMany ? (written as readonly { chunk: Chunk }[]).map((each) => each.chunk) : [written as Chunk])
    note('out', chunk);
  write.call(this, isMany, written, ...rest);
};
setInterval(() => {
  if (lines !== '') appendFileSync(file, lines);
  lines = '';
}, FLUSH_MS).unref();
