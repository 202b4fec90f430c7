import { Channels, Lists, Maps, Rankings, Records, Values } from '@helios/shared/contracts/catalog.ts';
import type { ReplayAck } from '@helios/shared/domain/fleet.ts';
import type { Kline, KlineInterval, MarketEvent } from '@helios/shared/domain/market-data.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { createFakeRedis, type FakeRedisWithBuses } from '@helios/shared/testing/fake-bus.ts';

/** The rest of a fleet as data-ingestor sees it: subscribers, acknowledgements, and Redis. */
export interface FleetHarness {
  readonly fake: FakeRedisWithBuses;
  /** Market events in the order in which they were published, repeats included. */
  readonly heard: MarketEvent[];
  /** Called after each message of a lock-step replay, before its answer. */
  onFrame: () => void;
  /** While false, signal-engine does not answer. */
  answers: boolean;
  /** signal-engine's acknowledgement. */
  answer(seq: number, signals?: string[]): Promise<void>;
  progress(): ReturnType<typeof readProgress>;
  ended(): Promise<void>;
  klines(symbol: string, interval: KlineInterval): Promise<Kline[]>;
  sample(symbol: string): ReturnType<typeof readSample>;
  watchlist(): Promise<string[]>;
  instruments(): Promise<string[]>;
}

export async function createFleetHarness(symbols: readonly string[]): Promise<FleetHarness> {
  const fake = createFakeRedis();
  const engine = fake.bus('signal-engine');
  const dashboard = fake.bus('dashboard-api');
  const heard: FleetHarness['heard'] = [];
  const harness: FleetHarness = {
    fake,
    heard,
    onFrame: () => {},
    answers: true,
    answer(seq, signals = []) {
      const ack: ReplayAck = { service: 'signal-engine', seq, signals, resting_orders: 0 };
      return engine.write((batch) => batch.publish(Channels.replayAcks, ack));
    },
    progress: () => readProgress(fake),
    ended: async () =>
      void (await eventually('the replay to end', async () => (await readProgress(fake))?.done, 25_000)),
    klines: (symbol, interval) => dashboard.getList(Lists.klines, 2_000, { symbol, interval }),
    sample: (symbol) => readSample(fake, symbol),
    watchlist: async () => (await dashboard.getRanking(Rankings.watchlist)).map((one) => one.member),
    instruments: async () => Object.keys(await dashboard.getMap(Maps.instruments)),
  };
  const onEvent = (event: MarketEvent): void => void heard.push(event);
  /** A lock-step break also arrives on its own channel. */
  const onBreak = (event: MarketEvent): void => {
    if (event.seq === undefined) onEvent(event);
  };
  for (const symbol of symbols) {
    await engine.subscribe(Channels.books, onEvent, { symbol });
    await engine.subscribe(Channels.marketTrades, onEvent, { symbol });
    await engine.subscribe(Channels.markPrices, onEvent, { symbol });
    await engine.subscribe(Channels.closedKlines, onEvent, { symbol });
    await engine.subscribe(Channels.marketBreaks, onBreak, { symbol });
  }
  await engine.subscribe(Channels.replayFrames, ({ frames }) => {
    const events = frames.flat();
    heard.push(...events);
    harness.onFrame();
    const seq = events.at(-1)?.seq;
    if (seq === undefined || !harness.answers) return;
    // While the fake Redis is down, an acknowledgement is lost, as with a real one.
    harness.answer(seq).catch(() => {});
  });
  return harness;
}

function readProgress(fake: FakeRedisWithBuses) {
  return fake.bus('dashboard-api').getRecord(Records.replayProgress);
}

function readSample(fake: FakeRedisWithBuses, symbol: string) {
  return fake.bus('dashboard-api').get(Values.orderbook, { symbol });
}
