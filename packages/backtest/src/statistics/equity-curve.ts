import type { BacktestResult } from '../backtest-result.ts';

/** Realised equity after a trade, quote currency. */
export interface EquityPoint {
  /** Epoch ms. */
  readonly ts: number;
  readonly equity: number;
  /** Distance below the highest equity so far, percent of it, 0..100. */
  readonly drawdownPct: number;
}

/** The starting balance at the first event, one point per trade, and the end. Open positions do not count. */
export function equityCurve({
  firstTs,
  lastTs,
  trades,
  settings,
}: Pick<BacktestResult, 'firstTs' | 'lastTs' | 'trades' | 'settings'>): EquityPoint[] {
  let equity = settings.simulation.starting_balance;
  let peak = equity;
  const points: EquityPoint[] = [{ ts: firstTs, equity, drawdownPct: 0 }];
  for (const { exit_ts, realized_pnl } of trades) {
    equity += realized_pnl;
    peak = Math.max(peak, equity);
    points.push({ ts: exit_ts, equity, drawdownPct: drawdownPctOf(equity, peak) });
  }
  points.push({ ts: Math.max(lastTs, points.at(-1)?.ts ?? 0), equity, drawdownPct: drawdownPctOf(equity, peak) });
  return points;
}

/** Percent below the peak, at most 100. */
export function drawdownPctOf(equity: number, peak: number): number {
  return peak <= 0 ? 100 : Math.min(100, (100 * (peak - equity)) / peak);
}
