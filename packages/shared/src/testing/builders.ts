import type { FleetMode } from '../domain/fleet.ts';
import type { LiveStatus } from '../domain/live-status.ts';
import type { Book, Kline, MarketTrade } from '../domain/market-data.ts';
import type { OpenOrder } from '../domain/position.ts';
import type { Setting } from '../domain/settings/setting.ts';
import { SETTINGS, type SectionName, type Settings } from '../domain/settings.ts';
import type { TradingSignal } from '../domain/signal.ts';
import { IMBALANCE_ALONE } from './imbalance-alone.ts';

/** Start time of tests, epoch milliseconds; a whole UTC minute. */
export const T0 = 1_700_000_040_000;

/** A book around 100 with one level a side. */
export function aBook(fields: Partial<Book> = {}): Book {
  return {
    type: 'book',
    symbol: 'BTCUSDT',
    ts_event: T0,
    ts_init: T0,
    last_update_id: 1,
    bids: [['99.9', '1']],
    asks: [['100.1', '1']],
    ...fields,
  };
}

/** A trade of 1 at 100. */
export function aTrade(fields: Partial<MarketTrade> = {}): MarketTrade {
  return {
    type: 'trade',
    symbol: 'BTCUSDT',
    ts_event: T0,
    ts_init: T0,
    trade_id: 1,
    price: '100',
    qty: '1',
    buyer_is_maker: false,
    ...fields,
  };
}

/** A closed one-minute kline that opened at T0. */
export function aKline(fields: Partial<Kline> = {}): Kline {
  return {
    type: 'kline',
    symbol: 'BTCUSDT',
    ts_event: T0 + 60_000,
    ts_init: T0 + 60_000,
    interval: '1m',
    open_ts: T0,
    close_ts: T0 + 59_999,
    open: '100',
    high: '101',
    low: '99',
    close: '100.5',
    volume: '10',
    quote_volume: '1002',
    trades: 20,
    ...fields,
  };
}

/** A LONG of the engine at 100. */
export function aSignal(fields: Partial<TradingSignal> = {}): TradingSignal {
  return {
    signal_id: 'signal-1',
    run: 'test-run',
    symbol: 'BTCUSDT',
    direction: 'LONG',
    timestamp: T0,
    ts_init: T0,
    confidence: 0.6,
    nobi_value: -0.8,
    entry_price: 100,
    reason: 'bids dominate',
    model: 'none',
    origin: 'ENGINE',
    ...fields,
  };
}

/** An entry order of a LONG that rests at 100 for half a minute. */
export function anOrder(fields: Partial<OpenOrder> = {}): OpenOrder {
  return {
    run: 'test-run',
    order_id: 'order-1',
    signal_id: 'entry-1',
    symbol: 'BTCUSDT',
    side: 'LONG',
    purpose: 'ENTRY',
    price: 100,
    quantity: 0.01,
    placed_ts: T0,
    expires_ts: T0 + 30_000,
    simulated: true,
    ...fields,
  };
}

/** A synthetic fleet on the generator. */
export function aMode(fields: Partial<FleetMode> = {}): FleetMode {
  return {
    mode: 'synthetic',
    network: 'none',
    run: 'test-run',
    session: 'test-session',
    reason: 'a test',
    resolved_ts: T0,
    source: { kind: 'generator', seed: 1 },
    ...fields,
  };
}

type Overrides = { readonly [S in SectionName]?: Partial<Settings[S]> };

/** What differs from the shipped defaults: nothing is recorded, each imbalance trades, and books ten basis points wide are narrow enough. */
const TEST_DEFAULTS: Overrides = {
  ...IMBALANCE_ALONE,
  recording: { enabled: false },
  signals: { ...IMBALANCE_ALONE.signals, max_entry_spread_bp: 1_000 },
};

/** Every setting at its default but for `TEST_DEFAULTS`, with single values replaced: `defaultSettings({ signals: { nobi_threshold: 0.5 } })`. */
export function defaultSettings(overrides: Overrides = {}): Settings {
  const names = new Set([...Object.keys(TEST_DEFAULTS), ...Object.keys(overrides)]) as ReadonlySet<SectionName>;
  return shippedSettings(
    Object.fromEntries([...names].map((name) => [name, { ...TEST_DEFAULTS[name], ...overrides[name] }])),
  );
}

/** Every setting as users get it, with single values replaced. */
export function shippedSettings(overrides: Overrides = {}): Settings {
  const sections = Object.entries(SETTINGS).map(([section, keys]) => {
    const values = Object.entries(keys as Record<string, Setting>).map(([key, setting]) => [key, setting.default]);
    const name = section as SectionName;
    return [section, { ...Object.fromEntries(values), ...overrides[name] }];
  });
  return Object.fromEntries(sections) as Settings;
}

/** The status of a live account that can enter. */
export function aLiveStatus(fields: Partial<LiveStatus> = {}): LiveStatus {
  return {
    run: aMode().run,
    can_enter: true,
    blocked_by: [],
    user_stream: { is_open: true },
    reconciled_ts: T0,
    differences: [],
    unknown_orders: [],
    foreign_orders: 0,
    foreign_positions: [],
    uncovered_ms: 0,
    rejects: {},
    updated_ts: T0,
    ...fields,
  };
}
