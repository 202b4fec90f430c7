import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { serviceCommand } from '@helios/fleet/service-command.ts';
import type { Ingestor } from '@helios/market-data/publish/publisher.ts';
import { bookWire } from '@helios/shared/contracts/book-wire.ts';
import { Channels, Rankings, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { FleetMode } from '@helios/shared/domain/fleet.ts';
import type { Book } from '@helios/shared/domain/market-data.ts';
import { TradingSignal } from '@helios/shared/domain/signal.ts';
import type { Bus } from '@helios/shared/runtime/bus.ts';
import { connectBus } from '@helios/shared/runtime/redis-bus.ts';
import { silentLog } from '@helios/shared/testing/silent-log.ts';
import { startTestRedis } from '@helios/shared/testing/test-redis.ts';
import { EVERY_BOOK_A_SIGNAL } from '../tests/harness/every-book-a-signal.ts';
import { percentile } from './percentile.ts';
import type { Row } from './report.ts';

const ROOT = join(import.meta.dirname, '..');
/** Maximum wait for an answer of signal-engine, also during its start. */
const ANSWER_MS = 20_000;
const GAP_MS = 3;

export interface ChainOptions {
  /** Name of the measurement in the table. */
  readonly what: string;
  readonly symbol: string;
  readonly mode: FleetMode;
  readonly ingestor: Ingestor;
  readonly feed: (bus: Bus<Ingestor>) => BookFeed;
  /** The step of the idle chain that replaces getting the book. */
  readonly idleFirst: () => Promise<unknown>;
  readonly samples: number;
  /** Uncounted samples of each chain, to warm up compilers and connections. */
  readonly warmUp: number;
}

/** Source of the books for the real chain. */
export interface BookFeed {
  /** Prepares the venue's part of a sample, which is not timed. */
  readonly prepare?: () => void;
  /** Gets and publishes one book that causes a signal. */
  readonly publish: () => Promise<Book>;
}

/** Times a book through the real signal-engine to `trading_signals`, and an idle chain with the same hops, in turn. */
export async function compareChains(options: ChainOptions): Promise<Row[]> {
  const { samples, warmUp } = options;
  const redis = await startTestRedis();
  const children: ChildProcess[] = [];
  try {
    const real = await realChain(redis.port, children, options);
    const idle = await idleChain(redis.port, children, real.sizes, options.idleFirst);
    const took: { real: number[]; idle: number[] } = { real: [], idle: [] };
    for (let i = 0; i < samples + warmUp; i += 1) {
      const realMs = await real.sample();
      await pause(GAP_MS);
      const idleMs = await idle.sample();
      await pause(GAP_MS);
      if (i < warmUp) continue;
      took.real.push(realMs);
      took.idle.push(idleMs);
    }
    await real.close();
    await idle.close();
    return [0.5, 0.99].map((share) => ({
      what: `${options.what}, p${share * 100}`,
      value: percentile(took.real, share),
      floor: percentile(took.idle, share),
      unit: 'ms',
      aim: share === 0.5 ? '≤ 1.3 × idle chain' : '≤ 2 × idle chain',
    }));
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await redis.stop();
  }
}

interface Chain {
  /** Milliseconds from the start to the received echo. */
  sample(): Promise<number>;
  close(): Promise<void>;
}

/** Number of characters of the messages in the real chain; the idle chain sends as many. */
interface Sizes {
  readonly book: number;
  readonly signal: number;
  /** The signal as its stream has it, with its book. */
  readonly streamed: number;
}

const { Redis } = createRequire(join(ROOT, 'packages/shared/package.json'))('ioredis');

async function realChain(
  port: number,
  children: ChildProcess[],
  { symbol, mode, ingestor: name, feed }: ChainOptions,
): Promise<Chain & { sizes: Sizes }> {
  const address = { host: '127.0.0.1', port, db: 0, log: silentLog, onFault: (error: unknown) => console.error(error) };
  const fleet = await connectBus('fleet', address);
  const connected = await connectBus(name, address);
  const logger = await connectBus('decision-logger', address);
  // Every ingestor has the rights of `Ingestor`; the compiler cannot derive that from the union.
  const ingestor = connected as unknown as Bus<Ingestor>;
  await fleet.write((batch) => batch.setRecord(Records.fleetMode, mode));
  await ingestor.write((batch) => batch.setRanking(Rankings.watchlist, { [symbol]: 1 }));
  // Without the projection of a ledger signal-engine keeps trading HALTED and makes no signal.
  const projection = { run: mode.run, ledger: 'bench', signals: 0, trading: { kind: 'FIRST_START' } } as const;
  await logger.write((batch) => batch.setRecord(Records.ledgerProjection, projection));
  const start = serviceCommand(ROOT, 'signal-engine');
  const engine = spawn(start.command, start.args, {
    env: {
      ...process.env,
      // This folder has no settings of the operator.
      HELIOS_SETTINGS_DIR: import.meta.dirname,
      ...EVERY_BOOK_A_SIGNAL,
      REDIS_HOST: '127.0.0.1',
      REDIS_PORT: String(port),
      REDIS_PASSWORD: '',
      HELIOS_SESSION: 'bench',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  children.push(engine);

  let heard: (() => void) | undefined;
  let signalId = '';
  const sizes = { book: 0, signal: 0, streamed: 0 };
  const subscriber = new Redis({ port });
  subscriber.on('message', (_channel: string, text: string) => {
    sizes.signal = text.length;
    heard?.();
    signalId = TradingSignal.parse(JSON.parse(text)).signal_id;
  });
  await subscriber.subscribe(Channels.tradingSignals.name);
  const books = feed(ingestor);

  /** Answers like decision-logger that the signal was denied, so that the next book may trigger again. */
  function deny(): Promise<void> {
    const now = Date.now();
    const { run } = mode;
    const denial: Execution = {
      ...{ run, symbol, execution_id: `${signalId}#END`, signal_id: signalId, ts_event: now, ts_init: now },
      side: 'LONG',
      purpose: 'ENTRY',
      answer: 'DENIED',
      denial: { code: 'NOTIONAL_BELOW_MINIMUM', value: 0, limit: 5 },
    };
    const flat = { run, symbol, ts_event: now, positions: [], orders: [], executions: [denial] };
    return logger.write((batch) => batch.publish(Channels.positionUpdates, flat));
  }

  async function sample(): Promise<number> {
    let limit: NodeJS.Timeout | undefined;
    const echo = new Promise<void>((resolve, reject) => {
      heard = resolve;
      limit = setTimeout(() => reject(new Error('signal-engine made no signal from a book')), ANSWER_MS);
    });
    books.prepare?.();
    const started = performance.now();
    await books.publish();
    await echo;
    const took = performance.now() - started;
    clearTimeout(limit);
    heard = undefined;
    await deny();
    return took;
  }

  sizes.book = await firstAnswer(books, (resolve) => {
    heard = resolve;
  });
  sizes.streamed = JSON.stringify((await logger.getLatest(Streams.signals, 1))[0]).length;
  await deny();
  return {
    sample,
    sizes,
    close: async () => {
      subscriber.disconnect();
      await Promise.all([fleet.close(), connected.close(), logger.close()]);
    },
  };
}

/** Publishes until signal-engine, which may still start, has answered once. Resolves to the length of a book's message. */
async function firstAnswer(books: BookFeed, onHeard: (resolve: () => void) => void): Promise<number> {
  let answered = false;
  let length = 0;
  onHeard(() => {
    answered = true;
  });
  for (const deadline = Date.now() + ANSWER_MS; !answered; await pause(100)) {
    if (Date.now() > deadline) throw new Error('signal-engine gave no signal within 20 s; run it by hand to see why');
    books.prepare?.();
    length = bookWire.encode(await books.publish()).length;
  }
  return length;
}

async function idleChain(
  port: number,
  children: ChildProcess[],
  sizes: Sizes,
  first: () => Promise<unknown>,
): Promise<Chain> {
  const [commands, subscriber] = [new Redis({ port }), new Redis({ port })];
  const link = fork(join(import.meta.dirname, 'idle-link.ts'), [port, sizes.signal, sizes.streamed].map(String), {
    stdio: 'inherit',
  });
  children.push(link);
  await once(link, 'message');
  let heard: (() => void) | undefined;
  subscriber.on('message', () => heard?.());
  await subscriber.subscribe('idle_echo');
  const filler = 'x'.repeat(sizes.book);
  return {
    async sample() {
      const echo = new Promise<void>((resolve) => {
        heard = resolve;
      });
      const started = performance.now();
      await first();
      await commands.pipeline().publish('idle_books', filler).exec();
      await echo;
      return performance.now() - started;
    },
    close: async () => {
      commands.disconnect();
      subscriber.disconnect();
    },
  };
}
