import { createPublicRest } from '@helios/binance/rest/public-rest.ts';
import { RateGovernor } from '@helios/binance/rest/rate-governor.ts';
import { TRAP_CONTRACTS } from '@helios/exchange-simulator/listing/trap-contracts.ts';
import { startExchange } from '@helios/exchange-simulator/start-exchange.ts';
import { createRestWatchlistMarket } from '@helios/market-data/watchlist/rest-watchlist-market.ts';
import { WatchlistKeeper } from '@helios/market-data/watchlist/watchlist-keeper.ts';
import { wallClock } from '@helios/shared/runtime/clock.ts';
import { createHttpClient } from '@helios/shared/runtime/http-client.ts';
import { waitFor } from '@helios/shared/runtime/wait-for.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { createRecordingLog } from '@helios/shared/testing/silent-log.ts';
import { expect, onTestFinished, test } from 'vitest';

const COINS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT', 'BNBUSDT', 'XRPUSDT'];
/** The trap contracts that are valid: perpetuals on coins. */
const HARMLESS = ['1000PEPEUSDT', 'UNIUSDT'];

/** A keeper of four places on a local venue with one contract of every kind. */
async function createSelectionHarness() {
  const exchange = await startExchange({
    market: { kind: 'generator', seed: 5, symbols: COINS },
    moreContracts: TRAP_CONTRACTS,
  });
  const stop = new AbortController();
  const http = createHttpClient();
  onTestFinished(async () => {
    stop.abort();
    http.close();
    await exchange.stop();
  });
  const log = createRecordingLog();
  const rest = createPublicRest({
    baseUrl: exchange.url,
    http,
    governor: new RateGovernor({ now: wallClock.now, share: 0.9 }),
    timeoutMs: 5_000,
    now: wallClock.now,
    wait: (ms) => waitFor(ms, stop.signal),
    stop: stop.signal,
  });
  const held = new Set<string>();
  const market = createRestWatchlistMarket({ rest, log, onWeightLimit() {}, venueNow: wallClock.now });
  const keeper = new WatchlistKeeper({
    market,
    exposedSymbols: async () => held,
    // The local market is smaller than the real one.
    params: defaultSettings({ trading: { watchlist_size: 4, min_quote_volume: 0, watchlist_min_age_min: 0 } }).trading,
    clock: wallClock,
  });
  async function rescan() {
    const listings = await market.listings();
    if (listings.kind === 'FAILURE') throw new Error(listings.detail);
    return keeper.rescan(listings.value);
  }
  return { exchange, rescan, held, log };
}

test('over HTTP only perpetuals on coins are chosen, measured on real klines; faults and halts are handled', async () => {
  const { exchange, rescan, held, log } = await createSelectionHarness();
  const first = await rescan();
  expect(first.problem).toBeUndefined();
  expect(first.list).toHaveLength(4);
  const fit = new Set([...COINS, ...HARMLESS]);
  for (const { symbol, parts, explanation } of first.list) {
    expect(fit.has(symbol), symbol).toBe(true);
    expect(parts?.volatility_source).toBe('ATR');
    expect(explanation).toContain(`${symbol}: score `);
  }
  expect(first.instruments).toHaveLength(4);
  const codes = Object.fromEntries(first.rejected.map(({ symbol, code }) => [symbol, code]));
  expect(codes).toMatchObject({
    BTCUSDC: 'NOT_USDT_QUOTED',
    ETHBTC: 'NOT_USDT_QUOTED',
    BTCUSDT_261225: 'NOT_PERPETUAL',
    BTCUSDT_260925: 'NOT_PERPETUAL',
    TSLAUSDT: 'NOT_PERPETUAL',
    XAUUSDT: 'NOT_PERPETUAL',
    TENCENTUSDT: 'NOT_PERPETUAL',
    EURUSDT: 'NOT_PERPETUAL',
    BTCDOMUSDT: 'NOT_COIN',
    NEWCOINUSDT: 'NOT_COIN',
    HALTEDUSDT: 'NOT_TRADING',
    SOONUSDT: 'NOT_TRADING',
    EOSUSDT: 'NOT_TRADING',
    GONEUSDT: 'NOT_TRADING',
    币安人生USDT: 'ODD_SYMBOL',
    BTCUSD_PERP: 'NOT_USD_MARGINED',
    ETHUSD_261225: 'NOT_USD_MARGINED',
  });
  for (const [symbol, code] of Object.entries(codes)) expect(code === 'OUTSCORED', symbol).toBe(fit.has(symbol));

  const [best, second] = first.list.map(({ symbol }) => symbol);
  held.add(second ?? '');
  await exchange.setFaults([
    { fault: 'symbol', symbol: best ?? '', status: 'TRADING_HALT' },
    { fault: 'symbol', symbol: second ?? '', status: 'DELISTED' },
  ]);
  const halted = await rescan();
  expect(halted.left).toEqual([best]);
  expect(halted.list.map(({ symbol }) => symbol)).toContain(second);

  for (const fault of ['garbage', 'half', 'reset'] as const) {
    await exchange.setFaults([{ fault, path: '/fapi/v1/ticker' }]);
    const failed = await rescan();
    expect(failed, fault).toMatchObject({ joined: [], left: [], list: halted.list });
    expect(failed.problem, fault).toContain('/fapi/v1/ticker/24hr');
  }
  await exchange.setFaults([]);
  expect((await rescan()).problem).toBeUndefined();
  expect(log.lines.filter(({ level }) => level === 'error')).toEqual([]);
}, 30_000);
