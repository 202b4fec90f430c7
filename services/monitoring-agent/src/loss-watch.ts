import type { FleetMode } from '@helios/shared/domain/fleet.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { PerformanceSummary } from '@helios/shared/domain/statistics.ts';
import type { Condition } from './alert-codes.ts';

type LossCode = Extract<Condition['code'], 'LOSING_STREAK' | 'DAILY_LOSS' | 'DRAWDOWN'>;

/** An alert on a percentage ends below this share of its limit, so that a figure near the limit does not raise many alerts. */
const CLEARS_AT = 0.8;

export type LossLimits = Pick<Settings['alerts'], 'losing_streak' | 'daily_loss_pct' | 'drawdown_pct'>;

/**
 * Compares the strategy's losses with their limits. Without figures of this run nothing is decided: an open alert stays
 * open.
 */
export function checkLosses(summary: PerformanceSummary | undefined, limits: LossLimits, mode: FleetMode): Condition[] {
  const known = summary?.run === mode.run ? summary : undefined;
  return [losingStreak(known, limits), dailyLoss(known, limits), drawdown(known, limits)].filter(
    (condition) => condition !== undefined,
  );
}

function losingStreak(summary: PerformanceSummary | undefined, { losing_streak: limit }: LossLimits) {
  if (limit === 0) return undefined;
  if (summary === undefined) return unknown('LOSING_STREAK');
  const losses = Math.max(0, -summary.current_streak);
  if (losses < limit) return undefined;
  return condition('LOSING_STREAK', `${losses} losing trades in a row (limit ${limit}).`);
}

function dailyLoss(summary: PerformanceSummary | undefined, { daily_loss_pct: limit }: LossLimits) {
  if (limit === 0) return undefined;
  if (summary?.day_pnl === undefined || summary.day_start_equity === undefined) return unknown('DAILY_LOSS');
  const { day_pnl, day_start_equity } = summary;
  // Without equity at the start of the day there is no percentage: any loss counts as 100 %.
  const pct = day_start_equity > 0 ? (-100 * day_pnl) / day_start_equity : day_pnl < 0 ? 100 : 0;
  const message = `${pct.toFixed(2)} % lost today, UTC: ${day_pnl.toFixed(2)} USDT of ${day_start_equity.toFixed(2)} (limit ${limit} %).`;
  return ofPercentage('DAILY_LOSS', pct, limit, message);
}

function drawdown(summary: PerformanceSummary | undefined, { drawdown_pct: limit }: LossLimits) {
  if (limit === 0) return undefined;
  if (summary?.drawdown_pct === undefined) return unknown('DRAWDOWN');
  const { drawdown_pct: pct, equity, peak_equity } = summary;
  const message = `Equity is ${pct.toFixed(2)} % below its peak: ${equity.toFixed(2)} of ${peak_equity.toFixed(2)} USDT (limit ${limit} %).`;
  return ofPercentage('DRAWDOWN', pct, limit, message);
}

function ofPercentage(code: LossCode, pct: number, limit: number, message: string): Condition | undefined {
  if (pct < limit * CLEARS_AT) return undefined;
  return { ...condition(code, message), undecided: pct < limit };
}

function unknown(code: LossCode): Condition {
  return { ...condition(code, 'The figures of this run are not known yet.'), undecided: true };
}

function condition(code: LossCode, message: string): Condition {
  return { code, service: 'signal-engine', subject: 'strategy', message };
}
