import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { depth } from '@helios/binance/rest/endpoints/depth.ts';
import { createHttpClient } from '@helios/binance/rest/http-client.ts';
import { createPublicRest } from '@helios/binance/rest/public-rest.ts';
import { RateGovernor } from '@helios/binance/rest/rate-governor.ts';
import type { RequestReport } from '@helios/exchange-simulator/limits/request-log.ts';
import { Channels, Records } from '@helios/shared/contracts/catalog.ts';
import { connectBus } from '@helios/shared/runtime/redis-bus.ts';
import { aMode } from '@helios/shared/testing/builders.ts';
import { silentLog } from '@helios/shared/testing/silent-log.ts';
import { startTestRedis } from '@helios/shared/testing/test-redis.ts';
import { EVERY_BOOK_A_SIGNAL } from './every-book-a-signal.ts';
import { percentile } from './percentile.ts';
import type { Row } from './report.ts';

const ROOT = join(import.meta.dirname, '..');
const MINUTE_MS = 60_000;
const POLLS = 300;
const SIGNALS = 200;
/** Of each kind, not counted: compilers and connections warm up. */
const WARM_UP = 20;
const BUDGET = 0.6 * 2_400;
const CLOCK_TICKS_PER_SEC = 100;

/** Public mode against the exchange simulator: from a poll to a signal, and what polling costs for 5, 20 and 50 symbols. */
export async function benchPublic(): Promise<Row[]> {
  const chain = await pollToSignal();
  const loads = await Promise.all([5, 20, 50].map(oneMinute));
  return [...chain, ...loads.flat()];
}

const symbolsOf = (count: number): string[] => Array.from({ length: count }, (_, i) => `BENCH${i}USDT`);

interface Venue {
  readonly url: string;
  requests(): Promise<RequestReport>;
  stop(): void;
}

async function startVenue(symbols: readonly string[]): Promise<Venue> {
  const child = fork(join(import.meta.dirname, 'venue-process.ts'), [symbols.join(',')], { stdio: 'inherit' });
  const [{ url }] = await once(child, 'message');
  return {
    url,
    async requests() {
      child.send('requests');
      const [{ requests }] = await once(child, 'message');
      return requests;
    },
    stop: () => void child.kill('SIGKILL'),
  };
}

/** A Redis that says public mode, and services on it. */
async function startServices(venue: Venue, symbols: readonly string[], services: readonly string[]) {
  const redis = await startTestRedis();
  const address = { host: '127.0.0.1', port: redis.port, db: 0, log: silentLog, onFault: console.error };
  const fleet = await connectBus('fleet', address);
  const { source: _, ...mode } = aMode({ mode: 'public', network: 'mainnet', session: 'bench' });
  await fleet.write((batch) => batch.setRecord(Records.fleetMode, mode));
  const children = services.map((service) =>
    spawn(process.execPath, ['--max-semi-space-size=2', '--optimize-for-size', `services/${service}/src/main.ts`], {
      cwd: ROOT,
      env: {
        PATH: process.env['PATH'],
        // No settings of the operator's: this folder has none.
        HELIOS_SETTINGS_DIR: import.meta.dirname,
        ...EVERY_BOOK_A_SIGNAL,
        SIGNALS_NOBI_THRESHOLD: '0.01',
        TRADING_SYMBOLS: symbols.join(','),
        TRADING_MAX_OPEN_POSITIONS: '100',
        BINANCE_REST_URL: venue.url,
        POLLING_COINGECKO_URL: '',
        REDIS_HOST: '127.0.0.1',
        REDIS_PORT: String(redis.port),
        HELIOS_SESSION: 'bench',
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    }),
  );
  return {
    address,
    fleet,
    run: mode.run,
    children,
    async stop() {
      for (const child of children) child.kill('SIGKILL');
      await fleet.close();
      await redis.stop();
    },
  };
}

async function pollToSignal(): Promise<Row[]> {
  const symbols = symbolsOf(5);
  const venue = await startVenue(symbols);
  const services = await startServices(venue, symbols, ['signal-engine', 'public-price-ingestor']);
  try {
    const signals = await signalDelays(services, symbols);
    const polls = await pollTimes(venue, symbols[0] ?? '');
    return [0.5, 0.99].flatMap((share) => [
      { what: `poll of a book → answer parsed, p${share * 100}`, value: percentile(polls, share), unit: 'ms' },
      {
        what: `answer parsed → trading_signals over Redis, p${share * 100} (to the millisecond)`,
        value: percentile(signals, share),
        unit: 'ms',
      },
    ]);
  } finally {
    await services.stop();
    venue.stop();
  }
}

/** From a book's `ts_init`, which is when the answer had been read, to its signal heard. */
async function signalDelays(
  { address, run }: Awaited<ReturnType<typeof startServices>>,
  symbols: readonly string[],
): Promise<number[]> {
  const page = await connectBus('dashboard-api', address);
  const logger = await connectBus('decision-logger', address);
  const parsedTs = new Map<string, number>();
  const delays: number[] = [];
  for (const symbol of symbols) {
    await page.subscribe(Channels.books, ({ ts_init }) => void parsedTs.set(symbol, ts_init), { symbol });
  }
  await page.subscribe(Channels.tradingSignals, ({ symbol }) => {
    const ts = parsedTs.get(symbol);
    if (ts !== undefined) delays.push(performance.timeOrigin + performance.now() - ts);
    // As decision-logger would say it: nothing came of the signal, so the next book may trigger again.
    const flat = { run, symbol, ts_event: Date.now() + MINUTE_MS, positions: [], orders: [] };
    logger.write((batch) => batch.publish(Channels.positionUpdates, flat)).catch(console.error);
  });
  const deadline = Date.now() + 2 * MINUTE_MS;
  while (delays.length < SIGNALS && Date.now() < deadline) await pause(100);
  await Promise.all([page.close(), logger.close()]);
  if (delays.length < SIGNALS) throw new Error(`only ${delays.length} of ${SIGNALS} signals came within two minutes`);
  return delays.slice(WARM_UP);
}

async function pollTimes(venue: Venue, symbol: string): Promise<number[]> {
  const http = createHttpClient();
  const rest = createPublicRest({
    baseUrl: venue.url,
    http,
    governor: new RateGovernor({ now: Date.now, share: 0.95, limitPerMinute: 1e6 }),
    timeoutMs: 5_000,
    now: Date.now,
    wait: (ms) => pause(ms),
    stop: new AbortController().signal,
  });
  const times: number[] = [];
  for (let i = 0; i < POLLS; i += 1) {
    const began = performance.now();
    const answer = await rest.ask(depth, { symbol, limit: 20 });
    if (answer.kind === 'OK' && i >= WARM_UP) times.push(performance.now() - began);
    await pause(5);
  }
  http.close();
  return times;
}

/** A whole clock minute of polling, after the one in which the history was asked for. */
async function oneMinute(symbolCount: number): Promise<Row[]> {
  const symbols = symbolsOf(symbolCount);
  const venue = await startVenue(symbols);
  const services = await startServices(venue, symbols, ['public-price-ingestor']);
  try {
    const page = await connectBus('dashboard-api', services.address);
    let books = 0;
    const count = (): void => {
      books += 1;
    };
    for (const symbol of symbols) await page.subscribe(Channels.books, count, { symbol });
    await untilNextMinute();
    const [booksBefore, cpuBefore] = [books, cpuSeconds(services.children[0])];
    await untilNextMinute();
    const [booksSeen, cpu] = [books - booksBefore, cpuSeconds(services.children[0]) - cpuBefore];
    const beat = await page.getRecord(Records.heartbeat, { service: 'public-price-ingestor' });
    const minute = (await venue.requests()).minutes.at(-2);
    await page.close();
    const name = `public, ${symbolCount} symbols`;
    return [
      { what: `${name}: requests`, value: minute?.requests ?? Number.NaN, unit: '/min' },
      { what: `${name}: weight`, value: minute?.weight ?? Number.NaN, unit: '/min', aim: `≤ ${BUDGET}` },
      { what: `${name}: a symbol’s book every`, value: (60 * symbolCount) / booksSeen, unit: 's' },
      { what: `${name}: memory of the ingestor`, value: beat?.rss_mb ?? Number.NaN, unit: 'MB', aim: '< 120 MB' },
      { what: `${name}: processor time of the ingestor`, value: (100 * cpu) / 60, unit: '% of a core' },
    ];
  } finally {
    await services.stop();
    venue.stop();
  }
}

async function untilNextMinute(): Promise<void> {
  await pause(MINUTE_MS - (Date.now() % MINUTE_MS) + 50);
}

/** User and system time since a process began, from the system's own accounts (Linux). */
function cpuSeconds(child: ChildProcess | undefined): number {
  const fields = readFileSync(`/proc/${child?.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SEC;
}
