import { setTimeout as pause } from 'node:timers/promises';
import { type RunningExchange, startExchange } from '@helios/exchange-simulator/start-exchange.ts';
import { type RunningCoinGecko, startCoinGecko } from '@helios/fake-sites/coingecko.ts';
import { Channels, Lists } from '@helios/shared/contracts/catalog.ts';
import type { Decision } from '@helios/shared/domain/decision.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { freePort } from '@helios/shared/testing/free-port.ts';
import { afterEach, describe, expect, test } from 'vitest';
import { TestFleet } from './harness/fleet.ts';

const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'SOLUSDT'];
const COINS = [
  { id: 'bitcoin', usd: 64_000 },
  { id: 'ethereum', usd: 3_400 },
  { id: 'solana', usd: 150 },
];
/** Decisions on nearly every book, fast enough for a test. */
const LIVELY = {
  SIGNALS_NOBI_THRESHOLD: '0.2',
  SIGNALS_MIN_BOOK_HISTORY_SEC: '3',
  SIGNALS_CONFIRMATION_COUNT: '1',
  SIGNALS_COOLDOWN_SEC: '20',
  SIGNALS_VOLUME_GATE: 'false',
  SIGNALS_EDGE_GATE: 'off',
  SIGNALS_REFUSAL_LOG_INTERVAL_SEC: '1',
  TREND_ENABLED: 'false',
  REGIME_ENABLED: 'false',
  RISK_REVERSAL_EXIT: 'off',
  RISK_STOP_LOSS_ATR: '20',
  RISK_TAKE_PROFIT_ATR: '20',
  DASHBOARD_STALE_AFTER_SEC: '6',
  POLLING_COINGECKO_INTERVAL_SEC: '1',
};

interface PriceRow {
  readonly symbol: string;
  readonly bid?: string;
  readonly last?: string;
  readonly source: string;
  readonly stale: boolean;
  readonly age_ms?: number;
}

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

async function startPublicFleet(restUrl: string, geckoUrl: string): Promise<TestFleet> {
  const fleet = await TestFleet.start({
    env: {
      ...LIVELY,
      ALLOW_SYNTHETIC: '',
      ALLOW_PUBLIC_MODE: 'true',
      TRADING_SYMBOLS: SYMBOLS.join(','),
      BINANCE_REST_URL: restUrl,
      POLLING_COINGECKO_URL: `${geckoUrl}/api/v3`,
      DASHBOARD_LOGIN: 'false',
    },
  });
  open.push(() => fleet.remove());
  return fleet;
}

async function harness() {
  const venue: RunningExchange = await startExchange({ market: { kind: 'generator', symbols: SYMBOLS } });
  const gecko: RunningCoinGecko = await startCoinGecko({ coins: COINS, callsPerMinute: 600 });
  open.push(
    () => venue.stop(),
    () => gecko.stop(),
  );
  const fleet = await startPublicFleet(venue.url, gecko.url);
  const bus = await fleet.connect('dashboard-api');
  open.push(() => bus.close());
  const decisions = (): Promise<Decision[]> => bus.getList(Lists.decisionLogs, 500);
  return { venue, gecko, fleet, bus, decisions, prices: () => pricesOf(fleet) };
}

/** At most a few times per second, because of the page's limit of requests. */
async function pricesOf(fleet: TestFleet): Promise<readonly PriceRow[]> {
  await pause(250);
  const answer = await fetch(`http://127.0.0.1:${fleet.dashboardPort}/api/prices`);
  const { mode, rows } = (await answer.json()) as { mode: string; rows: PriceRow[] };
  expect(mode).toBe('public');
  return rows;
}

const sourcesOf = (rows: readonly PriceRow[]): string[] => [...new Set(rows.map(({ source }) => source))];
const isEntry = ({ direction }: Decision): boolean => direction === 'LONG' || direction === 'SHORT';

describe('the fleet in public mode', () => {
  test('trades on paper on polled books; when the venue is away its prices are replaced, entries stop, exits continue; banned, then back', async () => {
    const { venue, gecko, fleet, bus, decisions, prices } = await harness();
    expect(fleet.said).toContain('Mode: PUBLIC');

    // Up: signals, refusals, positions, and prices from the venue.
    const opened = await eventually(
      'a position',
      async () => (await decisions()).find((one) => one.outcome === 'OPENED'),
      30_000,
    );
    await eventually('a refusal', async () => (await bus.getList(Lists.decisionRefusals, 10)).length > 0, 20_000);
    const rows = await prices();
    expect(rows.map(({ symbol }) => symbol).toSorted()).toEqual(SYMBOLS);
    expect(sourcesOf(rows)).toEqual(['binance']);
    expect(rows.every(({ stale, bid }) => !stale && bid !== undefined)).toBe(true);

    // Down: only CoinGecko's prices remain, with that source.
    await venue.setFaults([{ fault: 'refuse' }]);
    const fell = opened.direction === 'LONG' ? 0.9 : 1.1;
    const books: number[] = [];
    await bus.subscribe(Channels.bookSamples, ({ ts_event }) => void books.push(ts_event), { symbol: opened.symbol });
    /** Like the real site, which stamps prices in seconds: a price in the second of the last book is not newer. */
    const renewPrices = (): void => {
      for (const [i, symbol] of SYMBOLS.entries()) {
        const venuePrice = Number(rows.find((row) => row.symbol === symbol)?.bid);
        gecko.setPrice(COINS[i]?.id ?? '', venuePrice * (symbol === opened.symbol ? fell : 1));
      }
    };
    const replaced = await eventually(
      'every price is CoinGecko’s',
      async () => {
        renewPrices();
        const now = await prices();
        return sourcesOf(now).join() === 'coingecko' ? now : undefined;
      },
      20_000,
    );
    expect(replaced.every(({ bid }) => bid === undefined)).toBe(true);
    const exit = await eventually(
      'an exit on the fallback price',
      async () => (await decisions()).find((one) => one.symbol === opened.symbol && one.exit_reason === 'STOP_LOSS'),
      20_000,
    );
    expect(exit.reason).toContain('fallback');
    const entries = (await decisions()).filter(isEntry).length;
    await eventually(
      'CoinGecko’s prices grow stale, too',
      async () => (await prices()).every(({ stale }) => stale),
      20_000,
    );
    expect((await decisions()).filter(isEntry)).toHaveLength(entries);
    const before = books.length;

    // Banned: it gets no requests.
    await venue.setFaults([{ fault: 'status', status: 418, retry_after_sec: 4 }]);
    await eventually('the ban is met', () => fleet.logged().some(({ code }) => code === 'BANNED'), 30_000);

    // Up again.
    await venue.setFaults([]);
    await eventually('books again', () => books.length > before + 3, 30_000);
    await eventually('every price is the venue’s', async () => sourcesOf(await prices()).join() === 'binance', 10_000);
    await eventually('an entry again', async () => (await decisions()).filter(isEntry).length > entries, 30_000);
    expect(venue.requests().max_minute_weight).toBeLessThanOrEqual(0.6 * 2_400);
    const trouble = fleet.logged().filter(({ level }) => level === 'ERROR' || level === 'FATAL');
    expect(trouble).toEqual([]);
  }, 180_000);

  test('without any network reports what it cannot reach, stays up, shows its symbols, and starts once there is one', async () => {
    const [venuePort, geckoPort] = [await freePort(), await freePort()];
    const fleet = await startPublicFleet(`http://127.0.0.1:${venuePort}`, `http://127.0.0.1:${geckoPort}`);
    const rows = await eventually(
      'the symbols are shown',
      async () => {
        // On a busy machine the page starts later than the fleet reports.
        const now = await pricesOf(fleet).catch(() => []);
        return now.length === SYMBOLS.length ? now : undefined;
      },
      60_000,
    );
    expect(rows.every(({ stale, age_ms }) => stale && age_ms === undefined)).toBe(true);
    const warnings = () =>
      fleet.logged().filter(({ service, level }) => service === 'public-price-ingestor' && level === 'WARN');
    await eventually('both are said', () => warnings().length >= 2, 20_000);
    expect(warnings().map(({ problem }) => String(problem))).toEqual([
      expect.stringContaining(`Binance (http://127.0.0.1:${venuePort}/fapi/v1/time): the connection was refused`),
      expect.stringContaining(`CoinGecko (http://127.0.0.1:${geckoPort}/api/v3/simple/price`),
    ]);
    const health = await fetch(`http://127.0.0.1:${fleet.dashboardPort}/api/health`);
    expect(await health.json()).toMatchObject({
      services: expect.arrayContaining([
        expect.objectContaining({ service: 'public-price-ingestor', status: 'RUNNING' }),
      ]),
    });
    const venue = await startExchange({ market: { kind: 'generator', symbols: SYMBOLS }, port: venuePort });
    open.push(() => venue.stop());
    await eventually(
      'prices of the venue',
      async () => (await pricesOf(fleet)).every(({ bid, stale }) => bid !== undefined && !stale),
      90_000,
    );
    // Except for a possible slow answer, nothing more was logged.
    expect(warnings().filter(({ message }) => message !== 'a request failed')).toHaveLength(2);
  }, 180_000);
});
