import { createHmac } from 'node:crypto';
import type { AccountStart } from '@helios/exchange-simulator/accounts/account-store.ts';
import { audit, type Violation } from '@helios/exchange-simulator/audit/auditor.ts';
import type { Silence } from '@helios/exchange-simulator/audit/cover-gaps.ts';
import type { LedgerEvent } from '@helios/exchange-simulator/audit/venue-ledger.ts';
import type { ExchangeStart } from '@helios/exchange-simulator/exchange-start.ts';
import { type RunningExchange, startExchange } from '@helios/exchange-simulator/start-exchange.ts';
import { Channels, Maps, Rankings, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { LiveStatus } from '@helios/shared/domain/live-status.ts';
import type { AssessedEntry } from '@helios/shared/domain/order.ts';
import type { OpenPosition } from '@helios/shared/domain/position.ts';
import type { Side, TradingSignal } from '@helios/shared/domain/signal.ts';
import { aMode, aSignal, defaultSettings } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { createFakeRedis, type FakeRedisWithBuses } from '@helios/shared/testing/fake-bus.ts';
import { type ServiceUnderTest, startOnFakeBus } from '@helios/shared/testing/start-on-fake-bus.ts';
import { onTestFinished } from 'vitest';
import { executionManager } from '../../services/execution-manager/src/service.ts';

export const TRADER_KEY = { apiKey: 'q7Wd2ZkR9fLx4TbN'.repeat(4), apiSecret: 'u3Hs8YvJ6mCp1GzA'.repeat(4) };
const RUN = 'live:testnet:custom:test';
const PRICES_MS = 200;
const WAIT_MS = 20_000;

/** The venue's truth of the account. */
export interface TrueAccount {
  readonly wallet: string;
  readonly positions: readonly { readonly symbol: string; readonly quantity: string }[];
  readonly open_orders: readonly { readonly client_order_id: string }[];
  readonly open_algo_orders: readonly {
    readonly client_algo_id: string;
    readonly quantity: string;
    readonly trigger_price: string;
  }[];
}

interface TraderOptions {
  readonly symbols?: readonly string[];
  readonly settings?: Parameters<typeof defaultSettings>[0];
  readonly exchange?: Partial<ExchangeStart>;
  readonly accounts?: readonly AccountStart[];
}

/** What an entry of a test asks for. */
export interface TestEntry {
  readonly symbol?: string;
  readonly side?: Side;
  readonly quantity?: number;
  /** Distance of the stop, percent of the price. */
  readonly stopPct?: number;
  /** Age of its signal when it is sent. */
  readonly ageMs?: number;
}

/**
 * execution-manager in this process, on the fake bus and the machine's clock, trading on a local exchange in this process. The test
 * plays risk-manager, signal-engine and data-ingestor.
 */
export class LiveTrader {
  readonly venue: RunningExchange;
  readonly #symbols: readonly string[];
  readonly #settings: ReturnType<typeof defaultSettings>;
  readonly #fake: FakeRedisWithBuses;
  readonly #signals: string[] = [];
  readonly #prices = new Map<string, number>();
  #service: ServiceUnderTest<'execution-manager'> | undefined;
  #pump: NodeJS.Timeout | undefined;
  #count = 0;
  #walletBefore = '0';

  private constructor(venue: RunningExchange, { symbols = ['BTCUSDT'], settings = {} }: TraderOptions) {
    this.venue = venue;
    this.#symbols = symbols;
    this.#fake = createFakeRedis();
    this.#settings = defaultSettings({
      ...settings,
      binance: {
        ...{
          api_key: TRADER_KEY.apiKey,
          api_secret: TRADER_KEY.apiSecret,
          rest_url: venue.url,
          stream_url: venue.streamUrl,
        },
        ...settings.binance,
      },
      trading: { symbols: [...symbols], ...settings.trading },
    });
  }

  /** Starts exchange and service; resolves once entries are possible. All ends with the test. */
  static async start(options: TraderOptions = {}): Promise<LiveTrader> {
    const { symbols = ['BTCUSDT'] } = options;
    const market = { kind: 'generator', seed: 7, symbols } as const;
    const venue = await startExchange({ market, key: TRADER_KEY, ...options.exchange });
    onTestFinished(() => venue.stop());
    const trader = new LiveTrader(venue, options);
    onTestFinished(() => trader.stop());
    await trader.#tellMarket();
    trader.#walletBefore = (await trader.truth()).wallet;
    await trader.launch();
    await trader.tradingState('ACTIVE');
    await trader.untilReady();
    return trader;
  }

  /** Starts the service, or starts it again on the same Redis. */
  async launch(): Promise<void> {
    const clock = { now: () => Date.now(), observe() {}, set() {}, advance() {} };
    const mode = aMode({ mode: 'live', network: 'testnet', venue: this.venue.url, run: RUN });
    this.#service = await startOnFakeBus(executionManager, { fake: this.#fake, settings: this.#settings, mode, clock });
    this.#pump ??= setInterval(() => void this.#pumpPrices(), PRICES_MS);
  }

  /** Ends the service, as a restart does. */
  async quit(): Promise<void> {
    await this.#service?.stop();
    this.#service = undefined;
  }

  async stop(): Promise<void> {
    clearInterval(this.#pump);
    const faults = this.#service?.faults ?? [];
    await this.quit();
    if (faults.length > 0) throw new Error(`execution-manager would have ended: ${faults.map(String).join('; ')}`);
  }

  /** Log lines of the present process. */
  get lines() {
    return this.#service?.lines ?? [];
  }

  async tradingState(state: 'ACTIVE' | 'REDUCING' | 'HALTED', flattening = false): Promise<void> {
    const fleetState = { state, reason: 'a test', changed_ts: Date.now(), run: RUN, flattening, applied_commands: [] };
    const bus = this.#fake.bus('signal-engine');
    await bus.write((batch) => {
      batch.setRecord(Records.fleetState, fleetState);
      batch.publish(Channels.fleetStateChanges, fleetState);
    });
  }

  /** Sends an approved entry; returns its signal id. */
  async enter({
    symbol = 'BTCUSDT',
    side = 'LONG',
    quantity = 0.01,
    stopPct = 1,
    ageMs = 0,
  }: TestEntry = {}): Promise<string> {
    const price = await this.price(symbol);
    const sign = side === 'LONG' ? 1 : -1;
    const stop_loss = Number((price * (1 - (sign * stopPct) / 100)).toFixed(1));
    const signal = this.#signal({ symbol, direction: side, entry_price: price, stop_loss }, ageMs);
    const action = side === 'LONG' ? 'BUY' : 'SELL';
    const entry: AssessedEntry = {
      intent: {
        ...{ run: RUN, signal_id: signal.signal_id, symbol, side, purpose: 'ENTRY', action, order_type: 'MARKET' },
        ...{ quantity, reduce_only: false, leverage: this.#settings.trading.leverage, stop_loss },
      },
      ...{ signal, rules: [], ts_init: Date.now() },
    };
    await this.#fake.bus('risk-manager').write((batch) => batch.append(Streams.orderIntents, entry));
    return signal.signal_id;
  }

  /** Sends an exit of signal-engine; returns its signal id. */
  async exit({ symbol = 'BTCUSDT', side = 'LONG' }: TestEntry = {}): Promise<string> {
    const direction = side === 'LONG' ? 'EXIT_LONG' : 'EXIT_SHORT';
    const signal = this.#signal({ symbol, direction, entry_price: await this.price(symbol), exit_reason: 'TIME_EXIT' });
    await this.#fake.bus('signal-engine').write((batch) => batch.append(Streams.signals, signal));
    return signal.signal_id;
  }

  /** Mark price of the venue; the last known one while it does not answer. */
  async price(symbol = 'BTCUSDT'): Promise<number> {
    const answer = await fetch(`${this.venue.url}/fapi/v1/premiumIndex?symbol=${symbol}`).catch(() => undefined);
    if (answer?.ok === true) this.#prices.set(symbol, Number(JSON.parse(await answer.text()).markPrice));
    const price = this.#prices.get(symbol);
    if (price === undefined) throw new Error(`the venue has not told a price of ${symbol} yet`);
    return price;
  }

  /** Moves the venue's prices by so many percent. */
  async jump(percent: number, symbol = 'BTCUSDT'): Promise<void> {
    await this.control('POST', '/control/faults', { fault: 'jump', symbol, percent });
  }

  /** A request to the exchange's control. */
  async control<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<T> {
    const answer = await fetch(this.venue.controlUrl + path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text);
  }

  /** The venue's truth. */
  async truth(): Promise<TrueAccount> {
    const { accounts } = await this.control<{ accounts: TrueAccount[] }>('GET', '/control/accounts');
    const [account] = accounts;
    if (account === undefined) throw new Error('the venue has no account');
    return account;
  }

  async ledger(): Promise<readonly LedgerEvent[]> {
    return (await this.control<{ entries: LedgerEvent[] }>('GET', '/control/ledger')).entries;
  }

  async executions(): Promise<readonly Execution[]> {
    return (await this.#fake.bus('dashboard-api').getLatest(Streams.executions, 1_000)).toReversed();
  }

  async positions(): Promise<readonly OpenPosition[]> {
    return Object.values(await this.#fake.bus('dashboard-api').getMap(Maps.openPositions));
  }

  async status(): Promise<LiveStatus | undefined> {
    return this.#fake.bus('dashboard-api').getRecord(Records.liveStatus);
  }

  /** Resolves with what `read` finds. */
  until<T>(what: string, read: () => Promise<T | undefined | false>, withinMs = WAIT_MS): Promise<T> {
    return eventually(what, read, withinMs) as Promise<T>;
  }

  /** Resolves once execution-manager says that it can enter. */
  async untilReady(): Promise<void> {
    let last: LiveStatus | undefined;
    await this.until('entries are possible', async () => {
      last = await this.status();
      return last?.can_enter === true;
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}: ${JSON.stringify(last)}`);
    });
  }

  /** Resolves with the final answer to a signal. */
  untilAnswered(signalId: string, withinMs = WAIT_MS): Promise<Execution> {
    const isEnd = ({ execution_id }: Execution): boolean => execution_id === `${signalId}#END`;
    return this.until(`the answer to ${signalId}`, async () => (await this.executions()).find(isEnd), withinMs);
  }

  /** Resolves with the covered position of a symbol. */
  untilCovered(symbol = 'BTCUSDT', withinMs = WAIT_MS): Promise<OpenPosition> {
    const isCovered = (one: OpenPosition): boolean => one.symbol === symbol && one.cover?.state === 'COVERED';
    return this.until(`${symbol} is covered`, async () => (await this.positions()).find(isCovered), withinMs);
  }

  /** Resolves once neither the venue nor the fleet has anything open. */
  async untilFlat(withinMs = WAIT_MS): Promise<void> {
    await this.until(
      'everything is closed',
      async () => {
        const { positions, open_orders, open_algo_orders } = await this.truth();
        const open = positions.length + open_orders.length + open_algo_orders.length;
        return open === 0 && (await this.positions()).length === 0;
      },
      withinMs,
    );
  }

  /** What the auditor finds, by the venue's own history and the answers on record. */
  async violations(silences: readonly Silence[] = []): Promise<Violation[]> {
    return audit({
      ...{ ledger: await this.ledger(), executions: await this.executions(), trades: [], silences },
      signals: this.#signals,
    });
  }

  /** A resting order of another program with the same key. */
  async postForeign(clientOrderId: string): Promise<void> {
    const price = ((await this.price()) * 0.97).toFixed(1);
    const query = `symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.010&price=${price}&newClientOrderId=${clientOrderId}&timestamp=${this.venue.now()}`;
    const signature = createHmac('sha256', TRADER_KEY.apiSecret).update(query).digest('hex');
    const url = `${this.venue.url}/fapi/v1/order?${query}&signature=${signature}`;
    const answer = await fetch(url, { method: 'POST', headers: { 'X-MBX-APIKEY': TRADER_KEY.apiKey } });
    if (!answer.ok) throw new Error(await answer.text());
  }

  /** Change of the wallet since the start. */
  async walletChange(): Promise<number> {
    return Number((await this.truth()).wallet) - Number(this.#walletBefore);
  }

  #signal(fields: Partial<TradingSignal>, ageMs = 0): TradingSignal {
    this.#count += 1;
    const now = Date.now() - ageMs;
    const signal = aSignal({ run: RUN, signal_id: `test-${this.#count}`, timestamp: now, ts_init: now, ...fields });
    this.#signals.push(signal.signal_id);
    return signal;
  }

  async #tellMarket(): Promise<void> {
    const { symbols } = await this.#get<{ symbols: ListedSymbol[] }>('/fapi/v1/exchangeInfo');
    const bus = this.#fake.bus('data-ingestor');
    await bus.write((batch) => {
      for (const { symbol, filters } of symbols) {
        if (!this.#symbols.includes(symbol)) continue;
        const of = (type: string) => filters.find(({ filterType }) => filterType === type);
        batch.setField(Maps.instruments, symbol, {
          symbol,
          tick_size: of('PRICE_FILTER')?.tickSize ?? '0.1',
          step_size: of('LOT_SIZE')?.stepSize ?? '0.001',
          min_notional: of('MIN_NOTIONAL')?.notional ?? '5',
        });
      }
      batch.setRanking(Rankings.watchlist, Object.fromEntries(this.#symbols.map((symbol) => [symbol, 1])));
    });
  }

  /** Plays data-ingestor: mark price and best prices of the venue. */
  async #pumpPrices(): Promise<void> {
    const bus = this.#fake.bus('data-ingestor');
    for (const symbol of this.#symbols) {
      const mark = await this.price(symbol);
      const now = Date.now();
      const event = { type: 'mark', symbol, ts_event: now, ts_init: now, mark_price: String(mark) } as const;
      await bus.write((batch) => batch.publish(Channels.markPrices, event, { symbol }));
    }
  }

  async #get<T>(path: string): Promise<T> {
    return JSON.parse(await (await fetch(this.venue.url + path)).text());
  }
}

interface ListedSymbol {
  readonly symbol: string;
  readonly filters: readonly {
    readonly filterType: string;
    readonly tickSize?: string;
    readonly stepSize?: string;
    readonly notional?: string;
  }[];
}
