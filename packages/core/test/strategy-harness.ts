import type { Decision } from '@helios/shared/domain/decision.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { Book, Kline } from '@helios/shared/domain/market-data.ts';
import type { OpenPosition, PositionUpdate } from '@helios/shared/domain/position.ts';
import type { ProfileName } from '@helios/shared/domain/profile-name.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import { aKline, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import type { TradingModel } from '../src/model/trading-model.ts';
import { createStrategyEngine } from '../src/strategy/engine.ts';
import type { EngineOutput } from '../src/strategy/engine-output.ts';
import type { FleetView } from '../src/strategy/fleet-view.ts';
import { SymbolState } from '../src/strategy/symbol-state.ts';
import { profileOf } from '../src/trading/profile.ts';

export const RUN = 'test-run';
export const BTC = 'BTCUSDT';

/** A book with one level per side, a tick of 0.1 apart, with exactly this imbalance. */
export function bookOf(nobi: number, fields: { ts?: number; bid?: number; symbol?: string; id?: number } = {}): Book {
  const { ts = T0, bid = 100, symbol = BTC, id = ts } = fields;
  const ask = bid + 0.1;
  return {
    type: 'book',
    symbol,
    ts_event: ts,
    ts_init: ts,
    last_update_id: id,
    bids: [[bid.toFixed(1), ((1e6 * (1 - nobi)) / 2 / bid).toFixed(9)]],
    asks: [[ask.toFixed(1), ((1e6 * (1 + nobi)) / 2 / ask).toFixed(9)]],
  };
}

/** A view of an ACTIVE simulation without open positions. */
export function viewAt(nowMs: number, fields: Partial<FleetView> = {}): FleetView {
  return {
    nowMs,
    profile: profileOf('SIMULATION', defaultSettings()),
    tradingState: 'ACTIVE',
    flattening: false,
    exposures: 0,
    sentiment: undefined,
    meanMove: () => undefined,
    ...fields,
  };
}

/** A symbol after a minute of balanced books up to `T0`. */
export function seasoned(params: Settings): SymbolState {
  const state = new SymbolState(BTC, params);
  for (let ts = T0 - 60_000; ts <= T0; ts += 500) state.onBook(bookOf(0, { ts }));
  return state;
}

/** Minute klines that rise by `step` each; the newest closes at `T0`. */
export function minutes(count: number, step = 0.1, volume = 10): Kline[] {
  return Array.from({ length: count }, (_, i) => {
    const open_ts = T0 - (count - i) * 60_000;
    const open = 100 + i * step;
    return aKline({
      open_ts,
      close_ts: open_ts + 59_999,
      ts_event: open_ts + 60_000,
      open: open.toFixed(4),
      high: (Math.max(open, open + step) + 0.05).toFixed(4),
      low: (Math.min(open, open + step) - 0.05).toFixed(4),
      close: (open + step).toFixed(4),
      volume: String(volume),
      quote_volume: String(volume * open),
    });
  });
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
    regime: 'UNKNOWN',
    simulated: true,
    ...fields,
  };
}

export function anUpdate(positions: OpenPosition[], fields: Partial<PositionUpdate> = {}): PositionUpdate {
  return { run: RUN, symbol: BTC, ts_event: T0, positions, orders: [], ...fields };
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
    denial: { code: 'FREE_MARGIN', value: 10, limit: 30 },
    ...fields,
  } as Execution;
}

/** An ACTIVE engine after a minute of balanced books; `book` sends one and returns its outputs. */
export function anEngine(params: Settings, profile: ProfileName = 'SIMULATION', model?: TradingModel) {
  const engine = createStrategyEngine(params, {
    run: RUN,
    profile: profileOf(profile, params),
    collectsFeatures: model !== undefined,
  });
  engine.useModel(model);
  engine.onTradingState('ACTIVE');
  let id = 0;
  const book = (nobi: number, ts: number, bid = 100, symbol = BTC): readonly EngineOutput[] => {
    id += 1;
    return engine.onMarket(bookOf(nobi, { ts, bid, symbol, id }), ts);
  };
  for (let ts = T0 - 60_000; ts <= T0; ts += 500) book(0, ts);
  return { engine, book };
}

/** Sends triggers of one direction until an output follows or `maxMs` have passed. */
export function persist(
  book: ReturnType<typeof anEngine>['book'],
  nobi: number,
  fromMs: number,
  maxMs = 3_000,
): EngineOutput[] {
  const outputs: EngineOutput[] = [];
  for (let ts = fromMs; ts <= fromMs + maxMs; ts += 250) {
    outputs.push(...book(nobi, ts));
    if (signalsOf(outputs).length > 0) break;
  }
  return outputs;
}

export function signalsOf(outputs: readonly EngineOutput[]): TradingSignal[] {
  return outputs.flatMap((output) => (output.kind === 'SIGNAL' ? [output.signal] : []));
}

export function refusalsOf(outputs: readonly EngineOutput[]): Decision[] {
  return outputs.flatMap((output) =>
    output.kind === 'REFUSAL' && output.report.kind === 'REFUSED' ? [output.report.decision] : [],
  );
}

export function followUpsOf(outputs: readonly EngineOutput[]) {
  return outputs.flatMap((output) =>
    output.kind === 'REFUSAL' && output.report.kind === 'FOLLOWED_UP' ? [output.report] : [],
  );
}
