import { Channels, Maps, Rankings, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { RefusalReport } from '@helios/shared/domain/decision.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { FleetMode, OperatorCommand, RememberedState, ReplayAck } from '@helios/shared/domain/fleet.ts';
import type { Book, MarketEvent } from '@helios/shared/domain/market-data.ts';
import type { OpenPosition, PositionUpdate } from '@helios/shared/domain/position.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import type { Batch } from '@helios/shared/runtime/bus.ts';
import { aMode, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { createFakeRedis, type FakeRedisWithBuses } from '@helios/shared/testing/fake-bus.ts';
import { createFakeClock, type FakeClock } from '@helios/shared/testing/fake-clock.ts';
import { type ServiceUnderTest, startOnFakeBus } from '@helios/shared/testing/start-on-fake-bus.ts';
import { createSignalEngine } from '../src/service.ts';

export const BTC = 'BTCUSDT';
export const RUN = 'test-run';

/** Settings under which one lopsided book makes a signal. */
export const eager = defaultSettings({
  signals: { min_book_history_sec: 0, confirmation_count: 1, refusal_log_interval_sec: 0 },
});

/** A lock-step replay. */
export const lockStep = aMode({ source: { kind: 'replay', files: ['x.gz'], speed: 'max', exit: true } });

/** A book with a tick of 0.1 and this imbalance. */
export function bookOf(nobi: number, ts = T0, fields: Partial<Book> & { bid?: number } = {}): Book {
  const { bid = 100, ...rest } = fields;
  const ask = bid + 0.1;
  return {
    type: 'book',
    symbol: BTC,
    ts_event: ts,
    ts_init: ts,
    last_update_id: ts,
    bids: [[bid.toFixed(1), ((1 - nobi) / bid).toFixed(12)]],
    asks: [[ask.toFixed(1), ((1 + nobi) / ask).toFixed(12)]],
    ...rest,
  };
}

export function aPosition(fields: Partial<OpenPosition> = {}): OpenPosition {
  return {
    run: RUN,
    symbol: BTC,
    side: 'LONG',
    quantity: 0.01,
    entry_price: 100,
    entry_ts: T0,
    entry_fee: 0.0004,
    signal_id: 'entry-1',
    stop_loss: 99,
    take_profit: 103,
    simulated: true,
    ...fields,
  };
}

/** A denial of an entry signal. */
export function aDenial(signal_id: string, fields: Partial<Execution> = {}): Execution {
  return {
    execution_id: `${signal_id}#END`,
    run: RUN,
    signal_id,
    symbol: BTC,
    side: 'LONG',
    purpose: 'ENTRY',
    ts_event: T0,
    ts_init: T0,
    answer: 'DENIED',
    denial: { code: 'NOTIONAL_BELOW_MINIMUM', value: 1, limit: 5 },
    ...fields,
  } as Execution;
}

export function aCommand(action: OperatorCommand['action'], command_id: string): OperatorCommand {
  return { command_id, action, issued_by: 'a test', issued_ts: T0 };
}

/** signal-engine with the processes that it talks to. */
export interface EngineHarness {
  readonly fake: FakeRedisWithBuses;
  readonly clock: FakeClock;
  readonly service: ServiceUnderTest<'signal-engine'>;
  /** Messages of the streams so far, oldest first. */
  readonly signals: readonly TradingSignal[];
  readonly refusals: readonly RefusalReport[];
  readonly acks: readonly ReplayAck[];
  /** Publishes a book at its time and waits until all work is done. */
  book(book: Book): Promise<void>;
  /** Publishes frames of a lock-step replay in one message. */
  frames(frames: MarketEvent[][]): Promise<void>;
  /** decision-logger publishes open positions, to key and channel. */
  positions(positions: readonly OpenPosition[], fields?: Partial<PositionUpdate>): Promise<void>;
  command(command: OperatorCommand): Promise<void>;
  /** decision-logger appends an answer to the stream, and nothing else. */
  answer(execution: Execution): Promise<void>;
  /** The process dies and another one starts on the same Redis. */
  restart(): Promise<EngineHarness>;
}

interface HarnessOptions {
  readonly fake?: FakeRedisWithBuses;
  readonly mode?: FleetMode;
  readonly settings?: typeof eager;
  readonly watchlist?: readonly string[];
  /** False: decision-logger has not written the projection of its ledger yet. */
  readonly projection?: boolean;
  /** Trading state in the ledger; without it the ledger is new. */
  readonly trading?: RememberedState;
  /** Maximum wait of a start for the ledger; 0 by default. */
  readonly ledgerWaitMs?: number;
}

/** Writes the mark of a complete projection: of a new ledger, or with the given trading state. */
export function drawProjection(
  batch: Batch<'decision-logger'>,
  trading: RememberedState = { kind: 'FIRST_START' },
): void {
  batch.setRecord(Records.ledgerProjection, { run: RUN, ledger: 'test.sqlite', signals: 0, trading });
}

const opened: EngineHarness[] = [];

export async function closeEngineHarnesses(): Promise<void> {
  for (const harness of opened.splice(0)) await harness.service.stop();
}

/** Starts signal-engine on a fake Redis with BTCUSDT on its watchlist. */
export async function openEngineHarness(options: HarnessOptions = {}): Promise<EngineHarness> {
  const { mode = aMode(), settings = eager, watchlist = [BTC], projection = true } = options;
  const fake = options.fake ?? createFakeRedis();
  const clock = createFakeClock(T0);
  const ingestor = fake.bus('data-ingestor');
  const logger = fake.bus('decision-logger');
  const dashboard = fake.bus('dashboard-api');
  if (watchlist.length > 0) {
    const scores = Object.fromEntries(watchlist.map((symbol, i) => [symbol, watchlist.length - i]));
    await ingestor.write((batch) => batch.setRanking(Rankings.watchlist, scores));
  }
  if (projection) await logger.write((batch) => drawProjection(batch, options.trading));
  const [signals, refusals, acks]: [TradingSignal[], RefusalReport[], ReplayAck[]] = [[], [], []];
  // Uses another service to read: the stream position of decision-logger tells which signals are answered.
  const observer = fake.bus('risk-manager');
  await observer.consume(Streams.signals, async (signal) => void signals.push(signal));
  await logger.consume(Streams.refusals, async (report) => void refusals.push(report));
  await ingestor.subscribe(Channels.replayAcks, (ack) => void acks.push(ack));
  const definition = createSignalEngine({ wall: clock, ledgerWaitMs: options.ledgerWaitMs ?? 0 });
  const service = await startOnFakeBus(definition, { fake, mode, settings, clock });
  await fake.settle();

  const harness: EngineHarness = {
    fake,
    clock,
    service,
    signals,
    refusals,
    acks,
    async book(book) {
      clock.observe(book.ts_event);
      if (book.seq !== undefined) return harness.frames([[book]]);
      await ingestor.write((batch) => batch.publish(Channels.books, book, { symbol: book.symbol }));
      await fake.settle();
    },
    async frames(frames) {
      await ingestor.write((batch) => batch.publish(Channels.replayFrames, { frames }));
      await fake.settle();
    },
    async positions(positions, fields = {}) {
      const update = { run: RUN, symbol: BTC, ts_event: clock.now(), positions: [...positions], orders: [], ...fields };
      const documents = Object.fromEntries(positions.map((each) => [`${each.symbol}:${each.side}`, each]));
      await logger.write((batch) => {
        batch.setMap(Maps.openPositions, documents);
        batch.publish(Channels.positionUpdates, update);
      });
      await fake.settle();
    },
    async command(command) {
      await dashboard.write((batch) => batch.append(Streams.operatorCommands, command));
      await fake.settle();
    },
    async answer(execution) {
      await logger.write((batch) => batch.append(Streams.executions, execution));
      await fake.settle();
    },
    async restart() {
      await service.stop();
      await logger.close();
      await observer.close();
      return openEngineHarness({ ...options, fake });
    },
  };
  opened.push(harness);
  return harness;
}
