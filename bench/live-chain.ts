import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { bookWire } from '@helios/shared/contracts/book-wire.ts';
import { Channels, Lists, Streams } from '@helios/shared/contracts/catalog.ts';
import type { Book } from '@helios/shared/domain/market-data.ts';
import { aKline } from '@helios/shared/testing/builders.ts';
import { WITHOUT_GATES } from '../tests/harness/every-book-a-signal.ts';
import { levels } from './bid-heavy-book.ts';
import { HopTimes, type Sample } from './hop-times.ts';
import { type LiveServices, openLiveServices } from './live-services.ts';
import { percentile } from './percentile.ts';
import type { Row } from './report.ts';

const SYMBOL = 'BTCUSDT';
const SAMPLES = 400;
const WARM_UP = 50;
const GAP_MS = 4;
const ANSWER_MS = 20_000;
const MINUTE_MS = 60_000;
const REFUSED = '{"code":-2019,"msg":"Margin is insufficient."}';

/**
 * A book over signal-engine, risk-manager and execution-manager to an order on the wire, beside an idle chain. The idle chain has as many
 * processes and messages of the same length, and runs the same kinds of Redis commands: the channel of the book, one pipeline per hop (a
 * stream entry, a stored field, an echo), groups that read and acknowledge, and a POST over a kept connection. It leaves out what the
 * services do beyond that: JSON and schemas, decision, risk rules, the signature, and execution-manager's own reading of books and
 * signals. Both chains run in turn on the same Redis. A hop's row says where the time goes; its stamps are taken at the sockets.
 */
export async function benchLiveChain(): Promise<Row[]> {
  const children: ChildProcess[] = [];
  const start = (file: string, ...args: string[]): ChildProcess => {
    const child = fork(join(import.meta.dirname, file), args, {
      stdio: 'inherit',
      env: { ...process.env, ...hops.environment(args[2] ?? '') },
    });
    children.push(child);
    return child;
  };
  const hops = new HopTimes();
  const [venue] = await once(start('live-venue-process.ts', SYMBOL), 'message');
  const wire = await OrderWire.open(venue.url);
  const services = await openLiveServices([SYMBOL], wire.url);
  try {
    const real = await realChain(services, wire, venue.streamUrl, hops);
    const { port } = services;
    const sizes = await messageSizes(services);
    for (const hop of ['engine', 'risk', 'execution'])
      await once(start('idle-live-link.ts', String(port), String(sizes[hop]), hop, wire.url), 'message');
    const { Redis } = createRequire(join(import.meta.dirname, '../packages/shared/package.json'))('ioredis');
    const commands = new Redis({ port });
    const filler = 'x'.repeat(bookWire.encode(bookOf(1)).length);
    const idle = () => wire.timed('/idle', () => commands.publish('idle_live_books', filler));
    const took: { real: number[]; idle: number[] } = { real: [], idle: [] };
    for (let i = 0; i < SAMPLES + WARM_UP; i += 1) {
      const realMs = await real();
      await pause(GAP_MS);
      const idleMs = await idle();
      await pause(GAP_MS);
      if (i < WARM_UP) continue;
      took.real.push(realMs);
      took.idle.push(idleMs);
    }
    commands.disconnect();
    await pause(1_000);
    const total = [0.5, 0.99].map((share) => ({
      what: `live: book → order on the wire, p${share * 100}`,
      value: percentile(took.real, share),
      floor: percentile(took.idle, share),
      unit: 'ms',
      aim: share === 0.5 ? '≤ 1.5 × idle chain' : '≤ 2 × idle chain',
    }));
    return [...total, ...hops.rows(wire.samples.filter((each) => each.startUs > 0))];
  } finally {
    await services.close();
    wire.close();
    for (const child of children) child.kill('SIGKILL');
  }
}

/** Length of what each hop sends, in characters: the last signal with its book, and the last intent with its rules. */
async function messageSizes({ risk, execution }: LiveServices): Promise<Readonly<Record<string, number>>> {
  const [signal] = await risk.getLatest(Streams.signals, 1);
  const [intent] = await execution.getLatest(Streams.orderIntents, 1);
  return { engine: JSON.stringify(signal).length, risk: JSON.stringify(intent).length, execution: 0 };
}

/** Starts the three services, and returns how one sample is taken: from publishing a book to the order at the venue. */
async function realChain(
  services: LiveServices,
  wire: OrderWire,
  streamUrl: string,
  hops: HopTimes,
): Promise<() => Promise<number>> {
  const { ingestor, page, mode } = services;
  await ingestor.write((batch) => {
    for (let i = 60; i > 0; i -= 1) {
      const open_ts = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - i * MINUTE_MS;
      const prices = { open: '60000', high: '60030', low: '59970', close: '60000' };
      batch.push(Lists.klines, aKline({ symbol: SYMBOL, open_ts, ...prices }), { symbol: SYMBOL, interval: '1m' });
    }
  });
  const env = { BINANCE_STREAM_URL: streamUrl, ...WITHOUT_GATES, SIGNALS_CONFIRMATION_SAMPLE_MS: '0' };
  services.spawn('execution-manager', { ...env, ...hops.environment('execution') });
  services.spawn('risk-manager', { ...env, ...hops.environment('risk') });
  services.spawn('signal-engine', { ...env, ...hops.environment('engine') });
  await services.untilReady();
  let answered: (() => void) | undefined;
  await page.subscribe(Channels.positionUpdates, ({ executions = [] }) => {
    if (executions.length > 0) answered?.();
  });
  const command = { command_id: randomUUID(), action: 'start', issued_by: 'bench', issued_ts: Date.now() } as const;
  await page.write((batch) => batch.append(Streams.operatorCommands, command));
  let update = 1;
  const publish = (book: Book): Promise<void> =>
    ingestor.write((batch) => batch.publish(Channels.books, book, { symbol: SYMBOL }));
  const nextBook = (): Book => {
    update += 1;
    return bookOf(update);
  };
  await firstOrder(wire, () => publish(nextBook()), mode.run);
  return async () => {
    const isAnswered = new Promise<void>((resolve) => {
      answered = resolve;
    });
    const book = nextBook();
    const tookMs = await wire.timed('/fapi/v1/order', () => publish(book));
    await isAnswered;
    return tookMs;
  };
}

/** Publishes books until the chain, which may still start, has sent an order. */
async function firstOrder(wire: OrderWire, publish: () => Promise<void>, run: string): Promise<void> {
  let isThere = false;
  const order = wire.next('/fapi/v1/order').then(() => {
    isThere = true;
  });
  for (const deadline = Date.now() + ANSWER_MS; !isThere; await Promise.race([order, pause(200)])) {
    if (Date.now() > deadline) throw new Error(`the chain of ${run} sent no order within ${ANSWER_MS} ms`);
    await publish();
  }
  await pause(500);
}

function bookOf(update: number): Book {
  const now = Date.now();
  const qty = (9 + (update % 10) / 1_000).toFixed(3);
  return {
    ...{ type: 'book', symbol: SYMBOL, ts_event: now, ts_init: now, last_update_id: update },
    bids: levels(60_000, -0.1, qty, 20),
    asks: levels(60_000.1, 0.1, '1.000', 20),
  };
}

/** The venue's address for the services: passes everything on to the exchange but orders, which it notes and refuses. */
class OrderWire {
  readonly url: string;
  readonly #server;
  readonly samples: Sample[] = [];
  readonly #waiting = new Map<string, (arrivedMs: number) => void>();

  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async open(exchangeUrl: string): Promise<OrderWire> {
    const server = createServer((asked, answer) => wire.#take(asked, answer, exchangeUrl));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const wire = new OrderWire(server);
    return wire;
  }

  /** Resolves when a POST request to this path arrives. */
  next(path: string): Promise<number> {
    return new Promise((resolve) => this.#waiting.set(path, resolve));
  }

  /** Milliseconds from `begin` to the next request. */
  async timed(path: string, begin: () => Promise<unknown>): Promise<number> {
    const arrived = this.next(path);
    const startUs = Number(process.hrtime.bigint() / 1_000n);
    const startedMs = performance.now();
    await begin();
    let limit: NodeJS.Timeout | undefined;
    const isLate = new Promise<never>((_, reject) => {
      limit = setTimeout(() => reject(new Error(`no request to ${path}`)), ANSWER_MS);
    });
    const arrivedMs = await Promise.race([arrived, isLate]);
    clearTimeout(limit);
    const tookMs = arrivedMs - startedMs;
    this.samples.push({ chain: path === '/idle' ? 'idle' : 'real', startUs, endUs: startUs + tookMs * 1_000 });
    return tookMs;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #take(asked: IncomingMessage, answer: ServerResponse, exchangeUrl: string): void {
    const [path = ''] = (asked.url ?? '').split('?');
    if (asked.method === 'POST' && (path === '/fapi/v1/order' || path === '/idle')) {
      this.#waiting.get(path)?.(performance.now());
      this.#waiting.delete(path);
      answer.writeHead(path === '/idle' ? 200 : 400, { 'Content-Type': 'application/json' }).end(REFUSED);
      return;
    }
    const { method, headers } = asked;
    const passed = request(`${exchangeUrl}${asked.url}`, { method: method ?? 'GET', headers }, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers);
      got.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    asked.pipe(passed);
  }
}
