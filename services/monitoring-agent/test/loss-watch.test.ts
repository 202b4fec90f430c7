import { Records } from '@helios/shared/contracts/catalog.ts';
import type { PerformanceSummary } from '@helios/shared/domain/statistics.ts';
import { aMode, T0 } from '@helios/shared/testing/builders.ts';
import { expect, test } from 'vitest';
import { checkLosses } from '../src/loss-watch.ts';
import { startAgent } from './start-agent.ts';

/** Figures without a trade: 10,000 USDT all day. */
const CALM: PerformanceSummary = {
  run: 'test-run',
  mode: 'HF_MARKET',
  total_pnl: 0,
  total_trades: 0,
  wins: 0,
  losses: 0,
  win_rate: 0,
  max_drawdown_pct: 0,
  drawdown_pct: 0,
  day_pnl: 0,
  day_start_equity: 10_000,
  peak_equity: 10_000,
  equity: 10_000,
  starting_balance: 10_000,
  gross_pnl: 0,
  total_fees: 0,
  total_funding: 0,
  max_win_streak: 0,
  max_loss_streak: 0,
  current_streak: 0,
  signals: 0,
  replaced: 0,
  missed: 0,
  denied: 0,
  orphan_exits: 0,
  updated_ts: T0,
};

const LIMITS = { losing_streak: 10, daily_loss_pct: 5, drawdown_pct: 10 };

/** `CODE` of a decided condition, `CODE?` of an undecided one. */
const judged = (figures: Partial<PerformanceSummary>, limits = LIMITS) =>
  checkLosses({ ...CALM, ...figures }, limits, aMode()).map(({ code, undecided }) => (undecided ? `${code}?` : code));

async function agentWith(options: Parameters<typeof startAgent>[0] = {}) {
  const agent = await startAgent(options);
  /** Writes the figures, lets `seconds` pass and returns all alerts on losses so far. */
  async function after(figures: Partial<PerformanceSummary>, seconds: number): Promise<string[]> {
    await agent.fake
      .bus('decision-logger')
      .write((batch) => batch.setRecord(Records.simulatedPnl, { ...CALM, ...figures }));
    for (let second = 0; second < seconds; second += 1) await agent.tick(1_000);
    return (await agent.alerts()).filter((text) => text.endsWith(' signal-engine'));
  }
  return { ...agent, after };
}

test('36 losses in a row are an alert, once, until the next win', async () => {
  const { after } = await agentWith();
  expect(await after({ current_streak: -9 }, 2)).toEqual([]);
  const raised = ['LOSING_STREAK RAISED signal-engine'];
  expect(await after({ current_streak: -10 }, 2)).toEqual(raised);
  expect(await after({ current_streak: -36 }, 20)).toEqual(raised);
  expect(await after({ current_streak: 1 }, 12)).toEqual([...raised, 'LOSING_STREAK RESOLVED signal-engine']);
});

test('an alert that is open at a restart is not raised again, and clears after it', async () => {
  const first = await agentWith();
  const raised = ['LOSING_STREAK RAISED signal-engine', 'DRAWDOWN RAISED signal-engine'];
  const bad = { current_streak: -12, drawdown_pct: 11, equity: 8_900 };
  expect(await first.after(bad, 2)).toEqual(raised);
  await first.stop();
  const second = await agentWith({ after: { fake: first.fake, nowMs: first.wall.now() + 20_000 } });
  expect(await second.after(bad, 30)).toEqual(raised);
  const resolved = ['LOSING_STREAK RESOLVED signal-engine', 'DRAWDOWN RESOLVED signal-engine'];
  expect(await second.after({}, 12)).toEqual([...raised, ...resolved]);
});

test('unknown figures raise no alert and end none', async () => {
  const first = await agentWith();
  const raised = await first.after({ current_streak: -12 }, 2);
  await first.stop();
  const second = await agentWith({ after: { fake: first.fake, nowMs: first.wall.now() + 20_000 } });
  expect(await second.after({ run: 'another', current_streak: 5, drawdown_pct: 50 }, 30)).toEqual(raised);
});

test('a daily loss is an alert from its limit on, shows its figures, and ends below 80 % of the limit', () => {
  expect(judged({ day_pnl: -399.99 })).toEqual([]);
  expect(judged({ day_pnl: -499.99 })).toEqual(['DAILY_LOSS?']);
  expect(judged({ day_pnl: -500 })).toEqual(['DAILY_LOSS']);
  const [loss] = checkLosses({ ...CALM, day_pnl: -531.2 }, LIMITS, aMode());
  expect(loss?.message).toBe('5.31 % lost today, UTC: -531.20 USDT of 10000.00 (limit 5 %).');
  expect(judged({ day_pnl: -1, day_start_equity: 0 })).toEqual(['DAILY_LOSS']);
});

test('a drawdown is an alert from its limit on', () => {
  expect(judged({ drawdown_pct: 7.9 })).toEqual([]);
  expect(judged({ drawdown_pct: 9.9 })).toEqual(['DRAWDOWN?']);
  expect(judged({ drawdown_pct: 10 })).toEqual(['DRAWDOWN']);
});

test('a limit of 0 turns an alert off', () => {
  const bad = { current_streak: -50, day_pnl: -5_000, drawdown_pct: 50 };
  expect(judged(bad)).toEqual(['LOSING_STREAK', 'DAILY_LOSS', 'DRAWDOWN']);
  expect(judged(bad, { losing_streak: 0, daily_loss_pct: 0, drawdown_pct: 0 })).toEqual([]);
});

test('figures of an earlier version, which lack daily loss and drawdown, leave both undecided', () => {
  const { day_pnl: _pnl, day_start_equity: _start, drawdown_pct: _drawdown, ...old } = CALM;
  const found = checkLosses({ ...old, current_streak: -10 }, LIMITS, aMode());
  expect(found.map(({ code, undecided }) => [code, undecided ?? false])).toEqual([
    ['LOSING_STREAK', false],
    ['DAILY_LOSS', true],
    ['DRAWDOWN', true],
  ]);
});
