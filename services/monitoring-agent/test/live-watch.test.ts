import { Records, Values } from '@helios/shared/contracts/catalog.ts';
import type { Account } from '@helios/shared/domain/account.ts';
import type { LiveCounts } from '@helios/shared/domain/live-counts.ts';
import type { LiveStatus } from '@helios/shared/domain/live-status.ts';
import { aMode, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { describe, expect, it } from 'vitest';
import { type LiveReading, LiveWatch } from '../src/live-watch.ts';
import { startAgent } from './start-agent.ts';

/** Long after the start, so that silence counts. */
const NOW = T0 + 600_000;

const account = (more: Partial<Account> = {}): Account => ({
  ...{ run: 'test-run', wallet_balance: 1_000, unrealized_pnl: 0, margin_balance: 1_000, available_balance: 900 },
  ...{ initial_margin: 100, maintenance_margin: 5, free_margin_pct: 90, maintenance_ratio_pct: 0.5 },
  ...{ margin_level: 'OK', positions: [], simulated: false, updated_ts: NOW },
  ...more,
});

const status = (more: Partial<LiveStatus> = {}): LiveStatus => ({
  ...{ run: 'test-run', can_enter: true, blocked_by: [], user_stream: { is_open: true }, reconciled_ts: NOW },
  ...{ differences: [], unknown_orders: [], foreign_orders: 0, foreign_positions: [], uncovered_ms: 0, rejects: {} },
  updated_ts: NOW,
  ...more,
});

const { alerts: limits, risk } = defaultSettings();
const watch = () => new LiveWatch({ limits, risk, mode: aMode({ mode: 'live', source: undefined }) });

/** The same report again and again, for as long as the given seconds, with its times kept fresh. */
function after(sec: number, reading: Partial<LiveReading>): string[] {
  const one = watch();
  let codes: string[] = [];
  for (let ms = 0; ms <= sec * 1_000; ms += 1_000) {
    const fresh = <T extends { updated_ts: number }>(record: T | undefined) =>
      record && { ...record, updated_ts: record.updated_ts + ms };
    const whole: LiveReading = {
      ...{ status: status(), account: account(), counts: undefined, trading: { state: 'ACTIVE' } },
      ...reading,
    };
    const now = { ...whole, status: fresh(whole.status), account: fresh(whole.account) };
    codes = one.check(now, NOW + ms, T0).map(({ code, undecided }) => (undecided ? `${code}?` : code));
  }
  return codes;
}

describe('live trading', () => {
  it('in health raises nothing, and outside live nothing is judged', () => {
    expect(after(60, {})).toEqual([]);
    const paper = new LiveWatch({ limits, risk, mode: aMode() });
    expect(
      paper.check({ status: undefined, account: undefined, counts: undefined, trading: undefined }, NOW, T0),
    ).toEqual([]);
  });

  it.each([
    ['POSITION_UNCOVERED', 0, { uncovered_ms: 2_001 }],
    ['MARGIN_CALL', 0, { margin_call: { ts: NOW, symbols: ['BTCUSDT'] } }],
    ['ACCOUNT_MODE', 0, { blocked_by: [{ code: 'ACCOUNT_MODE', reason: 'hedge mode' }] }],
    ['USER_STREAM_CLOSED', 10, { user_stream: { is_open: false } }],
    ['ENTRIES_BLOCKED', 30, { can_enter: false, blocked_by: [{ code: 'CLOCK', reason: 'off' }] }],
    ['RECONCILE_LATE', 30, { reconciled_ts: T0 }],
    ['VENUE_DIFFERS', 0, { differences: ['BTCUSDT: 2, not 1'] }],
    ['ORDERS_UNKNOWN', 30, { unknown_orders: ['he-1'] }],
    ['FOREIGN_EXPOSURE', 0, { foreign_positions: ['ETHUSDT'] }],
    ['LIMIT_NEAR', 0, { weight: { used: 1_920, limit: 2_400 } }],
    ['ORDERS_SLOW', 0, { order_latency_ms: { p50: 40, p99: 2_001 } }],
    ['CLOCK_OFFSET', 0, { clock_offset_ms: -501 }],
  ] as const)('%s after %i s', (code, sec, more) => {
    expect(after(sec, { status: status(more as Partial<LiveStatus>) })).toEqual([code]);
    if (sec > 0) expect(after(sec - 1, { status: status(more as Partial<LiveStatus>) })).toEqual([]);
  });

  it.each([
    [['MARGIN_WARNING'], { margin_level: 'WARNING' }],
    [['MARGIN_CRITICAL'], { margin_level: 'CRITICAL' }],
    [['MARGIN_UNKNOWN', 'MARGIN_WARNING?', 'MARGIN_CRITICAL?', 'EXPOSURE_HIGH?'], { updated_ts: NOW - 31_000 }],
  ] as const)('%j', (codes, more) => {
    expect(after(0, { account: account(more as Partial<Account>) })).toEqual(codes);
  });

  it('EXPOSURE_HIGH a tenth above the limit of entries', () => {
    const of = (notional: number) => {
      const open = { symbol: 'BTCUSDT', side: 'SHORT', quantity: 1, entry_price: 1, mark_price: 1, mark_known: true };
      const rest = { unrealized_pnl: 0, margin_mode: 'ISOLATED', leverage: 5, margin: 1, maintenance_margin: 1 };
      return account({ positions: [{ ...open, ...rest, notional }] as Account['positions'] });
    };
    expect(after(0, { account: of(2_199) })).toEqual([]);
    expect(after(0, { account: of(2_201) })).toEqual(['EXPOSURE_HIGH']);
  });

  it('five refusals in a minute are VENUE_REJECTS, also over a restart; a minute later they are forgotten', () => {
    const one = watch();
    const codesAt = (ms: number, rejects: Record<string, number>) =>
      one
        .check(
          {
            status: status({ rejects, updated_ts: NOW + ms, reconciled_ts: NOW + ms }),
            account: account({ updated_ts: NOW + ms }),
            counts: undefined,
            trading: undefined,
          },
          NOW + ms,
          T0,
        )
        .map(({ code }) => code);
    expect(codesAt(0, { '-2010': 90 })).toEqual([]);
    expect(codesAt(10_000, { '-2010': 94 })).toEqual([]);
    expect(codesAt(20_000, { '-2010': 94, '-5022': 1 })).toEqual(['VENUE_REJECTS']);
    expect(codesAt(90_000, { '-2010': 94, '-5022': 1 })).toEqual([]);
    expect(codesAt(91_000, { '-2010': 5 })).toEqual(['VENUE_REJECTS']);
  });

  it('a signal without an answer for a minute is SIGNALS_UNANSWERED', () => {
    const counts: LiveCounts = {
      ...{ run: 'test-run', signals: 3, intents: 1, fills: 0, answers: {}, unanswered: 1 },
      ...{ oldest_unanswered_ts: NOW - 60_000, updated_ts: NOW },
    };
    expect(after(0, { counts })).toEqual(['SIGNALS_UNANSWERED']);
    expect(after(0, { counts: { ...counts, oldest_unanswered_ts: NOW - 59_000 } })).toEqual([]);
  });

  it('silence of execution-manager is an alert after the start, and keeps what was wrong open', () => {
    const codes = (sinceMs: number) =>
      watch()
        .check({ status: undefined, account: account(), counts: undefined, trading: undefined }, NOW, sinceMs)
        .map(({ code, undecided }) => (undecided ? `${code}?` : code));
    const kept = ['POSITION_UNCOVERED?', 'ORDERS_UNKNOWN?', 'USER_STREAM_CLOSED?'];
    expect(codes(T0)).toEqual(['EXECUTION_SILENT', ...kept]);
    expect(codes(NOW - 1_000)).toEqual(['EXECUTION_SILENT?', ...kept]);
  });
});

it('the running service raises the alert, and its metrics show account, state and counts', async () => {
  const agent = await startAgent({ mode: { mode: 'live', network: 'testnet', source: undefined } });
  const { fake, tick, wall, page } = agent;
  const positions = [
    {
      ...{ symbol: 'BTCUSDT', side: 'LONG', quantity: 1, entry_price: 500, mark_price: 500, mark_known: true },
      ...{ notional: 500, unrealized_pnl: 0, margin_mode: 'ISOLATED', leverage: 5, margin: 100, maintenance_margin: 5 },
    },
  ] as Account['positions'];
  await fake.bus('execution-manager').write((batch) => {
    batch.setRecord(Records.account, account({ updated_ts: wall.now(), positions }));
    const more = { uncovered_ms: 3_000, weight: { used: 240, limit: 2_400 }, rejects: { '-2010': 2 } };
    batch.setRecord(Records.liveStatus, status({ ...more, updated_ts: wall.now(), reconciled_ts: wall.now() }));
  });
  const counts = { run: 'test-run', signals: 9, intents: 4, fills: 3, answers: { FILLED: 2 }, unanswered: 0 };
  await fake
    .bus('decision-logger')
    .write((batch) => batch.setRecord(Records.liveCounts, { ...counts, updated_ts: T0 }));
  await tick(1_000);
  expect(await agent.alerts()).toContain('POSITION_UNCOVERED RAISED execution-manager');
  const gathered = await page.get(Values.fleetMetrics);
  const values = Object.fromEntries((gathered?.metrics ?? []).map(({ name, values: [first] }) => [name, first?.value]));
  expect(values).toMatchObject({
    helios_exposure_percent: 50,
    helios_free_margin_percent: 90,
    helios_live_uncovered_seconds: 3,
    helios_live_limit_used_percent: 10,
    helios_live_rejects_total: 2,
    helios_live_signals_total: 9,
    helios_live_intents_total: 4,
    helios_live_fills_total: 3,
  });
});
