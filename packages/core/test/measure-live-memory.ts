import { LiveHarness } from '../src/testing/live-harness.ts';

/** Started with --expose-gc as a process of its own: the heap of a process with other tests in it says nothing. Prints bytes per round trip. */
const TRIPS = 300;
/** Until what is kept of the last stops and orders is full. */
const WARM_UP = 700;
/** Longer than a tenth of the time for which the orders of a signal are kept. */
const PAUSE_MS = 200_000;

function heapBytes(): number {
  if (globalThis.gc === undefined) throw new Error('Start this script with node --expose-gc.');
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

/** Round trips with a trailing stop and a refused entry each; what the harness itself keeps is forgotten. */
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

const live = new LiveHarness().start();
trade(live, 0, WARM_UP);
const before = heapBytes();
trade(live, WARM_UP, TRIPS);
console.log(JSON.stringify({ perTrip: (heapBytes() - before) / TRIPS, position: live.position }));
