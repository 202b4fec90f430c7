import type { IncomingMessage, ServerResponse } from 'node:http';
import { createGeneratorSource } from '@helios/market-data/generator/generator-source.ts';
import { createReplaySource } from '@helios/market-data/replay-source.ts';
import type { MarketSource } from '@helios/market-data/source.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import { type Controlled, handleControl } from './control/control-handler.ts';
import { Exchange } from './exchange.ts';
import { Fault, type FaultWish } from './faults/fault.ts';
import { jsonReply, send } from './http/reply.ts';
import { SwitchableServer } from './http/switchable-server.ts';
import { createVenueHandler } from './http/venue-handler.ts';
import type { RequestReport } from './limits/request-log.ts';
import type { WeightLimits } from './limits/weight-meter.ts';
import { type ContractWish, completeContract } from './listing/contract.ts';
import { VenueMarket } from './market/venue-market.ts';
import { ENDPOINTS } from './rest/endpoints.ts';

/** Where the prices come from. */
export type MarketWish =
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

export interface ExchangeStart {
  readonly market: MarketWish;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly controlPort?: number;
  readonly host?: string;
  /** The venue's clock, epoch ms; the machine's unless told. With a settable one nothing moves but by it. */
  readonly nowMs?: () => number;
  /** Contracts on the list; those of the market as USDT perpetuals unless told. What the market does not have is generated. */
  readonly contracts?: readonly ContractWish[];
  /** Contracts on the list besides those; TRAP_CONTRACTS for example. */
  readonly moreContracts?: readonly ContractWish[];
  readonly limits?: Partial<WeightLimits>;
  /** Market ms per clock ms; 1 unless told. */
  readonly speed?: number;
  /** What happens at a recording's end; it is played again unless told. */
  readonly atEnd?: 'repeat' | 'hold';
  /** Market ms that have passed before the first request, so that there are books and trades; 10,000 unless told. */
  readonly leadMs?: number;
  readonly faults?: readonly FaultWish[];
}

/** A running local venue. */
export interface RunningExchange {
  /** Base address of the venue, `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Base address of the control endpoint, which stays open when the venue's port is closed. */
  readonly controlUrl: string;
  /** Replaces all faults; an empty list heals the venue. Rejects with zod's error for a fault that is none. */
  setFaults(faults: readonly FaultWish[]): Promise<void>;
  faults(): readonly Fault[];
  /** Counts and weight by minute and path. */
  requests(): RequestReport;
  clearRequests(): void;
  /** The server's time, epoch ms. */
  now(): number;
  stop(): Promise<void>;
}

/** How often the market moves when nobody asks. */
const TICK_MS = 250;
const DEFAULT_SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'];

/**
 * Starts a local Binance USDⓈ-M for public market data.
 * Rejects with NotARecording for a bad recording and with the system's error when a port is taken.
 */
export async function startExchange(options: ExchangeStart): Promise<RunningExchange> {
  const nowMs = options.nowMs ?? Date.now;
  const { exchange, markets } = await buildExchange(options, nowMs);
  const host = options.host ?? '127.0.0.1';
  const venue = createVenueHandler(exchange, ENDPOINTS);
  let server: SwitchableServer | undefined;
  const controlled: Controlled = {
    async setFaults(faults) {
      exchange.setFaults(faults);
      await follow();
    },
    faults: () => exchange.faults(),
    requests: () => exchange.requests.report(),
    clearRequests: () => exchange.requests.clear(),
  };
  const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    const url = new URL(request.url ?? '/', 'http://venue');
    const handled = url.pathname.startsWith('/control/')
      ? handleControl(request, response, url.pathname, controlled)
      : venue(request, response, url);
    handled.catch((error: unknown) => failed(response, error));
  };
  const onControl = (request: IncomingMessage, response: ServerResponse): void => {
    const { pathname } = new URL(request.url ?? '/', 'http://control');
    handleControl(request, response, pathname, controlled).catch((error: unknown) => failed(response, error));
  };
  /** Opens or closes the venue's port, as the faults have it. */
  async function follow(): Promise<void> {
    if (exchange.isRefusing) await server?.close();
    else await server?.open(host);
  }
  server = await SwitchableServer.start(onRequest, options.port ?? 0, host);
  const control = await SwitchableServer.start(onControl, options.controlPort ?? 0, host);
  const timer = setInterval(() => {
    follow().catch(() => {});
    if (options.nowMs === undefined) exchange.advance().catch(() => {});
  }, TICK_MS);
  await controlled.setFaults((options.faults ?? []).map((fault) => Fault.parse(fault)));
  return {
    url: `http://${host}:${server.port}`,
    controlUrl: `http://${host}:${control.port}`,
    setFaults: async (faults) => controlled.setFaults(faults.map((fault) => Fault.parse(fault))),
    faults: () => exchange.faults(),
    requests: () => exchange.requests.report(),
    clearRequests: () => exchange.requests.clear(),
    now: () => exchange.now(),
    async stop() {
      clearInterval(timer);
      await Promise.all([server.close(), control.close()]);
      for (const market of markets) await market.stop();
    },
  };
}

/** A fault of ours: said to the client, so that a test sees it. */
function failed(response: ServerResponse, error: unknown): void {
  const msg = `The exchange simulator failed: ${error instanceof Error ? error.stack : String(error)}`;
  if (response.headersSent) response.destroy();
  else send(response, jsonReply(500, { code: -1000, msg }));
}

async function buildExchange(
  options: ExchangeStart,
  nowMs: () => number,
): Promise<{ readonly exchange: Exchange; readonly markets: readonly VenueMarket[] }> {
  const leadMs = options.leadMs ?? 10_000;
  const common = { nowMs, leadMs, speed: options.speed ?? 1, atEnd: options.atEnd ?? 'repeat' };
  const startMs = nowMs() - leadMs;
  const source = sourceOf(options.market, options.contracts, startMs);
  const instruments = await source.instruments();
  const listed: readonly ContractWish[] = options.contracts ?? instruments.map(({ symbol }) => ({ symbol }));
  const wishes = [...listed, ...(options.moreContracts ?? [])];
  const known = new Map(instruments.map((one) => [one.symbol, one]));
  const others = wishes.map(({ symbol }) => marketName(symbol)).filter((name) => !known.has(name));
  const markets = [await VenueMarket.start({ source, ...common })];
  if (others.length > 0) {
    const side = createGeneratorSource({ seed: 1, symbols: others, startMs, updatesPerSecond: 1 });
    for (const one of await side.instruments()) known.set(one.symbol, one);
    markets.push(await VenueMarket.start({ source: side, ...common }));
  }
  const contracts = wishes.map((wish) => completeContract({ ...gridOf(known.get(marketName(wish.symbol))), ...wish }));
  const limits = { weightPerMinute: 2_400, refusalsUntilBan: 10, ...options.limits };
  return { exchange: new Exchange({ contracts, markets, marketName, limits, nowMs }), markets };
}

function gridOf(instrument: Instrument | undefined): Partial<ContractWish> {
  if (instrument === undefined) return {};
  return { tickSize: instrument.tick_size, stepSize: instrument.step_size, minNotional: instrument.min_notional };
}

/** Messages name symbols in ASCII only; a symbol of another script goes by its code points inside. */
function marketName(symbol: string): string {
  return symbol.replace(/[^A-Z0-9_]/g, (letter) => `X${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase()}`);
}

function sourceOf(market: MarketWish, contracts: readonly ContractWish[] | undefined, startMs: number): MarketSource {
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
