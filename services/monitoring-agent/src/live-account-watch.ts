import type { Account } from '@helios/shared/domain/account.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { Condition } from './alert-codes.ts';

const ACCOUNT_MAX_AGE_MS = 30_000;
/** Prices move: only a clear breach of the entry limit is worth an alert. */
const EXPOSURE_TOLERANCE = 1.1;

/** Value of all open positions, quote currency. */
export function exposureOf({ positions }: Pick<Account, 'positions'>): number {
  return positions.reduce((sum, { notional }) => sum + Math.abs(notional), 0);
}

/** Judges margin and exposure of the live account. */
export function accountConditions(
  account: Account | undefined,
  { max_total_exposure_pct: limit }: Pick<Settings['risk'], 'max_total_exposure_pct'>,
  nowMs: number,
  isStarting: boolean,
): Condition[] {
  const isKnown = account !== undefined && Math.abs(nowMs - account.updated_ts) <= ACCOUNT_MAX_AGE_MS;
  if (!isKnown || account.margin_level === 'UNKNOWN') {
    const unknown = condition('MARGIN_UNKNOWN', 'No current figures of the account.');
    const open = (['MARGIN_WARNING', 'MARGIN_CRITICAL', 'EXPOSURE_HIGH'] as const).map((code) => condition(code, ''));
    return [{ ...unknown, undecided: isStarting }, ...open.map((one) => ({ ...one, undecided: true }))];
  }
  return [...marginConditions(account), ...exposureConditions(account, limit)];
}

function marginConditions({ margin_level, free_margin_pct, maintenance_ratio_pct }: Account): Condition[] {
  if (margin_level !== 'WARNING' && margin_level !== 'CRITICAL') return [];
  const [free, ratio] = [free_margin_pct, maintenance_ratio_pct].map((pct) => pct?.toFixed(1) ?? 'unknown');
  const message = `Free margin ${free} %, maintenance ratio ${ratio} %.`;
  return [condition(margin_level === 'WARNING' ? 'MARGIN_WARNING' : 'MARGIN_CRITICAL', message)];
}

function exposureConditions(account: Account, limitPct: number): Condition[] {
  const exposure = exposureOf(account);
  const { margin_balance } = account;
  if (exposure <= (margin_balance * limitPct * EXPOSURE_TOLERANCE) / 100) return [];
  const share = margin_balance > 0 ? `${((100 * exposure) / margin_balance).toFixed(0)} %` : 'more than all';
  const message = `Positions of ${exposure.toFixed(2)} USDT, ${share} of the margin balance (limit ${limitPct} %).`;
  return [condition('EXPOSURE_HIGH', message)];
}

function condition(code: Condition['code'], message: string): Condition {
  return { code, service: 'execution-manager', subject: 'account', message };
}
