import type { Account } from '@helios/shared/domain/account.ts';
import type { FleetMode, FleetState } from '@helios/shared/domain/fleet.ts';
import type { LiveCounts } from '@helios/shared/domain/live-counts.ts';
import type { LiveStatus } from '@helios/shared/domain/live-status.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { Condition } from './alert-codes.ts';
import { accountConditions } from './live-account-watch.ts';
import { RejectWatch } from './reject-watch.ts';

type LiveLimits = Pick<
  Settings['alerts'],
  'limit_use_pct' | 'order_latency_ms' | 'rejects_per_min' | 'clock_offset_ms'
>;

interface Options {
  readonly limits: LiveLimits;
  readonly risk: Pick<Settings['risk'], 'max_total_exposure_pct'>;
  readonly mode: FleetMode;
}

/** What live trading shows of itself; a record that is not there or of another run is undefined. */
export interface LiveReading {
  readonly status: LiveStatus | undefined;
  readonly account: Account | undefined;
  readonly counts: LiveCounts | undefined;
  readonly trading: Pick<FleetState, 'state'> | undefined;
}

const REPORT_MAX_AGE_MS = 10_000;
/** The services of a fleet that has just started report within this time. */
const STARTING_MS = 30_000;
const BARE_MS = 2_000;
const STREAM_CLOSED_MS = 10_000;
const LASTING_MS = 30_000;
const RECONCILED_MS = 120_000;
const UNANSWERED_MS = 60_000;

/** Judges live trading by what execution-manager and decision-logger report. */
export class LiveWatch {
  readonly #options: Options;
  readonly #since = new Map<string, number>();
  readonly #rejects: RejectWatch;

  constructor(options: Options) {
    this.#options = options;
    this.#rejects = new RejectWatch(options.limits.rejects_per_min);
  }

  /** All present conditions; none outside live. `sinceMs`: silence before it proves nothing. Times by the machine's clock. */
  check(reading: LiveReading, nowMs: number, sinceMs: number): Condition[] {
    const { mode, risk } = this.#options;
    if (mode.mode !== 'live') return [];
    const isStarting = nowMs - Math.max(sinceMs, mode.resolved_ts) < STARTING_MS;
    const ofAccount = accountConditions(reading.account, risk, nowMs, isStarting);
    const { status } = reading;
    if (status === undefined || Math.abs(nowMs - status.updated_ts) > REPORT_MAX_AGE_MS)
      return [...this.#silent(status, isStarting), ...ofAccount];
    const found = [
      ...this.#protection(status),
      ...warnings(status),
      ...this.#entries(status, reading.trading, nowMs),
      ...this.#connection(status, nowMs),
      ...this.#comparison(status, nowMs),
      ...this.#limits(status),
      this.#rejects.check(status.rejects, nowMs),
      unanswered(reading.counts, nowMs),
    ];
    return [...found.filter((condition) => condition !== undefined), ...ofAccount];
  }

  #silent(status: LiveStatus | undefined, isStarting: boolean): Condition[] {
    const last = status ? ` Its last report: ${new Date(status.updated_ts).toISOString()}.` : '';
    const silent = condition('EXECUTION_SILENT', 'report', `execution-manager reports nothing.${last}`);
    // What was wrong before stays open: nobody has said that it is over.
    const open = (['POSITION_UNCOVERED', 'ORDERS_UNKNOWN', 'USER_STREAM_CLOSED'] as const).map((code) => ({
      ...condition(code, SUBJECTS[code], 'The state is not known now.'),
      undecided: true,
    }));
    return [{ ...silent, undecided: isStarting }, ...open];
  }

  #protection({ uncovered_ms }: LiveStatus): Condition[] {
    if (uncovered_ms <= BARE_MS) return [];
    const message = `A position has had no stop on the venue for ${seconds(uncovered_ms)}.`;
    return [condition('POSITION_UNCOVERED', SUBJECTS.POSITION_UNCOVERED, message)];
  }

  #entries({ can_enter, blocked_by }: LiveStatus, trading: LiveReading['trading'], nowMs: number): Condition[] {
    const isBlocked = trading?.state === 'ACTIVE' && !can_enter;
    if (this.#lasted('entries', isBlocked, nowMs) < LASTING_MS) return [];
    const gist = blocked_by.map(({ code }) => code).join(' ');
    const reasons = blocked_by.map(({ code, reason }) => `${code}: ${reason}`).join('; ');
    return [{ ...condition('ENTRIES_BLOCKED', 'entries', `No entries: ${reasons || 'no reason is given'}.`), gist }];
  }

  #connection({ user_stream, clock_offset_ms }: LiveStatus, nowMs: number): (Condition | undefined)[] {
    const closedMs = this.#lasted('stream', !user_stream.is_open, nowMs);
    const limit = this.#options.limits.clock_offset_ms;
    const isOff = limit > 0 && clock_offset_ms !== undefined && Math.abs(clock_offset_ms) > limit;
    return [
      closedMs >= STREAM_CLOSED_MS
        ? condition('USER_STREAM_CLOSED', SUBJECTS.USER_STREAM_CLOSED, `Closed for ${seconds(closedMs)}.`)
        : undefined,
      isOff ? condition('CLOCK_OFFSET', 'clock', `${clock_offset_ms} ms (limit ${limit} ms).`) : undefined,
    ];
  }

  #comparison(status: LiveStatus, nowMs: number): (Condition | undefined)[] {
    const { reconciled_ts, differences, unknown_orders, foreign_orders, foreign_positions } = status;
    const ageMs = this.#lasted('reconcile', nowMs - (reconciled_ts ?? 0) > RECONCILED_MS, nowMs);
    const unknownMs = this.#lasted('unknown', unknown_orders.length > 0, nowMs);
    const foreign = [`${foreign_orders} orders`, ...foreign_positions.map((symbol) => `a position in ${symbol}`)];
    return [
      ageMs >= STARTING_MS ? condition('RECONCILE_LATE', 'reconcile', lastTime(reconciled_ts)) : undefined,
      differences.length > 0
        ? { ...condition('VENUE_DIFFERS', 'differences', differences.join('; ')), gist: differences.join() }
        : undefined,
      unknownMs >= LASTING_MS
        ? condition('ORDERS_UNKNOWN', SUBJECTS.ORDERS_UNKNOWN, unknown_orders.join(', '))
        : undefined,
      foreign_orders + foreign_positions.length > 0
        ? condition('FOREIGN_EXPOSURE', 'foreign', `Not of Helios: ${foreign.join(', ')}.`)
        : undefined,
    ];
  }

  #limits({ weight, orders_10s, orders_1m, order_latency_ms }: LiveStatus): (Condition | undefined)[] {
    const { limit_use_pct, order_latency_ms: slowest } = this.#options.limits;
    const near = Object.entries({ weight, orders_10s, orders_1m }).map(([name, use]) => {
      if (limit_use_pct === 0 || use === undefined || use.used * 100 < use.limit * limit_use_pct) return undefined;
      return condition('LIMIT_NEAR', name, `${name}: ${use.used} of ${use.limit}.`);
    });
    const isSlow = slowest > 0 && order_latency_ms !== undefined && order_latency_ms.p99 > slowest;
    const slow = `99 % of orders were answered within ${order_latency_ms?.p99} ms (limit ${slowest} ms).`;
    return [...near, isSlow ? condition('ORDERS_SLOW', 'latency', slow) : undefined];
  }

  /** For how long a state has lasted; 0 while it does not hold. */
  #lasted(what: string, holds: boolean, nowMs: number): number {
    if (!holds) this.#since.delete(what);
    else if (!this.#since.has(what)) this.#since.set(what, nowMs);
    return holds ? Math.max(0, nowMs - (this.#since.get(what) ?? nowMs)) : 0;
  }
}

const SUBJECTS = { POSITION_UNCOVERED: 'cover', ORDERS_UNKNOWN: 'unknown orders', USER_STREAM_CLOSED: 'user stream' };

/** What the venue, or another hand on the account, did to it. */
function warnings({ blocked_by, margin_call }: LiveStatus): Condition[] {
  const modes = blocked_by.filter(({ code }) => code === 'ACCOUNT_MODE').map(({ reason }) => reason);
  const symbols = margin_call?.symbols.join(', ') || 'the account';
  return [
    ...(margin_call ? [condition('MARGIN_CALL', 'margin call', `The venue warns of liquidation: ${symbols}.`)] : []),
    ...(modes.length > 0 ? [condition('ACCOUNT_MODE', 'account mode', modes.join('; '))] : []),
  ];
}

function unanswered(counts: LiveCounts | undefined, nowMs: number): Condition | undefined {
  const oldest = counts?.oldest_unanswered_ts;
  if (oldest === undefined || nowMs - oldest < UNANSWERED_MS) return undefined;
  const message = `${counts?.unanswered} signals without an answer, the oldest for ${seconds(nowMs - oldest)}.`;
  return condition('SIGNALS_UNANSWERED', 'signals', message);
}

const lastTime = (ts: number | undefined): string =>
  ts === undefined ? 'No comparison yet.' : `The last one was at ${new Date(ts).toISOString()}.`;

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

function condition(code: Condition['code'], subject: string, message: string): Condition {
  return { code, service: 'execution-manager', subject, message };
}
