import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { MarketFeed } from '@helios/market-data/feed/market-feed.ts';
import { Channels, Rankings, Records } from '@helios/shared/contracts/catalog.ts';
import type { Book } from '@helios/shared/domain/market-data.ts';
import { wallClock } from '@helios/shared/runtime/clock.ts';
import { connectBus } from '@helios/shared/runtime/redis-bus.ts';
import { aMode } from '@helios/shared/testing/builders.ts';
import { silentLog } from '@helios/shared/testing/silent-log.ts';
import { startTestRedis } from '@helios/shared/testing/test-redis.ts';
import { EVERY_BOOK_A_SIGNAL } from './every-book-a-signal.ts';
import { percentile } from './percentile.ts';
import type { Row } from './report.ts';

const ROOT = join(import.meta.dirname, '..');
const SYMBOL = 'BTCUSDT';
const SAMPLES = 3_000;
const WARM_UP = 300;
const GAP_MS = 3;
/** Venue frame → `trading_signals` over Redis through the real signal-engine, beside an idle chain of the same hops, sample by sample. */
export async function benchChain(): Promise<Row[]> {
  const redis = await startTestRedis();
  const children: ChildProcess[] = [];
  try {
    const real = await realChain(redis.port, children);
    const idle = await idleChain(redis.port, children, real.sizes);
    const took: { real: number[]; idle: number[] } = { real: [], idle: [] };
    for (let i = 0; i < SAMPLES + WARM_UP; i += 1) {
      const realMs = await real.sample();
      await pause(GAP_MS);
      const idleMs = await idle.sample();
      await pause(GAP_MS);
      if (i < WARM_UP) continue;
      took.real.push(realMs);
      took.idle.push(idleMs);
    }
    await real.close();
    await idle.close();
    return [0.5, 0.99].map((share) => ({
      what: `frame → trading_signals over Redis, p${share * 100}`,
      value: percentile(took.real, share),
      floor: percentile(took.idle, share),
      unit: 'ms',
      aim: share === 0.5 ? '≤ 1.5 × idle chain' : '≤ 2 × idle chain',
    }));
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await redis.stop();
  }
}

interface Chain {
  /** Milliseconds from a venue text in hand to its echo received. */
  sample(): Promise<number>;
  close(): Promise<void>;
}

/** Characters of the messages that pass through the real chain, for the idle one to carry as many. */
interface Sizes {
  readonly book: number;
  readonly signal: number;
}

const { Redis } = createRequire(join(ROOT, 'packages/shared/package.json'))('ioredis');

async function realChain(port: number, children: ChildProcess[]): Promise<Chain & { sizes: Sizes }> {
  const address = { host: '127.0.0.1', port, db: 0, log: silentLog, onFault: (error: unknown) => console.error(error) };
  const fleet = await connectBus('fleet', address);
  const ingestor = await connectBus('data-ingestor', address);
  const logger = await connectBus('decision-logger', address);
  const mode = aMode({ session: 'bench' });
  await fleet.write((batch) => batch.setRecord(Records.fleetMode, mode));
  await ingestor.write((batch) => batch.setRanking(Rankings.watchlist, { [SYMBOL]: 1 }));
  const engine = spawn(process.execPath, [join(ROOT, 'services/signal-engine/src/main.ts')], {
    env: {
      ...process.env,
      // No settings of the operator's: this folder has none.
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
  const sizes = { book: 0, signal: 0 };
  const subscriber = new Redis({ port });
  subscriber.on('message', (_channel: string, text: string) => {
    sizes.signal = text.length;
    heard?.();
  });
  await subscriber.subscribe(Channels.tradingSignals.name);
  const feed = new MarketFeed({ symbols: [SYMBOL], now: wallClock.now, onNotice: (notice) => console.error(notice) });
  let update = 1_000;
  feed.onFrame({ tsReceived: Date.now(), symbol: SYMBOL, text: bidHeavySnapshot(update) });

  async function publish(): Promise<void> {
    const text = depthUpdate(update, Date.now());
    update += 1;
    const books = feed
      .onFrame({ tsReceived: Date.now(), text })
      .filter((event): event is Book => event.type === 'book');
    await ingestor.write((batch) => {
      for (const book of books) batch.publish(Channels.books, book, { symbol: SYMBOL });
    });
    sizes.book ||= JSON.stringify(books[0]).length;
  }

  /** As decision-logger would say it: nothing came of the signal, so the next book may trigger again. */
  function forget(): Promise<void> {
    const flat = { run: mode.run, symbol: SYMBOL, ts_event: Date.now() + 60_000, positions: [], orders: [] };
    return logger.write((batch) => batch.publish(Channels.positionUpdates, flat));
  }

  async function sample(): Promise<number> {
    const echo = new Promise<void>((resolve) => {
      heard = resolve;
    });
    const started = performance.now();
    await publish();
    await echo;
    const took = performance.now() - started;
    heard = undefined;
    await forget();
    return took;
  }

  await firstAnswer(publish, (resolve) => {
    heard = resolve;
  });
  await forget();
  return {
    sample,
    sizes,
    close: async () => {
      subscriber.disconnect();
      await Promise.all([fleet.close(), ingestor.close(), logger.close()]);
    },
  };
}

/** Publishes until the engine, which may still be starting, has answered once. */
async function firstAnswer(publish: () => Promise<void>, onHeard: (resolve: () => void) => void): Promise<void> {
  let answered = false;
  onHeard(() => {
    answered = true;
  });
  for (const deadline = Date.now() + 20_000; !answered; await pause(100)) {
    if (Date.now() > deadline) throw new Error('signal-engine gave no signal within 20 s; run it by hand to see why');
    await publish();
  }
}

async function idleChain(port: number, children: ChildProcess[], sizes: Sizes): Promise<Chain> {
  const [commands, subscriber] = [new Redis({ port }), new Redis({ port })];
  const link = fork(join(import.meta.dirname, 'idle-link.ts'), [String(port), String(sizes.signal)], {
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

function levels(best: number, step: number, qty: string): [string, string][] {
  return Array.from({ length: 30 }, (_, i) => [(best + i * step).toFixed(2), qty]);
}

function bidHeavySnapshot(id: number): string {
  const now = Date.now();
  const sides = { bids: levels(60_000, -0.1, '9.000'), asks: levels(60_000.1, 0.1, '1.000') };
  return JSON.stringify({ lastUpdateId: id, E: now, T: now, ...sides });
}

/** The size of a usual 100 ms update: ten levels a side, quantities that change a little. */
function depthUpdate(previous: number, now: number): string {
  const qty = (9 + (previous % 10) / 1_000).toFixed(3);
  const b = levels(60_000, -0.1, qty).slice(0, 10);
  const a = levels(60_000.1, 0.1, '1.000').slice(0, 10);
  const data = { e: 'depthUpdate', E: now, T: now, s: SYMBOL, U: previous + 1, u: previous + 1, pu: previous, b, a };
  return JSON.stringify({ stream: 'btcusdt@depth@100ms', data });
}
