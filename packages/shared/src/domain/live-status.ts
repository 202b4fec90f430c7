import { z } from 'zod';
import { EpochMs, RunLabel } from './primitives.ts';

/** The state of live trading in execution-manager: what an operator and monitoring-agent must see. Written every second. */
export const LiveStatus = z.strictObject({
  run: RunLabel,
  /** True if entries are possible; else `blocked_by` says why not. */
  can_enter: z.boolean(),
  /** Stable codes with one sentence each, such as USER_STREAM, RECONCILING, SELF_TEST, LEASE, FOREIGN_INSTANCE, CLOCK, BANNED. */
  blocked_by: z.array(z.strictObject({ code: z.string(), reason: z.string() })),
  /** Result of the last self-test of the account; absent before the first. */
  self_test: z
    .strictObject({
      passed: z.boolean(),
      ts: EpochMs,
      checks: z.array(
        z.strictObject({ check: z.string(), outcome: z.enum(['PASSED', 'FAILED', 'SKIPPED']), detail: z.string() }),
      ),
    })
    .optional(),
  user_stream: z.strictObject({ is_open: z.boolean(), last_event_ts: EpochMs.optional() }),
  /** Last complete comparison with the venue; absent before the first. */
  reconciled_ts: EpochMs.optional(),
  /** When the newest snapshot was asked for that shows no position and no order of ours; absent if the newest one shows any. */
  flat_ts: EpochMs.optional(),
  /** Differences found by it, one sentence each. */
  differences: z.array(z.string()),
  /** Orders whose outcome is unknown. */
  unknown_orders: z.array(z.string()),
  /** Orders and positions on the account that are not ours; never touched, always counted. */
  foreign_orders: z.number().int().nonnegative(),
  foreign_positions: z.array(z.string()),
  /** The venue's last warning of a liquidation, for ten minutes. */
  margin_call: z.strictObject({ ts: EpochMs, symbols: z.array(z.string()) }).optional(),
  /** Longest time that an open position has been without cover, ms; 0 if all are covered. */
  uncovered_ms: z.number().nonnegative(),
  clock_offset_ms: z.number().optional(),
  /** The venue's counts of this account: request weight of the minute, orders in 10 s and in 1 min, with their limits. */
  weight: z.strictObject({ used: z.number(), limit: z.number() }).optional(),
  orders_10s: z.strictObject({ used: z.number(), limit: z.number() }).optional(),
  orders_1m: z.strictObject({ used: z.number(), limit: z.number() }).optional(),
  /** Time from sending an order to the venue's first word on it, ms, over the last hundred orders. */
  order_latency_ms: z.strictObject({ p50: z.number(), p99: z.number() }).optional(),
  /** Refusals of the venue by code since the start. */
  rejects: z.record(z.string(), z.number().int()),
  updated_ts: EpochMs,
});
export type LiveStatus = z.infer<typeof LiveStatus>;
