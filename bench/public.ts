import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RequestReport } from '@helios/exchange-simulator/limits/request-log.ts';
import { serviceCommand } from '@helios/fleet/service-command.ts';
import { Channels, Records } from '@helios/shared/contracts/catalog.ts';
import { connectBus } from '@helios/shared/runtime/redis-bus.ts';
import { aMode } from '@helios/shared/testing/builders.ts';
import { silentLog } from '@helios/shared/testing/silent-log.ts';
import { startTestRedis } from '@helios/shared/testing/test-redis.ts';
import { benchPollChain } from './poll-chain.ts';
import type { Row } from './report.ts';

const ROOT = join(import.meta.dirname, '..');
const MINUTE_MS = 60_000;
const BUDGET = 0.6 * 2_400;
const CLOCK_TICKS_PER_SEC = 100;

/** Public mode: time from a poll to a signal, and the cost of polling the exchange simulator for 5, 20 and 50 symbols. */
export async function benchPublic(): Promise<Row[]> {
  const rows = await benchPollChain();
  // One after the other, because parallel runs would share the processors.
  for (const symbols of [5, 20, 50]) rows.push(...(await oneMinute(symbols)));
  return rows;
}

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

/** A Redis with public mode, and the ingestor on it. */
async function startIngestor(venue: Venue, symbols: readonly string[]) {
  const redis = await startTestRedis();
  const address = { host: '127.0.0.1', port: redis.port, db: 0, log: silentLog, onFault: console.error };
  const fleet = await connectBus('fleet', address);
  const page = await connectBus('dashboard-api', address);
  const engine = await connectBus('signal-engine', address);
  const { source: _, ...mode } = aMode({ mode: 'public', network: 'mainnet', session: 'bench' });
  await fleet.write((batch) => batch.setRecord(Records.fleetMode, mode));
  const start = serviceCommand(ROOT, 'public-price-ingestor');
  if (start === undefined) throw new Error('services/public-price-ingestor is missing from this checkout');
  const child = spawn(start.command, start.args, {
    env: {
      PATH: process.env['PATH'],
      // This folder has no settings of the operator.
      HELIOS_SETTINGS_DIR: import.meta.dirname,
      TRADING_SYMBOLS: symbols.join(','),
      BINANCE_REST_URL: venue.url,
      POLLING_COINGECKO_URL: '',
      REDIS_HOST: '127.0.0.1',
      REDIS_PORT: String(redis.port),
      HELIOS_SESSION: 'bench',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return {
    page,
    engine,
    child,
    async stop() {
      child.kill('SIGKILL');
      await Promise.all([fleet.close(), page.close(), engine.close()]);
      await redis.stop();
    },
  };
}

/** A whole clock minute of polling, after the minute of the history requests. */
async function oneMinute(symbolCount: number): Promise<Row[]> {
  const symbols = Array.from({ length: symbolCount }, (_, i) => `BENCH${i}USDT`);
  const venue = await startVenue(symbols);
  const { page, engine, child, stop } = await startIngestor(venue, symbols);
  try {
    let books = 0;
    const count = (): void => {
      books += 1;
    };
    for (const symbol of symbols) await engine.subscribe(Channels.books, count, { symbol });
    await untilNextMinute();
    const minuteTs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
    const [booksBefore, cpuBefore] = [books, cpuSeconds(child)];
    await untilNextMinute();
    const [booksSeen, cpu] = [books - booksBefore, cpuSeconds(child) - cpuBefore];
    const beat = await page.getRecord(Records.heartbeat, { service: 'public-price-ingestor' });
    const minute = (await venue.requests()).minutes.find(({ minute_ts }) => minute_ts === minuteTs);
    const name = `public, ${symbolCount} symbols`;
    return [
      { what: `${name}: requests`, value: minute?.requests ?? Number.NaN, unit: '/min' },
      { what: `${name}: weight`, value: minute?.weight ?? Number.NaN, unit: '/min', aim: `≤ ${BUDGET}` },
      { what: `${name}: a symbol’s book every`, value: (60 * symbolCount) / booksSeen, unit: 's' },
      { what: `${name}: memory of the ingestor`, value: beat?.rss_mb ?? Number.NaN, unit: 'MB', aim: '< 120 MB' },
      { what: `${name}: processor time of the ingestor`, value: (100 * cpu) / 60, unit: '% of a core' },
    ];
  } finally {
    await stop();
    venue.stop();
  }
}

async function untilNextMinute(): Promise<void> {
  await pause(MINUTE_MS - (Date.now() % MINUTE_MS) + 50);
}

/** User and system time since a process began, from the system's accounting (Linux). */
function cpuSeconds(child: ChildProcess): number {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SEC;
}
