import { createReplaySource } from '@helios/market-data/replay-source.ts';
import type { MarketSource } from '@helios/market-data/source.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import { createGeneratorSource } from '@helios/synthetic-market/generator-source.ts';
import { type ApiKey, Exchange } from './exchange.ts';
import type { FaultInput } from './faults/fault.ts';
import { type FaultyServer, type ServerPlace, startFaultyServer } from './http/faulty-server.ts';
import type { PoolLimits } from './limits/pool-meter.ts';
import type { WeightLimits } from './limits/weight-meter.ts';
import { type ContractInput, completeContract } from './listing/contract.ts';
import { ExchangeMarket } from './market/exchange-market.ts';
import { ENDPOINTS } from './rest/endpoints.ts';
import { createVenueSite } from './rest/venue-site.ts';
import { StreamHub } from './streams/stream-hub.ts';
import { type StreamLimits, VENUE_STREAM_LIMITS } from './streams/stream-limits.ts';
import { type Route, TRADE_ROUTES } from './streams/stream-name.ts';

/** Where the prices come from. */
export type MarketInput =
  | {
      readonly kind: 'generator';
      readonly seed?: number;
      readonly symbols?: readonly string[];
      /** Depth updates per second and symbol, 1..50; 5 unless told. */
      readonly updatesPerSecond?: number;
      readonly startPrices?: Readonly<Record<string, number>>;
    }
  | { readonly kind: 'recordings'; readonly files: readonly string[] }
  | { readonly kind: 'source'; readonly source: MarketSource };

export interface ExchangeStart extends ServerPlace {
  readonly market: MarketInput;
  /** The venue's clock, epoch ms; the machine's unless told. With a settable one nothing moves but by it. */
  readonly nowMs?: () => number;
  /** Contracts on the list; those of the market as USDT perpetuals unless told. What the market does not have is generated. */
  readonly contracts?: readonly ContractInput[];
  /** Contracts on the list besides those; TRAP_CONTRACTS for example. */
  readonly moreContracts?: readonly ContractInput[];
  readonly limits?: Partial<WeightLimits>;
  /** Limits of single kinds of request; as at the venue unless told. */
  readonly poolLimits?: Partial<PoolLimits>;
  /** The key that signed requests are taken from; without one no key is known. */
  readonly key?: ApiKey;
  /** Market ms per clock ms; 1 unless told. */
  readonly speed?: number;
  /** What happens at a recording's end; it is played again unless told. */
  readonly atEnd?: 'repeat' | 'hold';
  /** Market ms that have passed before the first request, so that there are books and trades; 10,000 unless told. */
  readonly leadMs?: number;
  /** Candles from before the start where the source has none, as a recording: none unless told, or made up. */
  readonly past?: 'none' | 'made-up';
  readonly faults?: readonly FaultInput[];
  /** Routes that deliver `@trade`; public and legacy unless told. */
  readonly tradeRoutes?: readonly Route[];
  /** What the streams demand of a connection; as at the venue unless told. */
  readonly streams?: Partial<StreamLimits>;
}

/** A running local venue. */
export interface RunningExchange extends FaultyServer {
  /** The server's time, epoch ms. */
  now(): number;
  /** Base address of the streams: `ws://…`, to which `/public/stream?streams=…` and the like are added. */
  readonly streamUrl: string;
  /** Brings market and streams to the clock's present. With a settable clock nothing comes over the streams but by this, or by a request. */
  advance(): Promise<void>;
}

/** How often the market moves on the machine's clock: while somebody listens to streams, and when nobody does. */
const TICK_MS = 50;
const IDLE_TICKS = 5;
const PAST_SEED = 1;
const DEFAULT_SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'];

/**
 * Starts a local Binance USDⓈ-M for public market data.
 * Rejects with NotARecording for a bad recording and with the system's error when a port is taken.
 */
export async function startExchange(options: ExchangeStart): Promise<RunningExchange> {
  const { exchange, markets } = await buildExchange(options, options.nowMs ?? Date.now);
  const hub = new StreamHub(
    exchange,
    { ...VENUE_STREAM_LIMITS, ...options.streams },
    options.tradeRoutes ?? TRADE_ROUTES,
  );
  const server = await startFaultyServer(createVenueSite(exchange, ENDPOINTS, hub), options);
  await server.setFaults(options.faults ?? []);
  const advance = async (): Promise<void> => {
    await exchange.advance();
    hub.look();
  };
  const stopTicking = options.nowMs === undefined ? tick(hub, advance) : () => {};
  return {
    ...server,
    streamUrl: server.url.replace('http', 'ws'),
    now: () => exchange.now(),
    advance,
    async stop() {
      stopTicking();
      hub.stop();
      await server.stop();
      for (const market of markets) await market.stop();
    },
  };
}

/** Moves the market on the machine's clock; gives how to stop that. A failure shows in the next answer, and ends the streams. */
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
  nowMs: () => number,
): Promise<{ readonly exchange: Exchange; readonly markets: readonly ExchangeMarket[] }> {
  const leadMs = options.leadMs ?? 10_000;
  const common = { nowMs, leadMs, speed: options.speed ?? 1, atEnd: options.atEnd ?? 'repeat' };
  const startMs = nowMs() - leadMs;
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
      nowMs,
      key: options.key,
    }),
    markets,
  };
}

/** What a contract that is generated starts at, where the main market has its pair: a quarterly is priced as its perpetual. */
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

/** Messages name symbols in ASCII only; a symbol of another script goes by its code points inside. */
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
