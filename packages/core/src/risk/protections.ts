import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { RiskRule, RiskRuleResult } from '@helios/shared/domain/risk-rule.ts';
import type { Settings } from '@helios/shared/domain/settings.ts';
import type { ExitReason } from '@helios/shared/domain/signal.ts';

type ProtectionSettings = Settings['protections'];

/** Past trades and balance that the protections evaluate. */
export interface TradingRecord {
  readonly symbol: string;
  readonly nowMs: number;
  /** Closed trades of the account, hand-made ones included: their losses are just as real. In any order. */
  readonly trades: readonly ClosedTrade[];
  /** Balance including all realised PnL, quote currency. */
  readonly walletBalance: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** How far back a streak is counted. */
const LOSS_STREAK_WINDOW_MIN = 1_440;
const STOPPED: ReadonlySet<ExitReason | undefined> = new Set(['STOP_LOSS', 'TRAILING_STOP']);

/** How far back the rules look, ms; only the cooldown looks at the last exit on its symbol, however old. */
export function protectionWindowMs(settings: ProtectionSettings): number {
  const minutes = Math.max(
    settings.stop_guard_window_min + settings.stop_guard_lock_min,
    settings.low_profit_window_min + settings.low_profit_lock_min,
    LOSS_STREAK_WINDOW_MIN + settings.loss_streak_lock_min,
    settings.drawdown_window_min + settings.drawdown_lock_min,
  );
  return Math.max(minutes * MINUTE_MS, DAY_MS);
}

/** Seconds since the last exit on the symbol. */
export function cooldownAfterExit(
  { symbol, nowMs, trades }: TradingRecord,
  settings: ProtectionSettings,
): RiskRuleResult {
  const limit = settings.cooldown_sec;
  const last = Math.max(...trades.flatMap((trade) => (trade.symbol === symbol ? trade.exit_ts : [])));
  if (limit === 0 || !Number.isFinite(last)) return off('COOLDOWN_AFTER_EXIT');
  const value = (nowMs - last) / 1_000;
  return judged('COOLDOWN_AFTER_EXIT', value < limit, { value, limit, until_ts: last + limit * 1_000 });
}

/**
 * Number of positions closed by their stop with a loss within the window, over all symbols. A trailing stop that closed with a
 * gain does not count.
 */
export function stopLossGuard({ nowMs, trades }: TradingRecord, settings: ProtectionSettings): RiskRuleResult {
  const limit = settings.stop_guard_count;
  if (limit === 0) return off('STOP_LOSS_GUARD');
  const stopped = within(trades, nowMs, settings.stop_guard_window_min + settings.stop_guard_lock_min).filter(
    ({ exit_reason, realized_pnl }) => STOPPED.has(exit_reason) && realized_pnl < 0,
  );
  return countedLock('STOP_LOSS_GUARD', stopped, nowMs, {
    limit,
    windowMs: settings.stop_guard_window_min * MINUTE_MS,
    lockMs: settings.stop_guard_lock_min * MINUTE_MS,
  });
}

/** Recent trades on the symbol that together lost money. `value` is their sum, quote currency. */
export function lowProfitSymbol(
  { symbol, nowMs, trades }: TradingRecord,
  settings: ProtectionSettings,
): RiskRuleResult {
  const count = settings.low_profit_count;
  const { low_profit_window_min, low_profit_lock_min } = settings;
  const recent = within(trades, nowMs, low_profit_window_min + low_profit_lock_min).filter(
    (trade) => trade.symbol === symbol && trade.origin !== 'EXTERNAL',
  );
  if (count === 0 || recent.length === 0) return off('LOW_PROFIT_SYMBOL');
  // Newest first: the lock starts with the trade that completed the loss.
  for (const last of recent) {
    const lockedUntil = last.exit_ts + low_profit_lock_min * MINUTE_MS;
    if (lockedUntil <= nowMs) break;
    const window = recent.filter(
      ({ exit_ts }) => exit_ts <= last.exit_ts && exit_ts > last.exit_ts - low_profit_window_min * MINUTE_MS,
    );
    const value = sumOf(window);
    if (window.length >= count && value < 0)
      return judged('LOW_PROFIT_SYMBOL', true, { value, limit: 0, until_ts: lockedUntil });
  }
  return judged('LOW_PROFIT_SYMBOL', false, { value: sumOf(recent), limit: 0 });
}

/** Trades in a row, over all symbols, that lost money. It denies for a set time after the last of them. */
export function lossStreak({ nowMs, trades }: TradingRecord, settings: ProtectionSettings): RiskRuleResult {
  const { loss_streak_count: limit, loss_streak_lock_min } = settings;
  const [last, ...earlier] = within(trades, nowMs, LOSS_STREAK_WINDOW_MIN + loss_streak_lock_min);
  if (limit === 0 || last === undefined) return off('LOSS_STREAK');
  const firstGain = [last, ...earlier].findIndex(({ realized_pnl }) => realized_pnl >= 0);
  const value = firstGain < 0 ? earlier.length + 1 : firstGain;
  const until_ts = last.exit_ts + loss_streak_lock_min * MINUTE_MS;
  const denied = value >= limit && until_ts > nowMs;
  return judged('LOSS_STREAK', denied, { value, limit, ...(denied && { until_ts }) });
}

/**
 * Fall of the realised balance after a trade from its peak in the window before, percent of the peak. It denies for a set time
 * after the last trade with such a fall.
 */
export function maxDrawdown(record: TradingRecord, settings: ProtectionSettings): RiskRuleResult {
  const { nowMs, trades, walletBalance } = record;
  const { max_drawdown_pct: limit, drawdown_window_min, drawdown_lock_min } = settings;
  if (limit === 0) return off('MAX_DRAWDOWN');
  const recent = within(trades, nowMs, drawdown_window_min + drawdown_lock_min);
  let balance = walletBalance;
  // Newest first; each trade with the balance before and after it.
  const path = recent.map((trade) => {
    const after = balance;
    balance -= trade.realized_pnl;
    return { ts: trade.exit_ts, before: balance, after };
  });
  const fallAt = (i: number) => {
    const last = path[i];
    if (last === undefined) return 0;
    const sinceTs = last.ts - drawdown_window_min * MINUTE_MS;
    let peak = last.after;
    // Without a list per trade: with 200 trades in the window that took most of an entry's assessment.
    for (let j = i; j < path.length; j += 1) {
      const { ts, before, after } = path[j] ?? last;
      if (ts <= sinceTs) break;
      peak = Math.max(peak, before, after);
    }
    return peak > 0 ? (100 * (peak - last.after)) / peak : 100;
  };
  for (const [i, { ts }] of path.entries()) {
    const until_ts = ts + drawdown_lock_min * MINUTE_MS;
    if (until_ts <= nowMs) break;
    const value = fallAt(i);
    if (value >= limit) return judged('MAX_DRAWDOWN', true, { value, limit, until_ts });
  }
  return judged('MAX_DRAWDOWN', false, { value: fallAt(0), limit });
}

/** Realised loss of the UTC day, percent of the balance at the start of the day. It denies until the day ends. */
export function dailyLoss(
  { nowMs, trades, walletBalance }: TradingRecord,
  settings: ProtectionSettings,
): RiskRuleResult {
  const limit = settings.daily_loss_pct;
  if (limit === 0) return off('DAILY_LOSS');
  const dayMs = nowMs - (nowMs % DAY_MS);
  const today = sumOf(trades.filter(({ exit_ts }) => exit_ts >= dayMs));
  const began = walletBalance - today;
  const value = began > 0 ? Math.max((-100 * today) / began, 0) : 100;
  return judged('DAILY_LOSS', value >= limit, { value, limit, ...(value >= limit && { until_ts: dayMs + DAY_MS }) });
}

/** Limits the number of open positions and entry orders. */
export function maxOpenPositions(open: number, { max_open_positions }: Settings['trading']): RiskRuleResult {
  return judged('MAX_OPEN_POSITIONS', open >= max_open_positions, { value: open, limit: max_open_positions });
}

/** Open value, percent of the margin balance. An entry is cut to the room left below the limit. */
export function exposureRule(
  rule: 'SYMBOL_EXPOSURE' | 'TOTAL_EXPOSURE' | 'CLUSTER_EXPOSURE',
  openNotional: number,
  marginBalance: number,
  limitPct: number,
): RiskRuleResult {
  const value = marginBalance > 0 ? (100 * openNotional) / marginBalance : 100;
  return judged(rule, marginBalance <= 0 || value >= limitPct, { value, limit: limitPct });
}

interface CountedLock {
  readonly limit: number;
  readonly windowMs: number;
  readonly lockMs: number;
}

/** Denies for `lockMs` after the newest event that completed `limit` events within its window. `events` are newest first. */
function countedLock(rule: RiskRule, events: readonly ClosedTrade[], nowMs: number, lock: CountedLock): RiskRuleResult {
  const { limit, windowMs, lockMs } = lock;
  const countUpTo = (endMs: number) =>
    events.filter(({ exit_ts }) => exit_ts <= endMs && exit_ts > endMs - windowMs).length;
  for (const { exit_ts } of events) {
    const until_ts = exit_ts + lockMs;
    if (until_ts <= nowMs) break;
    const value = countUpTo(exit_ts);
    if (value >= limit) return judged(rule, true, { value, limit, until_ts });
  }
  return judged(rule, false, { value: countUpTo(nowMs), limit });
}

/** Trades closed in the last `minutes`, newest first. */
function within(trades: readonly ClosedTrade[], nowMs: number, minutes: number): ClosedTrade[] {
  return trades
    .filter(({ exit_ts }) => exit_ts > nowMs - minutes * MINUTE_MS)
    .toSorted((a, b) => b.exit_ts - a.exit_ts);
}

function sumOf(trades: readonly ClosedTrade[]): number {
  return trades.reduce((sum, { realized_pnl }) => sum + realized_pnl, 0);
}

function off(rule: RiskRule): RiskRuleResult {
  return { rule, outcome: 'OFF' };
}

function judged(rule: RiskRule, denied: boolean, figures: Omit<RiskRuleResult, 'rule' | 'outcome'>): RiskRuleResult {
  return { rule, outcome: denied ? 'DENIED' : 'PASSED', ...figures };
}
