import type { Decision } from '@helios/shared/domain/decision.ts';
import type { OpenOrder, OpenPosition } from '@helios/shared/domain/position.ts';
import type { PerformanceSummary } from '@helios/shared/domain/statistics.ts';
import { T0 } from '@helios/shared/testing/builders.ts';

/** The decision of an opened LONG. */
export const decision = (id: string, more: Partial<Decision> = {}): Decision => ({
  decision_id: id,
  run: 'test-run',
  symbol: 'BTCUSDT',
  direction: 'LONG',
  outcome: 'OPENED',
  timestamp: T0,
  ts_init: T0,
  confidence: 0.5,
  nobi_value: -0.5,
  entry_price: 100,
  reason: 'bids dominate',
  model: 'none',
  origin: 'ENGINE',
  ...more,
});

/** A LONG of two BTC, entered at 100. */
export const position = (more: Partial<OpenPosition> = {}): OpenPosition => ({
  run: 'test-run',
  symbol: 'BTCUSDT',
  side: 'LONG',
  quantity: 2,
  entry_price: 100,
  entry_ts: T0,
  entry_fee: 0.08,
  signal_id: 's1',
  stop_loss: 95,
  simulated: true,
  ...more,
});

/** A LIMIT entry at 100. */
export const restingOrder = (placedTs: number, expiresTs: number): OpenOrder => ({
  run: 'test-run',
  order_id: 'o1',
  signal_id: 's2',
  symbol: 'BTCUSDT',
  side: 'LONG',
  purpose: 'ENTRY',
  price: 100,
  quantity: 1,
  placed_ts: placedTs,
  expires_ts: expiresTs,
  simulated: true,
});

/** Statistics of one winning trade. */
export const summary: PerformanceSummary = {
  run: 'test-run',
  mode: 'synthetic',
  total_pnl: 4.92,
  total_trades: 1,
  wins: 1,
  losses: 0,
  win_rate: 100,
  max_drawdown_pct: 0,
  peak_equity: 10_004.92,
  equity: 10_004.92,
  starting_balance: 10_000,
  gross_pnl: 5,
  total_fees: 0.08,
  total_funding: 0,
  max_win_streak: 1,
  max_loss_streak: 0,
  current_streak: 1,
  signals: 2,
  replaced: 0,
  missed: 0,
  denied: 0,
  orphan_exits: 0,
  updated_ts: T0,
};
