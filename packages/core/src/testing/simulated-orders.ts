import type { Book, MarketBreak, MarketTrade } from '@helios/shared/domain/market-data.ts';
import type { SignalDirection, TradingSignal } from '@helios/shared/domain/signal.ts';
import type { SimulationMode } from '../execution/fees.ts';
import type { SimulatorEffect } from '../trading/paper-trading.ts';

export const RUN = 'synthetic:test';
/** Epoch ms. */
export const T0 = 1_700_000_000_000;
/** No slippage, so fills are at round prices; tests of costs set their own. */
const fees = { taker_fee: 0.0004, maker_fee: 0.0002, slippage_bp: 0 };

export const params = (mode: SimulationMode, position_size = 0.01) => ({
  simulation: {
    mode,
    position_size: position_size as number | undefined,
    position_notional: 1_000,
    starting_balance: 10_000,
    profile: 'simulation' as const,
    maintenance_margin_pct: 2.5,
    limit_timeout_sec: 30,
  },
  fees,
});
/** Entries sized by their value in quote currency. */
export function byNotional(mode: SimulationMode, position_notional: number) {
  const { simulation } = params(mode);
  return { simulation: { ...simulation, position_size: undefined, position_notional }, fees };
}

let made = 0;
/** A signal with its own id: one of ours if `fields` has a quote, else hand-made. */
export function signal(
  direction: SignalDirection,
  entry_price: number,
  fields: Partial<TradingSignal> = {},
): TradingSignal {
  made += 1;
  return {
    signal_id: `s${made}`,
    run: RUN,
    symbol: 'BTCUSDT',
    direction,
    timestamp: T0,
    ts_init: T0,
    confidence: 0.6,
    nobi_value: 0.5,
    entry_price,
    reason: 'test',
    model: 'none',
    origin: fields.quote ? 'ENGINE' : 'EXTERNAL',
    ...fields,
  };
}

export const quoted = (bid: number, ask: number) => ({ quote: { bid, ask } });
/** A book with one level per side. */
export const book = (bid: string, ask: string, ts = T0, qty = '2'): Book => ({
  type: 'book',
  symbol: 'BTCUSDT',
  ts_event: ts,
  ts_init: ts,
  last_update_id: 1,
  bids: [[bid, qty]],
  asks: [[ask, qty]],
});
/** A trade on the venue; on the bid by default. */
export const print = (price: string, ts: number, qty = '0.5', buyer_is_maker = true): MarketTrade => ({
  type: 'trade',
  symbol: 'BTCUSDT',
  ts_event: ts,
  ts_init: ts,
  trade_id: 1,
  price,
  qty,
  buyer_is_maker,
});

/** `id:OUTCOME` of each effect, with a star if it changed an earlier decision. */
export const outcomes = (effects: readonly SimulatorEffect[]) =>
  effects.map(({ decision, isNew }) => `${decision.decision_id}:${decision.outcome}${isNew ? '' : '*'}`);

/** The session of the market has ended. */
export const sessionEnd = (ts: number): MarketBreak => ({
  type: 'break',
  symbol: 'BTCUSDT',
  ts_event: ts,
  ts_init: ts,
  kind: 'SESSION_END',
  reason: 'recording ended',
});
