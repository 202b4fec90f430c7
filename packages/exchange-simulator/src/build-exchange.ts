import { createReplaySource } from '@helios/market-data/replay-source.ts';
import type { MarketSource } from '@helios/market-data/source.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import { createGeneratorSource } from '@helios/synthetic-market/generator-source.ts';
import type { AccountStart } from './accounts/account-store.ts';
import { Exchange } from './exchange.ts';
import type { ExchangeStart, MarketInput } from './exchange-start.ts';
import { type ContractInput, completeContract } from './listing/contract.ts';
import { ExchangeMarket } from './market/exchange-market.ts';
import type { SteppedClock } from './stepped-clock.ts';

const PAST_SEED = 1;
const DEFAULT_SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'];

/** Builds market and venue, and plays the lead. @param startPrices where a generated market goes on after a restart */
export async function buildExchange(
  options: ExchangeStart,
  clock: SteppedClock,
  startPrices: Readonly<Record<string, number>>,
): Promise<{ readonly exchange: Exchange; readonly markets: readonly ExchangeMarket[] }> {
  const leadMs = options.leadMs ?? 10_000;
  const common = { nowMs: () => clock.now(), leadMs, speed: options.speed ?? 1, atEnd: options.atEnd ?? 'repeat' };
  const startMs = clock.now() - leadMs;
  const source = sourceOf(options.market, options.contracts, startMs, startPrices);
  const instruments = await source.instruments();
  const listed: readonly ContractInput[] = options.contracts ?? instruments.map(({ symbol }) => ({ symbol }));
  const inputs = [...listed, ...(options.moreContracts ?? [])];
  const known = new Map(instruments.map((one) => [one.symbol, one]));
  const others = inputs.map(({ symbol }) => marketName(symbol)).filter((name) => !known.has(name));
  const main = await ExchangeMarket.start({ source, ...common });
  if (options.past === 'made-up') await main.makeUpPast(PAST_SEED);
  const markets = [main];
  if (others.length > 0) {
    const sidePrices = { ...pairPrices(inputs, main), ...startPrices };
    const side = createGeneratorSource({
      ...{ seed: 1, symbols: others, startMs, updatesPerSecond: 1 },
      startPrices: sidePrices,
    });
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
      orderLimits: options.orderLimits,
      clock,
      accounts: accountsOf(options),
    }),
    markets,
  };
}

/** Every account of the start. */
export function accountsOf({ key, accounts = [] }: ExchangeStart): readonly AccountStart[] {
  return [...(key === undefined ? [] : [{ id: 'main', keys: [key], balance: '10000' }]), ...accounts];
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
export function marketName(symbol: string): string {
  return symbol.replace(/[^A-Z0-9_]/g, (letter) => `X${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase()}`);
}

function sourceOf(
  market: MarketInput,
  contracts: readonly ContractInput[] | undefined,
  startMs: number,
  startPrices: Readonly<Record<string, number>>,
): MarketSource {
  if (market.kind === 'source') return market.source;
  if (market.kind === 'recordings') return createReplaySource({ files: market.files, onFault: () => {} });
  const symbols = market.symbols ?? contracts?.map(({ symbol }) => marketName(symbol)) ?? DEFAULT_SYMBOLS;
  return createGeneratorSource({
    seed: market.seed ?? 1,
    symbols,
    startMs,
    updatesPerSecond: market.updatesPerSecond ?? 5,
    startPrices: { ...market.startPrices, ...startPrices },
  });
}
