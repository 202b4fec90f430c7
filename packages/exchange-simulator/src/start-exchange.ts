import { createReplaySource } from '@helios/market-data/replay-source.ts';
import type { MarketSource } from '@helios/market-data/source.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import { createGeneratorSource } from '@helios/synthetic-market/generator-source.ts';
import type { AccountStart, ApiKey } from './accounts/account-store.ts';
import { ClockStepper } from './control/clock-stepper.ts';
import { venueControl } from './control/venue-control.ts';
import { Exchange } from './exchange.ts';
import type { FaultInput } from './faults/fault.ts';
import { type FaultyServer, type ServerPlace, startFaultyServer } from './http/faulty-server.ts';
import type { PoolLimits } from './limits/pool-meter.ts';
import type { WeightLimits } from './limits/weight-meter.ts';
import { type ContractInput, completeContract } from './listing/contract.ts';
import { ExchangeMarket } from './market/exchange-market.ts';
import { ENDPOINTS } from './rest/endpoints.ts';
import { createVenueSite } from './rest/venue-site.ts';
import { SteppedClock } from './stepped-clock.ts';
import { StreamHub } from './streams/stream-hub.ts';
import { type StreamLimits, VENUE_STREAM_LIMITS } from './streams/stream-limits.ts';
import { type Route, TRADE_ROUTES } from './streams/stream-name.ts';

/** Source of the prices. */
export type MarketInput =
  | {
      readonly kind: 'generator';
      readonly seed?: number;
      readonly symbols?: readonly string[];
      /** Depth updates per second and symbol, 1..50; default 5. */
      readonly updatesPerSecond?: number;
      readonly startPrices?: Readonly<Record<string, number>>;
    }
  | { readonly kind: 'recordings'; readonly files: readonly string[] }
  | { readonly kind: 'source'; readonly source: MarketSource };

export interface ExchangeStart extends ServerPlace {
  readonly market: MarketInput;
  /** The venue's clock, epoch ms; default: the machine's. With a settable clock the market moves only with it. */
  readonly nowMs?: () => number;
  /** Listed contracts; default: the market's symbols as USDT perpetuals. Symbols outside the market are generated. */
  readonly contracts?: readonly ContractInput[];
  /** More listed contracts, for example TRAP_CONTRACTS. */
  readonly moreContracts?: readonly ContractInput[];
  readonly limits?: Partial<WeightLimits>;
  /** Limits of request pools; default: the venue's. */
  readonly poolLimits?: Partial<PoolLimits>;
  /** Key of an account of 10,000 USDT; without a key or accounts every key is refused. */
  readonly key?: ApiKey;
  /** More accounts. */
  readonly accounts?: readonly AccountStart[];
  /** Market ms per ms of the venue's clock; default 1. */
  readonly speed?: number;
  /** Venue ms per ms of `nowMs`; default 1. Everything follows: market, streams, funding, expiries, limits. */
  readonly timeSpeed?: number;
  /** What happens at a recording's end; default: repeat. */
  readonly atEnd?: 'repeat' | 'hold';
  /** Market ms played before the first request, so that there are books and trades; default 10,000. */
  readonly leadMs?: number;
  /** Klines from before the start if the source, such as a recording, has none; default: none. */
  readonly past?: 'none' | 'made-up';
  readonly faults?: readonly FaultInput[];
  /** Routes that deliver `@trade`; default: public and legacy. */
  readonly tradeRoutes?: readonly Route[];
  /** Limits of a stream connection; default: the venue's. */
  readonly streams?: Partial<StreamLimits>;
}

/** A running local venue. */
export interface RunningExchange extends FaultyServer {
  /** The server's time, epoch ms. */
  now(): number;
  /** Base address of the streams, `ws://…`; add `/public/stream?streams=…` or similar. */
  readonly streamUrl: string;
  /** Plays market and streams up to the clock. With a settable clock, only this or a request makes the streams send. */
  advance(): Promise<void>;
  /** Steps the clock forward and plays everything up to the new time. */
  advanceBy(ms: number): Promise<void>;
}

/** How often the market advances on the machine's clock: with stream connections, and without. */
const TICK_MS = 50;
const IDLE_TICKS = 5;
const PAST_SEED = 1;
const DEFAULT_SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'];

/**
 * Starts a local Binance USDⓈ-M for public market data.
 * Rejects with NotARecording for a bad recording, and with the system's error if a port is taken.
 */
export async function startExchange(options: ExchangeStart): Promise<RunningExchange> {
  const clock = new SteppedClock(options.nowMs ?? Date.now, options.timeSpeed);
  const { exchange, markets } = await buildExchange(options, clock);
  const hub = new StreamHub(
    exchange,
    { ...VENUE_STREAM_LIMITS, ...options.streams },
    options.tradeRoutes ?? TRADE_ROUTES,
  );
  const advance = async (): Promise<void> => {
    await exchange.advance();
    hub.look();
  };
  const stepper = new ClockStepper(clock, async () => {
    await advance();
    await hub.whenRead();
  });
  const control = venueControl(exchange, stepper);
  const server = await startFaultyServer({ ...createVenueSite(exchange, ENDPOINTS, hub), control }, options);
  await server.setFaults(options.faults ?? []);
  const stopTicking = options.nowMs === undefined ? tick(hub, advance) : () => {};
  return {
    ...server,
    streamUrl: server.url.replace('http', 'ws'),
    now: () => exchange.now(),
    advance,
    advanceBy: (ms) => stepper.advanceBy(ms),
    async stop() {
      stopTicking();
      hub.stop();
      await server.stop();
      for (const market of markets) await market.stop();
    },
  };
}

/** Advances the market on the machine's clock; returns a function that stops this. A failure shows in the next answer, and ends the streams. */
function tick(hub: StreamHub, advance: () => Promise<void>): () => void {
  let ticks = 0;
  let isAdvancing = false;
  const timer = setInterval(() => {
    ticks += 1;
    if (isAdvancing || (hub.size === 0 && ticks % IDLE_TICKS !== 0)) return;
    isAdvancing = true;
    advance()
      .catch((error: unknown) => hub.stop(`The simulator failed: ${String(error)}`))
      .finally(() => {
        isAdvancing = false;
      });
  }, TICK_MS);
  return () => clearInterval(timer);
}

async function buildExchange(
  options: ExchangeStart,
  clock: SteppedClock,
): Promise<{ readonly exchange: Exchange; readonly markets: readonly ExchangeMarket[] }> {
  const leadMs = options.leadMs ?? 10_000;
  const common = { nowMs: () => clock.now(), leadMs, speed: options.speed ?? 1, atEnd: options.atEnd ?? 'repeat' };
  const startMs = clock.now() - leadMs;
  const source = sourceOf(options.market, options.contracts, startMs);
  const instruments = await source.instruments();
  const listed: readonly ContractInput[] = options.contracts ?? instruments.map(({ symbol }) => ({ symbol }));
  const inputs = [...listed, ...(options.moreContracts ?? [])];
  const known = new Map(instruments.map((one) => [one.symbol, one]));
  const others = inputs.map(({ symbol }) => marketName(symbol)).filter((name) => !known.has(name));
  const main = await ExchangeMarket.start({ source, ...common });
  if (options.past === 'made-up') await main.makeUpPast(PAST_SEED);
  const markets = [main];
  if (others.length > 0) {
    const startPrices = pairPrices(inputs, main);
    const side = createGeneratorSource({ seed: 1, symbols: others, startMs, updatesPerSecond: 1, startPrices });
    for (const one of await side.instruments()) known.set(one.symbol, one);
    markets.push(await ExchangeMarket.start({ source: side, ...common }));
  }
  const contracts = inputs.map((input) =>
    completeContract({ ...gridOf(known.get(marketName(input.symbol))), ...input }),
  );
  const limits = { weightPerMinute: 2_400, refusalsUntilBan: 10, ...options.limits };
  return {
    exchange: new Exchange({
      contracts,
      markets,
      marketName,
      limits,
      poolLimits: options.poolLimits,
      clock,
      accounts: [...(options.key === undefined ? [] : [accountOf(options.key)]), ...(options.accounts ?? [])],
    }),
    markets,
  };
}

function accountOf(key: ApiKey): AccountStart {
  return { id: 'main', keys: [key], balance: '10000' };
}

/** Start prices of generated contracts whose pair the main market has: a quarterly starts at its perpetual's price. */
function pairPrices(inputs: readonly ContractInput[], main: ExchangeMarket): Readonly<Record<string, number>> {
  const prices = inputs.flatMap(({ symbol, pair }): [string, number][] => {
    const price = Number(main.symbol(pair ?? symbol.split('_')[0] ?? symbol)?.lastPrice);
    return price > 0 ? [[marketName(symbol), price]] : [];
  });
  return Object.fromEntries(prices);
}

function gridOf(instrument: Instrument | undefined): Partial<ContractInput> {
  if (instrument === undefined) return {};
  return { tickSize: instrument.tick_size, stepSize: instrument.step_size, minNotional: instrument.min_notional };
}

/** The market's name of a symbol. Market messages use ASCII names only, so other letters become code points. */
function marketName(symbol: string): string {
  return symbol.replace(/[^A-Z0-9_]/g, (letter) => `X${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase()}`);
}

function sourceOf(market: MarketInput, contracts: readonly ContractInput[] | undefined, startMs: number): MarketSource {
  if (market.kind === 'source') return market.source;
  if (market.kind === 'recordings') return createReplaySource({ files: market.files, onFault: () => {} });
  const symbols = market.symbols ?? contracts?.map(({ symbol }) => marketName(symbol)) ?? DEFAULT_SYMBOLS;
  return createGeneratorSource({
    seed: market.seed ?? 1,
    symbols,
    startMs,
    updatesPerSecond: market.updatesPerSecond ?? 5,
    ...(market.startPrices === undefined ? {} : { startPrices: market.startPrices }),
  });
}
