import { waitFor } from '@helios/shared/runtime/wait-for.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { silentLog } from '@helios/shared/testing/silent-log.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MarketStreams } from '../src/streams/market-streams.ts';
import { type Guest, startTinyVenue, type TinyVenue } from './tiny-venue.ts';

let venue: TinyVenue;
const halt = new AbortController();

beforeEach(async () => {
  venue = await startTinyVenue();
});
afterEach(() => venue.close());

/** Maximum number of messages within any second. */
function maxPerSecond({ arrivals }: Guest): number {
  return Math.max(...arrivals.map(({ ms }) => arrivals.filter((each) => each.ms >= ms && each.ms < ms + 1_000).length));
}

test('on the real clock, however the wanted streams change, no connection sends more than five messages per second', async () => {
  const opened: string[] = [];
  const streams = new MarketStreams({
    baseUrl: venue.url,
    now: Date.now,
    wait: (ms) => waitFor(ms, halt.signal),
    stop: halt.signal,
    random: Math.random,
    log: silentLog,
    onFrame: () => {},
    onOpen: (names) => void opened.push(...names),
    onLost: () => {},
  });
  const running = streams.run();
  const changes = setInterval(() => {
    const from = Math.floor(performance.now());
    streams.setStreams(Array.from({ length: 250 }, (_, at) => `s${(from + at) % 400}usdt@depth`));
  }, 20);
  await eventually('many requests were sent', () => venue.guests.some(({ arrivals }) => arrivals.length >= 16));
  clearInterval(changes);
  halt.abort();
  await running;
  expect(venue.guests.map(maxPerSecond).every((most) => most <= 5)).toBe(true);
  expect(opened.length).toBeGreaterThan(200);
  await eventually('no socket is left open', () => venue.openSockets() === 0);
});
