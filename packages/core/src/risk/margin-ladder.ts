import type { MarginLevel } from '@helios/shared/domain/account.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';

/** The two margin figures, percent; undefined if unknown. */
export interface MarginFigures {
  /** Available / margin balance: low is danger. */
  readonly freeMarginPct: number | undefined;
  /** Maintenance margin / margin balance: high is danger, 100 is liquidation. */
  readonly maintenanceRatioPct: number | undefined;
}

export type MarginLimits = Pick<
  Settings['risk'],
  'warning_margin_ratio' | 'critical_margin_ratio' | 'warning_maintenance_ratio' | 'critical_maintenance_ratio'
>;

/** Amounts in quote currency; `undefined` if unknown. */
export interface MarginAmounts {
  readonly available: number | undefined;
  readonly marginBalance: number | undefined;
  readonly maintenance: number | undefined;
}

/**
 * Both margin figures. A balance of 0 or less has no free margin; with open positions its maintenance ratio counts as 100
 * (liquidation), because the real ratio is not finite.
 */
export function marginFigures({ available, marginBalance, maintenance }: MarginAmounts): MarginFigures {
  if (marginBalance === undefined) return { freeMarginPct: undefined, maintenanceRatioPct: undefined };
  const isGone = marginBalance <= 0;
  const freeMarginPct = available === undefined ? undefined : isGone ? 0 : (100 * available) / marginBalance;
  if (maintenance === undefined) return { freeMarginPct, maintenanceRatioPct: undefined };
  if (isGone) return { freeMarginPct, maintenanceRatioPct: maintenance > 0 ? 100 : 0 };
  return { freeMarginPct, maintenanceRatioPct: (100 * maintenance) / marginBalance };
}

/**
 * The worse level of the two figures. CRITICAL applies even if the other figure is unknown; one good figure alone does not give
 * OK.
 */
export function marginLevel({ freeMarginPct, maintenanceRatioPct }: MarginFigures, limits: MarginLimits): MarginLevel {
  const levels = [freeMarginLevel(freeMarginPct, limits), maintenanceLevel(maintenanceRatioPct, limits)] as const;
  return (['CRITICAL', 'UNKNOWN', 'WARNING'] as const).find((level) => levels.includes(level)) ?? 'OK';
}

/** Level of a free margin; a value at or below a limit reaches its level. */
export function freeMarginLevel(freePct: number | undefined, limits: MarginLimits): MarginLevel {
  if (freePct === undefined) return 'UNKNOWN';
  if (freePct <= limits.critical_margin_ratio) return 'CRITICAL';
  return freePct <= limits.warning_margin_ratio ? 'WARNING' : 'OK';
}

/** Level of a maintenance ratio; a value at or above a limit reaches its level. */
export function maintenanceLevel(ratioPct: number | undefined, limits: MarginLimits): MarginLevel {
  if (ratioPct === undefined) return 'UNKNOWN';
  if (ratioPct >= limits.critical_maintenance_ratio) return 'CRITICAL';
  return ratioPct >= limits.warning_maintenance_ratio ? 'WARNING' : 'OK';
}
