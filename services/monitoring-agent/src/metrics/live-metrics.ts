import type { Account } from '@helios/shared/domain/account.ts';
import type { LiveCounts } from '@helios/shared/domain/live-counts.ts';
import type { LiveStatus } from '@helios/shared/domain/live-status.ts';
import type { Metric } from '@helios/shared/domain/metrics.ts';
import { exposureOf } from '../live-account-watch.ts';
import { metricOf } from './metric-list.ts';

const one = (value: number | undefined) => [[{}, value]] as const;
const flag = (value: boolean | undefined) => one(value === undefined ? undefined : Number(value));
const inSeconds = (ms: number | undefined) => (ms === undefined ? undefined : ms / 1_000);

/** Margin and exposure; no values without an account. */
export function accountMetrics(account: Account | undefined): Metric[] {
  const exposure = account && exposureOf(account);
  const share =
    account && exposure !== undefined && account.margin_balance > 0
      ? (100 * exposure) / account.margin_balance
      : undefined;
  return [
    metricOf('helios_wallet_balance', one(account?.wallet_balance)),
    metricOf('helios_margin_balance', one(account?.margin_balance)),
    metricOf('helios_available_balance', one(account?.available_balance)),
    metricOf('helios_free_margin_percent', one(account?.free_margin_pct)),
    metricOf('helios_maintenance_ratio_percent', one(account?.maintenance_ratio_pct)),
    metricOf('helios_exposure', one(exposure)),
    metricOf('helios_exposure_percent', one(share)),
  ];
}

/** What execution-manager reports, at `nowMs` of the machine's clock. */
export function statusMetrics(status: LiveStatus | undefined, nowMs: number): Metric[] {
  const since = (ts: number | undefined) => one(ts === undefined ? undefined : Math.max(0, nowMs - ts) / 1_000);
  const uses = { weight: status?.weight, orders_10s: status?.orders_10s, orders_1m: status?.orders_1m };
  const foreign = status && status.foreign_orders + status.foreign_positions.length;
  const latency = status?.order_latency_ms;
  return [
    metricOf('helios_live_can_enter', flag(status?.can_enter)),
    metricOf('helios_live_uncovered_seconds', one(inSeconds(status?.uncovered_ms))),
    metricOf('helios_live_user_stream_open', flag(status?.user_stream.is_open)),
    metricOf('helios_live_user_stream_age_seconds', since(status?.user_stream.last_event_ts)),
    metricOf('helios_live_reconcile_age_seconds', since(status?.reconciled_ts)),
    metricOf('helios_live_clock_offset_seconds', one(inSeconds(status?.clock_offset_ms))),
    metricOf('helios_live_unknown_orders', one(status?.unknown_orders.length)),
    metricOf('helios_live_foreign', one(foreign)),
    metricOf('helios_live_order_latency_seconds', [
      [{ quantile: '0.5' }, inSeconds(latency?.p50)],
      [{ quantile: '0.99' }, inSeconds(latency?.p99)],
    ]),
    metricOf(
      'helios_live_limit_used_percent',
      Object.entries(uses).map(([limit, use]) => [{ limit }, use && (100 * use.used) / use.limit]),
    ),
    metricOf(
      'helios_live_rejects_total',
      Object.entries(status?.rejects ?? {}).map(([code, count]) => [{ code }, count]),
    ),
  ];
}

/** Signals → intents → fills, as decision-logger recorded them. */
export function countMetrics(counts: LiveCounts | undefined): Metric[] {
  return [
    metricOf('helios_live_signals_total', one(counts?.signals)),
    metricOf('helios_live_intents_total', one(counts?.intents)),
    metricOf('helios_live_fills_total', one(counts?.fills)),
    metricOf(
      'helios_live_answers_total',
      Object.entries(counts?.answers ?? {}).map(([answer, count]) => [{ answer }, count]),
    ),
    metricOf('helios_live_unanswered_signals', one(counts?.unanswered)),
  ];
}
