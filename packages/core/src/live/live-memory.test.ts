import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { LiveHarness } from '../testing/live-harness.ts';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/**
 * What live trading may keep of a round trip: ids of the last thousands of stops and signals, so that nothing is done twice. One order
 * that is never forgotten has several kilobytes.
 */
const MAX_BYTES_PER_TRIP = 1_000;
const TRIPS = 300;
/** Until what is kept of the last stops and orders is full. */
const WARM_UP = 700;
/** Longer than a tenth of the time for which the orders of a signal are kept. */
const PAUSE_MS = 200_000;

function heapBytes(): number {
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** Round trips with a trailing stop and a refused entry each; what the test itself keeps is forgotten. */
function trade(live: LiveHarness, from: number, trips: number): void {
  for (let trip = from; trip < from + trips; trip += 1) {
    live.enter(`e${trip}`).run(200);
    live.venue.move(4, live.nowMs);
    live.run(200).enter(`r${trip}`).exit(`x${trip}`);
    live.nowMs += PAUSE_MS;
    live.venue.move(-4, live.nowMs);
    live.run(200);
    for (const kept of [live.executions, live.commands, live.venue.taken]) kept.length = 0;
    live.venue.orders.clear();
    live.venue.stops.forget();
  }
}

/** Growth of the heap per round trip, bytes. */
function growth(live: LiveHarness, from: number): number {
  const before = heapBytes();
  trade(live, from, TRIPS);
  return (heapBytes() - before) / TRIPS;
}

it('F42 a round trip leaves at most a kilobyte behind', () => {
  const live = new LiveHarness().start();
  trade(live, 0, WARM_UP);
  // Code that the engine compiles in between grows the heap once; what a trip leaves behind grows it each time.
  const perTrip = Math.min(growth(live, WARM_UP), growth(live, WARM_UP + TRIPS));
  expect(live.position).toBe(0);
  expect(perTrip).toBeLessThan(MAX_BYTES_PER_TRIP);
}, 120_000);
