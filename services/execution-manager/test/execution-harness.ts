import { createHmac } from 'node:crypto';
import type { FaultInput } from '@helios/exchange-simulator/faults/fault.ts';
import { type RunningExchange, startExchange } from '@helios/exchange-simulator/start-exchange.ts';
import { Channels, Maps, Rankings, Records, Streams } from '@helios/shared/contracts/catalog.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { FleetState, OperatorCommand } from '@helios/shared/domain/fleet.ts';
import type { LiveStatus } from '@helios/shared/domain/live-status.ts';
import type { OpenPosition, PositionUpdate } from '@helios/shared/domain/position.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import { wallClock } from '@helios/shared/runtime/clock.ts';
import { type RunningService, startService } from '@helios/shared/runtime/start-service.ts';
import { aMode, aSignal, defaultSettings } from '@helios/shared/testing/builders.ts';
import { eventually } from '@helios/shared/testing/eventually.ts';
import { createFakeRedis, type FakeRedisWithBuses } from '@helios/shared/testing/fake-bus.ts';
import { createRecordingLog, type LogLine } from '@helios/shared/testing/silent-log.ts';
import { onTestFinished } from 'vitest';
import { executionManager } from '../src/service.ts';

const KEY = { apiKey: 'q7Wd2ZkR9fLx4TbN'.repeat(4), apiSecret: 'u3Hs8YvJ6mCp1GzA'.repeat(4) };
export const RUN = 'live:testnet:0123456789';
export const SYMBOL = 'BTCUSDT';
const WITHIN_MS = 15_000;

/** The venue's truth, as `/control/accounts` shows it. */
interface TrueAccount {
  readonly positions: readonly { readonly symbol: string; readonly quantity: string }[];
  readonly open_orders: readonly { readonly client_order_id: string }[];
  readonly open_algo_orders: readonly { readonly client_algo_id: string; readonly quantity: string }[];
}

/** execution-manager on a fake Redis and a real local exchange; the test plays the other services. */
export interface ExecutionHarness {
  readonly venue: RunningExchange;
  readonly fake: FakeRedisWithBuses;
  readonly lines: readonly LogLine[];
  /** Faults that would have ended the process. */
  readonly faults: readonly unknown[];
  readonly executions: readonly Execution[];
  readonly updates: readonly PositionUpdate[];
  /** Commands to signal-engine. */
  readonly commands: readonly OperatorCommand[];
  setState(state: Pick<FleetState, 'state' | 'flattening'>): Promise<void>;
  /** risk-manager allows an entry; resolves to its signal id. */
  enter(signal?: Partial<TradingSignal>, quantity?: number): Promise<string>;
  exit(signal?: Partial<TradingSignal>): Promise<string>;
  status(): Promise<LiveStatus | undefined>;
  positions(): Promise<readonly OpenPosition[]>;
  account(): Promise<TrueAccount>;
  /** Number of orders that the venue ever took, by client id. */
  ordersTaken(): Promise<ReadonlyMap<string, number>>;
  /** Sends a signed request as somebody else with the same key. */
  byHand(method: string, path: string, parameters: Readonly<Record<string, string>>): Promise<unknown>;
  setFaults(faults: readonly FaultInput[]): Promise<void>;
  /** Resolves when the account is ready for entries. */
  ready(): Promise<void>;
  /** The process ends without a word and another one starts on the same Redis. */
  restart(): Promise<ExecutionHarness>;
  stop(): Promise<void>;
}

interface HarnessOptions {
  readonly settings?: { readonly [S in keyof Settings]?: Partial<Settings[S]> };
  readonly venue?: RunningExchange;
  readonly fake?: FakeRedisWithBuses;
  readonly state?: FleetState['state'];
}

let signals = 0;
let changes = 0;

export async function openExecution(options: HarnessOptions = {}): Promise<ExecutionHarness> {
  const venue = options.venue ?? (await openVenueOfTest());
  const fake = options.fake ?? createFakeRedis();
  const log = createRecordingLog();
  const faults: unknown[] = [];
  const onFault = (error: unknown): void => void faults.push(error);
  const settings = defaultSettings({
    ...options.settings,
    binance: {
      rest_url: venue.url,
      stream_url: venue.streamUrl,
      api_key: KEY.apiKey,
      api_secret: KEY.apiSecret,
      ...options.settings?.binance,
    },
  });
  const mode = aMode({ mode: 'live', network: 'testnet', run: RUN, source: undefined });
  const engine = fake.bus('signal-engine');
  const ingestor = fake.bus('data-ingestor');
  const risk = fake.bus('risk-manager');
  const page = fake.bus('dashboard-api');
  const executions: Execution[] = [];
  const updates: PositionUpdate[] = [];
  const commands: OperatorCommand[] = [];
  await engine.consume(Streams.operatorCommands, async (command) => void commands.push(command));
  await page.consume(Streams.executions, async (execution) => void executions.push(execution));
  await page.subscribe(Channels.positionUpdates, (update) => void updates.push(update));
  await ingestor.write((batch) => {
    batch.setRanking(Rankings.watchlist, { [SYMBOL]: 1 });
    batch.setField(Maps.instruments, SYMBOL, {
      symbol: SYMBOL,
      tick_size: '0.1',
      step_size: '0.001',
      min_notional: '5',
    });
  });

  async function setState({ state, flattening }: Pick<FleetState, 'state' | 'flattening'>): Promise<void> {
    changes += 1;
    const changed_ts = Date.now() + changes;
    const full = {
      state,
      reason: 'a test',
      changed_ts,
      run: RUN,
      applied_commands: [],
      ...(flattening && { flattening }),
    };
    await engine.write((batch) => {
      batch.setRecord(Records.fleetState, full);
      batch.publish(Channels.fleetStateChanges, full);
    });
  }
  await setState({ state: options.state ?? 'ACTIVE' });
  const running: RunningService = await startService(executionManager, {
    bus: fake.bus('execution-manager', { log, onFault }),
    clock: wallClock,
    settings,
    mode,
    log,
    onFault,
  });
  const beat = setInterval(() => void tellMark().catch(() => {}), 500);
  async function tellMark(): Promise<void> {
    const text = await (await fetch(`${venue.url}/fapi/v1/premiumIndex?symbol=${SYMBOL}`)).text();
    const nowMs = Date.now();
    const mark = {
      type: 'mark',
      symbol: SYMBOL,
      ts_event: nowMs,
      ts_init: nowMs,
      mark_price: JSON.parse(text).markPrice,
    };
    await ingestor.write((batch) => batch.publish(Channels.markPrices, mark as never, { symbol: SYMBOL }));
  }
  let isStopped = false;
  async function stop(): Promise<void> {
    if (isStopped) return;
    isStopped = true;
    clearInterval(beat);
    await running.stop();
    for (const bus of [engine, ingestor, risk, page]) await bus.close();
  }
  onTestFinished(stop);
  const control = async (path: string) => JSON.parse(await (await fetch(venue.controlUrl + path)).text());
  const priceNow = async (): Promise<number> =>
    Number(JSON.parse(await (await fetch(`${venue.url}/fapi/v1/premiumIndex?symbol=${SYMBOL}`)).text()).markPrice);

  async function signalOf(fields: Partial<TradingSignal>): Promise<TradingSignal> {
    signals += 1;
    const price = await priceNow();
    const nowMs = Date.now();
    return aSignal({
      signal_id: `test-${process.pid}-${nowMs}-${signals}`,
      run: RUN,
      timestamp: nowMs,
      ts_init: nowMs,
      entry_price: price,
      quote: { bid: price, ask: price },
      ...fields,
    });
  }

  return {
    venue,
    fake,
    lines: log.lines,
    faults,
    executions,
    updates,
    commands,
    setState,
    async enter(fields = {}, quantity = 0.01) {
      const price = await priceNow();
      const side = fields.direction === 'SHORT' ? 'SHORT' : 'LONG';
      const stop_loss = Math.round(price * (side === 'LONG' ? 0.98 : 1.02));
      const signal = await signalOf({ stop_loss, ...fields });
      await risk.write((batch) =>
        batch.append(Streams.orderIntents, {
          signal,
          rules: [],
          ts_init: Date.now(),
          intent: {
            run: RUN,
            signal_id: signal.signal_id,
            symbol: SYMBOL,
            side,
            purpose: 'ENTRY',
            action: side === 'LONG' ? 'BUY' : 'SELL',
            order_type: 'MARKET',
            quantity,
            reduce_only: false,
            leverage: settings.trading.leverage,
            stop_loss: signal.stop_loss,
          },
        }),
      );
      return signal.signal_id;
    },
    async exit(fields = {}) {
      const signal = await signalOf({ direction: 'EXIT_LONG', exit_reason: 'TIME_EXIT', ...fields });
      await engine.write((batch) => batch.append(Streams.signals, signal));
      return signal.signal_id;
    },
    status: () => page.getRecord(Records.liveStatus),
    positions: async () => Object.values(await page.getMap(Maps.openPositions)),
    account: async () => (await control('/control/accounts')).accounts[0],
    async ordersTaken() {
      const { entries } = await control('/control/ledger');
      const counts = new Map<string, number>();
      for (const { kind, execution, order } of entries) {
        if (kind !== 'ORDER' || execution !== 'NEW') continue;
        counts.set(order.client_order_id, (counts.get(order.client_order_id) ?? 0) + 1);
      }
      return counts;
    },
    async byHand(method, path, parameters) {
      const text = new URLSearchParams({ ...parameters, timestamp: String(Date.now()) }).toString();
      const signature = createHmac('sha256', KEY.apiSecret).update(text).digest('hex');
      const url = `${venue.url}${path}?${text}&signature=${signature}`;
      return (await fetch(url, { method, headers: { 'X-MBX-APIKEY': KEY.apiKey } })).json();
    },
    setFaults: (wanted) => venue.setFaults(wanted),
    async ready() {
      let last: LiveStatus | undefined;
      const isReady = async () => {
        last = await page.getRecord(Records.liveStatus);
        return last?.can_enter;
      };
      await eventually('the account is ready', isReady, WITHIN_MS).catch((error: unknown) => {
        throw new Error(`${String(error)} ${JSON.stringify(last)} ${JSON.stringify(faults.map(String))}`);
      });
    },
    async restart() {
      await stop();
      return openExecution({ ...options, venue, fake });
    },
    stop,
  };
}

async function openVenueOfTest(): Promise<RunningExchange> {
  const venue = await startExchange({ market: { kind: 'generator', symbols: [SYMBOL] }, key: KEY, past: 'made-up' });
  onTestFinished(() => venue.stop());
  return venue;
}
