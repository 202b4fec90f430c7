import type { Denial } from '@helios/shared/domain/decision.ts';
import { RiskRule } from '@helios/shared/domain/risk-rule.ts';
import { baseOf, quoteCurrencyOf, RISK_UNITS } from '@helios/shared/domain/units.ts';
import { decimalText } from '../price/decimal-text.ts';

/** What happened and what the operator can do, by code. Figures follow in brackets. */
const TEXT: Readonly<Record<RiskRule, string>> = {
  MARGIN_UNKNOWN: 'positions have no mark price yet, so the margin is unknown; wait for prices',
  FREE_MARGIN: 'free margin is too low; close positions or lower trading.leverage',
  MAINTENANCE_RATIO: 'the maintenance ratio is too high; close positions or lower trading.leverage',
  COOLDOWN_AFTER_EXIT: 'the last exit on the symbol is too recent; wait, or lower protections.cooldown_sec',
  STOP_LOSS_GUARD: 'too many positions were lost to their stops; wait, or raise protections.stop_guard_count',
  MAX_DRAWDOWN: 'the balance fell too far from its peak; wait, or raise protections.max_drawdown_pct',
  DAILY_LOSS: 'the day lost too much; wait for the next UTC day, or raise protections.daily_loss_pct',
  LOW_PROFIT_SYMBOL: 'the last trades on the symbol lost money; wait, or raise protections.low_profit_count',
  LOSS_STREAK: 'too many trades in a row lost money; wait, or raise protections.loss_streak_count',
  MAX_OPEN_POSITIONS: 'too many positions are open; wait for an exit, or raise trading.max_open_positions',
  SYMBOL_EXPOSURE: 'too much is open on the symbol; wait for an exit, or raise risk.max_symbol_exposure_pct',
  TOTAL_EXPOSURE: 'too much is open in all; wait for an exit, or raise risk.max_total_exposure_pct',
  CLUSTER_EXPOSURE:
    'too much is open in coins that move with this one; wait for an exit, or raise risk.max_cluster_exposure_pct',
  STOP_MISSING: 'the signal has no stop_loss; add one',
  STOP_BEYOND_LIQUIDATION: 'the stop lies beyond the liquidation price or too near to it; lower trading.leverage',
};

/** Codes of sizes that the filters of the instrument forbid. Under RISK_BASED sizing, balance and Kelly decide the size. */
const SIZE_TEXT: Readonly<Partial<Record<Denial['code'], string>>> = {
  QUANTITY_BELOW_MINIMUM:
    'the size that risk allows is below the smallest quantity; raise risk.kelly_fraction or the balance',
  NOTIONAL_BELOW_MINIMUM:
    'the size that risk allows is below the smallest order value; raise risk.kelly_fraction or the balance',
  QUANTITY_ABOVE_MAXIMUM: 'the size that risk allows is above the largest order; lower risk.kelly_fraction',
};

/** One sentence about a denial by risk: what was denied, by which figures, until when, and what to do. */
export function riskDenialText({ code, value, limit, until_ts }: Denial, symbol: string, nowMs: number): string {
  const rule = RiskRule.safeParse(code);
  const what = (rule.success ? TEXT[rule.data] : SIZE_TEXT[code]) ?? 'no order is possible now';
  if (code === 'STOP_MISSING') return `denied: ${what}`;
  const unit = unitOf(code, symbol);
  const figure = (amount: number) => `${decimalText(Number(amount.toPrecision(6)))}${unit && ` ${unit}`}`;
  const until = until_ts === undefined ? '' : `, for another ${durationText(until_ts - nowMs)}`;
  return `denied: ${what} (${code} ${figure(value)} against a limit of ${figure(limit)}${until})`;
}

function durationText(ms: number): string {
  return ms < 120_000 ? `${Math.ceil(ms / 1_000)} s` : `${Math.ceil(ms / 60_000)} min`;
}

function unitOf(code: Denial['code'], symbol: string): string {
  if (code.startsWith('QUANTITY_')) return baseOf(symbol);
  const rule = RiskRule.safeParse(code);
  const unit = rule.success ? (RISK_UNITS[rule.data] ?? '') : 'MONEY';
  return unit === 'MONEY' ? quoteCurrencyOf(symbol) : unit;
}
