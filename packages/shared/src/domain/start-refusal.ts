import type { LiveStatus } from './live-status.ts';

/** execution-manager writes the status every second; without a fresh one nobody knows whether entries are possible. */
const STATUS_MAX_AGE_MS = 5_000;

/** The status if it is of this run and fresh. `nowMs`: the machine's time. */
export function freshLiveStatus(status: LiveStatus | undefined, run: string, nowMs: number): LiveStatus | undefined {
  if (status?.run !== run) return undefined;
  return Math.abs(nowMs - status.updated_ts) <= STATUS_MAX_AGE_MS ? status : undefined;
}

/** Why a Start of live trading is refused, in one sentence; undefined if it is not. */
export function startRefusal(status: LiveStatus | undefined, run: string, nowMs: number): string | undefined {
  const fresh = freshLiveStatus(status, run, nowMs);
  if (fresh === undefined) return 'execution-manager has reported nothing for five seconds: look at the services';
  // Start itself ends these reasons.
  const blocks = fresh.blocked_by.filter(({ code }) => code !== 'TRADING_STATE' && code !== 'FORCED_CLOSE');
  return blocks.length === 0 ? undefined : blocks.map(({ code, reason }) => `${code}: ${reason}`).join('; ');
}
