import { audit, type Violation } from '@helios/exchange-simulator/audit/auditor.ts';
import type { Silence } from '@helios/exchange-simulator/audit/cover-gaps.ts';
import type { ExchangeStart } from '@helios/exchange-simulator/exchange-start.ts';
import { Channels, Maps, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import { type Execution, isFinal } from '@helios/shared/domain/execution.ts';
import type { OperatorCommand } from '@helios/shared/domain/fleet.ts';
import type { LiveStatus } from '@helios/shared/domain/live-status.ts';
import type { OpenPosition, PositionUpdate } from '@helios/shared/domain/position.ts';
import { aMode, defaultSettings } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { createFakeRedis, type FakeRedisWithBuses } from '@helios/shared/testing/fake-bus.ts';
import { type ServiceUnderTest, startOnFakeBus } from '@helios/shared/testing/start-on-fake-bus.ts';
import { onTestFinished } from 'vitest';
import { executionManager } from '../src/service.ts';
import { OtherServices, RUN, type TestEntry } from './other-services.ts';
import { TRADER_KEY, TrueVenue } from './true-venue.ts';

const WAIT_MS = 20_000;
const SETTLE_MS = 5_000;

type ExecutionManager = ServiceUnderTest<'execution-manager'>;

interface TraderOptions {
  readonly symbols?: readonly string[];
  readonly settings?: Parameters<typeof defaultSettings>[0];
  readonly exchange?: Partial<ExchangeStart>;
}

/** What the auditor finds, or that the fleet shows other positions than the venue. */
type TraderViolation = Violation | { readonly code: 'STATE_DIFFERS'; readonly what: string };

/**
 * execution-manager in this process, on the fake bus and the machine's clock, trading on a local exchange in this process. The test
 * plays the other services.
 */
export class LiveTrader {
  readonly venue: TrueVenue;
  readonly fake: FakeRedisWithBuses;
  /** Position updates since the start, oldest first. */
  readonly updates: PositionUpdate[] = [];
  readonly #others: OtherServices;
  readonly #settings: ReturnType<typeof defaultSettings>;
  readonly #page;
  readonly #faults: unknown[] = [];
  #service: ExecutionManager | undefined;

  private constructor(venue: TrueVenue, symbols: readonly string[], { settings = {} }: TraderOptions) {
    const { url: rest_url, streamUrl: stream_url } = venue.exchange;
    const { apiKey: api_key, apiSecret: api_secret } = TRADER_KEY;
    this.venue = venue;
    this.fake = createFakeRedis();
    this.#page = this.fake.bus('dashboard-api');
    this.#settings = defaultSettings({
      ...settings,
      binance: { api_key, api_secret, rest_url, stream_url, ...settings.binance },
      trading: { symbols: [...symbols], ...settings.trading },
    });
    const { leverage } = this.#settings.trading;
    this.#others = new OtherServices({ venue, fake: this.fake, symbols, leverage });
  }

  /** Starts the exchange and plays the other services; `launch` starts execution-manager. All ends with the test. */
  static async open(options: TraderOptions = {}): Promise<LiveTrader> {
    const { symbols = ['BTCUSDT'] } = options;
    const venue = await TrueVenue.open(symbols, options.exchange);
    const trader = new LiveTrader(venue, symbols, options);
    onTestFinished(() => trader.#end());
    await trader.#page.subscribe(Channels.positionUpdates, (update) => void trader.updates.push(update));
    await trader.#others.start();
    await trader.tradingState('ACTIVE');
    return trader;
  }

  /** Starts all; resolves once entries are possible. */
  static async start(options?: TraderOptions): Promise<LiveTrader> {
    const trader = await LiveTrader.open(options);
    await trader.launch();
    await trader.untilReady();
    return trader;
  }

  /** A trader with one covered position. */
  static async withPosition(options?: TraderOptions): Promise<LiveTrader> {
    const trader = await LiveTrader.start(options);
    await trader.untilAnswered(await trader.enter());
    await trader.untilCovered();
    return trader;
  }

  /** Starts the service, or starts it again on the same Redis. */
  async launch(): Promise<void> {
    this.#service = await this.#startService();
  }

  /** Starts a second process of the service on the same Redis; it ends with the test. */
  async launchSecond(): Promise<ExecutionManager> {
    const second = await this.#startService();
    onTestFinished(async () => void (await second.stop()));
    return second;
  }

  /** Ends the service, as a restart does. */
  async quit(): Promise<void> {
    await this.#service?.stop();
    this.#faults.push(...(this.#service?.faults ?? []));
    this.#service = undefined;
  }

  async restart(): Promise<void> {
    await this.quit();
    await this.launch();
  }

  tradingState(...to: Parameters<OtherServices['tradingState']>): Promise<void> {
    return this.#others.tradingState(...to);
  }

  /** Sends an approved entry; returns its signal id. */
  enter(entry?: TestEntry): Promise<string> {
    return this.#others.enter(entry);
  }

  /** Sends an exit of signal-engine; returns its signal id. */
  exit(exit?: TestEntry): Promise<string> {
    return this.#others.exit(exit);
  }

  /** Everything told about orders, oldest first. */
  async executions(): Promise<readonly Execution[]> {
    return (await this.#page.getLatest(Streams.executions, 1_000)).toReversed();
  }

  /** Final answers to exits, oldest first. A close may fill over several levels of the book, with an answer for each. */
  async exits(): Promise<readonly Execution[]> {
    return (await this.executions()).filter(({ purpose, answer }) => purpose === 'EXIT' && isFinal(answer));
  }

  /** Positions that the fleet shows. */
  async positions(): Promise<readonly OpenPosition[]> {
    return Object.values(await this.#page.getMap(Maps.openPositions));
  }

  async status(): Promise<LiveStatus | undefined> {
    return this.#page.getRecord(Records.liveStatus);
  }

  /** Commands to signal-engine, oldest first. */
  async commands(): Promise<readonly OperatorCommand[]> {
    return (await this.fake.bus('signal-engine').getLatest(Streams.operatorCommands, 100)).toReversed();
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
      throw new Error(`${String(error)}: ${JSON.stringify(last)} ${String(this.#service?.faults)}`);
    });
  }

  /** Resolves once entries are blocked for a reason with this code. */
  async untilBlocked(code: string): Promise<void> {
    const isBlocked = async () => (await this.status())?.blocked_by.some((reason) => reason.code === code);
    await this.until(`entries are blocked by ${code}`, isBlocked, 60_000);
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
    const isFlat = async () => (await this.venue.isFlat()) && (await this.positions()).length === 0;
    await this.until('everything is closed', isFlat, withinMs);
  }

  /** Resolves once a query of the venue after `sinceTs` has proven that nothing of ours is open. */
  async untilProvenFlat(sinceTs: number): Promise<void> {
    await this.until('the proof', async () => ((await this.status())?.flat_ts ?? 0) > sinceTs, 40_000);
  }

  /**
   * What broke, by the venue's own history and the answers on record: an order twice, a position bare for more than two seconds, a
   * signal without one final answer, a fill lost or invented, the fleet's state other than the venue's.
   */
  async violations(silences: readonly Silence[] = []): Promise<readonly TraderViolation[]> {
    const differs = await this.#stateDifference();
    const executions = await this.executions();
    const ledger = await this.venue.ledger();
    return [
      ...audit({ ledger, executions, trades: [], silences, signals: this.#others.signals }),
      ...(differs === undefined ? [] : [{ code: 'STATE_DIFFERS' as const, what: differs }]),
    ];
  }

  /** What still differs after a few seconds. */
  async #stateDifference(): Promise<string | undefined> {
    let last = '';
    const isSame = async () => {
      const { positions } = await this.venue.account();
      const venue = positions.map(({ symbol, quantity }) => `${symbol} ${Number(quantity)}`).toSorted();
      const signed = ({ side, quantity }: OpenPosition): number => (side === 'LONG' ? quantity : -quantity);
      const ours = (await this.positions()).map((one) => `${one.symbol} ${signed(one)}`).toSorted();
      last = `venue: ${venue.join(', ')}; fleet: ${ours.join(', ')}`;
      return venue.join() === ours.join();
    };
    return eventually('the same positions', isSame, SETTLE_MS).then(
      () => undefined,
      () => last,
    );
  }

  #startService(): Promise<ExecutionManager> {
    const clock = { now: () => Date.now(), observe() {}, set() {}, advance() {} };
    const mode = aMode({ mode: 'live', network: 'testnet', venue: this.venue.exchange.url, run: RUN });
    return startOnFakeBus(executionManager, { fake: this.fake, settings: this.#settings, mode, clock });
  }

  async #end(): Promise<void> {
    this.#others.stop();
    await this.quit();
    if (this.#faults.length > 0)
      throw new Error(`execution-manager would have ended: ${this.#faults.map(String).join('; ')}`);
  }
}
