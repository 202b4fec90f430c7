import type { Decision, FollowUp } from '@helios/shared/domain/decision.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { GateCode } from '@helios/shared/domain/signal.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import type { BacktestResult } from '../backtest-result.ts';

const RUN = 'test:made';

/** A closed trade; its figures need not fit each other. */
export function madeTrade(changes: Partial<ClosedTrade> = {}): ClosedTrade {
  return {
    ...{ run: RUN, entry_signal_id: 'entry', exit_signal_id: 'exit', symbol: 'BTCUSDT', side: 'LONG', quantity: 1 },
    ...{ entry_price: 100, exit_price: 100, entry_ts: 0, exit_ts: 1_000, gross_pnl: 0, fees: 0, realized_pnl: 0 },
    simulated: true,
    ...changes,
  };
}

/** The decision on an entry that opened a position. */
export function madeDecision(changes: Partial<Decision> = {}): Decision {
  return {
    ...{
      decision_id: 'entry',
      run: RUN,
      symbol: 'BTCUSDT',
      direction: 'LONG',
      outcome: 'OPENED',
      timestamp: 0,
      ts_init: 0,
    },
    ...{
      confidence: 0.5,
      nobi_value: -0.5,
      entry_price: 100,
      reason: 'made for a test',
      model: 'none',
      origin: 'ENGINE',
    },
    ...changes,
  };
}

/** A refusal; its shadow ended with `netBp` after `heldMs`, or not at all without `netBp`. */
export function madeRefusal(
  gate: GateCode,
  {
    timestamp = 0,
    netBp,
    heldMs = 1_000,
    outcome = 'CLOSED',
  }: {
    readonly timestamp?: number;
    readonly netBp?: number;
    readonly heldMs?: number;
    readonly outcome?: FollowUp['outcome'];
  },
): Decision {
  const figures = netBp === undefined ? undefined : { gross_bp: netBp, net_bp: netBp };
  return madeDecision({
    ...{ decision_id: `${gate} ${timestamp}`, outcome: 'REFUSED', timestamp, refused_by: gate },
    ...(figures && { follow_up: { outcome, exit_price: 100, exit_ts: timestamp + heldMs, ...figures } }),
  });
}

/** A result without trades, from 1 January 2026 for an hour. */
export function madeResult(changes: Partial<BacktestResult> = {}): BacktestResult {
  const firstTs = Date.UTC(2026, 0, 1);
  return {
    ...{ run: RUN, files: ['made.gz'], firstTs, lastTs: firstTs + 3_600_000, changed: {}, events: 1, badFrames: 0 },
    ...{
      decisions: [],
      refusals: [],
      trades: [],
      faults: [],
      assumptions: [],
      models: [],
      mids: new Map(),
      prices: new Map(),
    },
    settings: defaultSettings(),
    ...changes,
  };
}

/** Trades of 1 at 100, `everyMs` apart from 1 January 2026, with these net results. */
export function tradesWith(pnls: readonly number[], everyMs = 60_000): ClosedTrade[] {
  return pnls.map((pnl, n) => {
    const entry_ts = Date.UTC(2026, 0, 1) + n * everyMs;
    const ids = { entry_signal_id: `entry ${n}`, exit_signal_id: `exit ${n}` };
    return madeTrade({ ...ids, entry_ts, exit_ts: entry_ts + 1_000, gross_pnl: pnl, realized_pnl: pnl });
  });
}
