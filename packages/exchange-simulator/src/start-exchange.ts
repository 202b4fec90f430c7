import { accountsOf, buildExchange } from './build-exchange.ts';
import { ClockStepper } from './control/clock-stepper.ts';
import { venueControl } from './control/venue-control.ts';
import type { ExchangeStart } from './exchange-start.ts';
import { type FaultyServer, startFaultyServer } from './http/faulty-server.ts';
import { ENDPOINTS } from './rest/endpoints.ts';
import { createVenueSite } from './rest/venue-site.ts';
import { keepState, lastPrices } from './state/keep-state.ts';
import { StateFile } from './state/state-file.ts';
import { SteppedClock } from './stepped-clock.ts';
import { StreamHub } from './streams/stream-hub.ts';
import { VENUE_STREAM_LIMITS } from './streams/stream-limits.ts';
import { TRADE_ROUTES } from './streams/stream-name.ts';
import { WsApi } from './ws-api/ws-api.ts';

/** A running local venue. */
export interface RunningExchange extends FaultyServer {
  /** The state file that it goes on from; undefined without one. */
  readonly state: StateFile | undefined;
  /** The server's time, epoch ms. */
  now(): number;
  /** Base address of the streams, `ws://…`; add `/public/stream?streams=…` or similar. */
  readonly streamUrl: string;
  /** Number of events sent on all streams so far, for clients in lock-step. */
  eventsSent(): number;
  /** Plays market and streams up to the clock. With a settable clock, only this or a request makes the streams send. */
  advance(): Promise<void>;
  /** Steps the clock forward and plays everything up to the new time. */
  advanceBy(ms: number): Promise<void>;
}

/** How often the market advances on the machine's clock: with stream connections, and without. */
const TICK_MS = 50;
const IDLE_TICKS = 5;

/**
 * Starts a local Binance USDⓈ-M for public market data.
 * Rejects with NotARecording for a bad recording, HopelessStart for a state file that cannot be used, and with the system's error if a
 * port is taken.
 */
export async function startExchange(options: ExchangeStart): Promise<RunningExchange> {
  const clock = new SteppedClock(options.nowMs ?? Date.now, options.timeSpeed);
  const state = options.state === undefined ? undefined : StateFile.open(options.state, accountsOf(options));
  try {
    return await started(options, clock, state);
  } catch (error) {
    state?.stop();
    throw error;
  }
}

async function started(
  options: ExchangeStart,
  clock: SteppedClock,
  state: StateFile | undefined,
): Promise<RunningExchange> {
  // The venue's clock never goes back.
  clock.step(Math.max(0, (state?.content.lastMs ?? 0) - clock.now()));
  const { exchange, markets } = await buildExchange(options, clock, state === undefined ? {} : lastPrices(state));
  if (state !== undefined) keepState(exchange, state);
  const limits = { ...VENUE_STREAM_LIMITS, ...options.streams };
  const hub = new StreamHub(exchange, limits, options.tradeRoutes ?? TRADE_ROUTES);
  const sockets = new WsApi(exchange, hub, limits);
  const advance = async (): Promise<void> => {
    await exchange.advance();
    sockets.look();
  };
  const stepper = new ClockStepper(clock, async () => {
    await advance();
    await hub.whenRead();
  });
  const control = venueControl(exchange, stepper);
  const server = await startFaultyServer({ ...createVenueSite(exchange, ENDPOINTS, sockets), control }, options);
  await server.setFaults(options.faults ?? []);
  const stopTicking = options.nowMs === undefined ? tick(sockets, advance) : () => {};
  return {
    ...server,
    state,
    streamUrl: server.url.replace('http', 'ws'),
    now: () => exchange.now(),
    eventsSent: () => hub.eventsSent,
    advance,
    advanceBy: (ms) => stepper.advanceBy(ms),
    async stop() {
      stopTicking();
      sockets.stop();
      await server.stop();
      for (const market of markets) await market.stop();
      state?.stop();
    },
  };
}

/** Advances the market on the machine's clock; returns a function that stops this. A failure shows in the next answer, and ends the streams. */
function tick(sockets: WsApi, advance: () => Promise<void>): () => void {
  let ticks = 0;
  let isAdvancing = false;
  const timer = setInterval(() => {
    ticks += 1;
    if (isAdvancing || (sockets.size === 0 && ticks % IDLE_TICKS !== 0)) return;
    isAdvancing = true;
    advance()
      .catch((error: unknown) => sockets.stop(`The simulator failed: ${String(error)}`))
      .finally(() => {
        isAdvancing = false;
      });
  }, TICK_MS);
  return () => clearInterval(timer);
}
