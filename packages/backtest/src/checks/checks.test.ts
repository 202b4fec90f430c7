import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStrategyEngine } from '@helios/core/strategy/engine.ts';
import { createSimulator } from '@helios/core/trading/paper-trading.ts';
import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import { readCommandLine } from '@helios/shared/runtime/cli/run-command.ts';
import { IMBALANCE_ALONE_ENVIRONMENT } from '@helios/shared/testing/imbalance-alone.ts';
import { settingsFolder } from '@helios/shared/testing/settings-folder.ts';
import { Rng } from '@helios/synthetic-market/rng.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readBacktestOptions } from '../backtest-options.ts';
import type { MarketTarget } from '../data/market-target.ts';
import { openData } from '../data/open-data.ts';
import type { PlayableData } from '../data/playable-data.ts';
import { checkMoney, FundingLedger } from './check-money.ts';
import { readCheckOptions } from './check-options.ts';
import { checkPage } from './check-page.ts';
import { checkText } from './check-report.ts';
import type { CheckResult } from './check-result.ts';
import { checkLookAhead } from './look-ahead.ts';
import { type CheckedBacktest, recordRun } from './recorded-run.ts';
import { runChecks } from './run-checks.ts';
import { gridOf } from './setting-grid.ts';
import { checkWarmUp } from './warm-up.ts';

const HOUR_MS = 3_600_000;
/** A busy machine plays the data several times. */
const options = { timeout: 120_000 };
const T0 = Date.UTC(2026, 0, 1);
const folder = mkdtempSync(join(tmpdir(), 'helios-checks-'));
const FILE = join(folder, 'BTCUSDT-1m.csv');

/** A random walk of ten hours; buyers and sellers take turns in dominating. */
beforeAll(() => {
  const rng = new Rng('checks');
  let price = 100;
  const rows = Array.from({ length: 600 }, (_, minute) => {
    const open = price;
    price = Math.max(50, price * (1 + 0.002 * rng.normal()));
    const [high, low] = [Math.max(open, price) * 1.001, Math.min(open, price) * 0.999];
    const volume = 500 + 1_000 * rng.uniform();
    const cells = [open, high, low, price, volume, volume * rng.uniform()].map((value) => value.toFixed(3));
    return [T0 + minute * 60_000, ...cells].join(',');
  });
  writeFileSync(FILE, ['time,open,high,low,close,volume,taker_buy_volume', ...rows].join('\n'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The session VWAP depends on the hour of the first event until midnight, so its gate is off. */
async function backtest(...args: string[]): Promise<CheckedBacktest> {
  const off = ['signals.vwap_gate=false', 'regime.enabled=false', 'trend.enabled=false', 'signals.edge_gate=off'];
  const typed = ['--data', FILE, ...off.flatMap((set) => ['--set', set]), ...args];
  const line = readCommandLine('backtest', typed);
  const options = readBacktestOptions(line, {
    cwd: folder,
    root: settingsFolder(),
    env: IMBALANCE_ALONE_ENVIRONMENT,
    nowMs: T0,
  });
  return { options, data: await openData(options) };
}
const textOf = ({ verdict, lines }: CheckResult) => `${verdict} ${lines.join(' ')}`;
const lookAhead = async (checked: CheckedBacktest) =>
  textOf(await checkLookAhead(checked, await recordRun(checked), 4));
const warmUp = async (checked: CheckedBacktest) =>
  textOf(await checkWarmUp(checked, await recordRun(checked), 2 * HOUR_MS));
async function money(checked: CheckedBacktest): Promise<string> {
  const fundings = new FundingLedger();
  const { result } = await recordRun(checked, { onEvent: (event) => fundings.onEvent(event) });
  return textOf(checkMoney(result, fundings));
}

/** Positions that outlast a funding, at a rate that shows. */
const HELD = [
  ...['risk.stop_loss_atr=50', 'risk.take_profit_atr=100', 'risk.trailing_activation_atr=50'],
  ...['risk.max_hold_sec=10800', 'risk.reversal_min_hold_sec=10800'],
].flatMap((set) => ['--set', set]);
const funded = () => backtest('--funding-rate', '0.1', ...HELD);

/** The methods of `target`, some of them replaced. */
function withMethods<T extends object>(target: T, methods: Partial<T>): T {
  return new Proxy(target, {
    get(of, name) {
      const own = Reflect.get(methods, name) ?? Reflect.get(of, name);
      return typeof own === 'function' && !Reflect.has(methods, name) ? own.bind(of) : own;
    },
  });
}

/** Each book shows the quantities and prices of the next one. */
function peeking(data: PlayableData): PlayableData {
  return {
    ...data,
    async play(target, window) {
      let held: readonly MarketEvent[] = [];
      const ahead: MarketTarget = {
        sideOf: (symbol) => target.sideOf(symbol),
        onFrame(events) {
          const next = events.find((event) => event.type === 'book');
          const seen = held.map((event) =>
            event.type === 'book' && next ? { ...event, bids: next.bids, asks: next.asks } : event,
          );
          if (seen.length > 0) target.onFrame(seen);
          held = events;
        },
      };
      const played = await data.play(ahead, window);
      target.onFrame(held);
      return played;
    },
  };
}

describe('the checks', options, () => {
  test('pass for the strategy as it is', async () => {
    const checked = await backtest();
    expect(await lookAhead(checked)).toMatch(/^PASSED.*cut off 4 times/);
    expect(await warmUp(checked)).toMatch(/^PASSED.*all \d+ decisions are the same/);
    expect(await money(await funded())).toMatch(/^PASSED.* [1-9]\d* trades? paid or received funding/);
  });

  test('pass where orders rest on candles', async () => {
    const checked = await backtest('--mode', 'HF_LIMIT');
    const { result } = await recordRun(checked);
    const outcomes = result.decisions.map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'MISSED').length).toBeGreaterThan(0);
    expect(outcomes.filter((outcome) => outcome === 'OPENED').length).toBeGreaterThan(5);
    expect(await lookAhead(checked)).toMatch(/^PASSED.*cut off 4 times/);
    expect(await warmUp(checked)).toMatch(/^PASSED/);
    expect(await money(await backtest('--mode', 'HF_LIMIT', '--funding-rate', '0.1', ...HELD))).toMatch(
      /^PASSED.* [1-9]\d* trades? paid or received funding/,
    );
    const inParts = await backtest('--mode', 'LF_LIMIT', '--set', 'simulation.position_size=2000');
    expect(await lookAhead(inParts)).toMatch(/^PASSED/);
    expect(await money(inParts)).toMatch(/^PASSED.* filled in parts/);
  });

  test('compare no order that was on its way at the cut', async () => {
    expect(await lookAhead(await backtest('--latency-ms', '5000'))).toMatch(/^PASSED/);
  });

  test('catch a book that shows the next one', async () => {
    const checked = await backtest();
    const caught = await lookAhead({ ...checked, data: peeking(checked.data) });
    expect(caught).toMatch(/^FAILED.*it knew the future. First difference: 2026-01-0/);
  });

  test('catch an indicator that depends on the first event', async () => {
    const createEngine: typeof createStrategyEngine = (...args) => {
      const engine = createStrategyEngine(...args);
      let first: number | undefined;
      return withMethods(engine, {
        onMarket(event, nowMs) {
          if (event.type === 'book') first ??= Number(event.bids[0]?.[0]);
          const isBelow = (price: number) => price < (first ?? price);
          return engine
            .onMarket(event, nowMs)
            .filter((output) => output.kind !== 'SIGNAL' || !isBelow(output.signal.entry_price));
        },
      });
    };
    const caught = await warmUp({ ...(await backtest()), planted: { createEngine } });
    expect(caught).toMatch(/^FAILED.*only the (?:whole|late) run has it/);
  });

  test('catch a funding that is charged twice', async () => {
    const createAccount: typeof createSimulator = (...args) => {
      const account = createSimulator(...args);
      let known: number | undefined;
      return withMethods(account, {
        onMarket(event, nowMs) {
          if (event.type !== 'mark') return account.onMarket(event, nowMs);
          const isNext = known !== undefined && event.next_funding_ts !== known;
          known = event.next_funding_ts;
          // The first mark price after a funding announces it again.
          return account.onMarket(isNext ? { ...event, next_funding_ts: event.ts_event + 500 } : event, nowMs);
        },
      });
    };
    const caught = await money({ ...(await funded()), planted: { createAccount } });
    expect(caught).toMatch(/^FAILED.*: funding is/);
  });

  test('give the same figures twice, as text and as a page', async () => {
    const checked = await backtest();
    const asked = { cuts: 1, warmUpMs: 2 * HOUR_MS, draws: 2, sensitivity: ['simulation.mode'] };
    const results = await runChecks(checked, asked);
    expect(await runChecks(checked, asked)).toEqual(results);
    const text = checkText(results);
    expect(text).toMatch(/Max drawdown, %/);
    expect(text).toMatch(/→ +HF_MARKET/);
    expect(checkPage('run <1>', results)).toContain('Checks of the backtest of run &lt;1&gt;');
  });

  test('do not judge data without a decision', async () => {
    const checked = await backtest('--set', 'signals.nobi_threshold=1');
    const verdicts = [await lookAhead(checked), await warmUp(checked), await money(checked)];
    expect(verdicts.map((text) => text.split(' ')[0])).toEqual(['NOT_JUDGED', 'NOT_JUDGED', 'NOT_JUDGED']);
  });
});

test('a late order is filled at its arrival, and not at a better price', options, async () => {
  const first = async (...args: string[]) => {
    const { result } = await recordRun(await backtest(...args));
    return result.decisions.find(({ outcome }) => outcome === 'OPENED');
  };
  const [now, late] = [await first(), await first('--latency-ms', '1500')];
  expect(late?.decision_id).toBe(now?.decision_id);
  expect((late?.timestamp ?? 0) - (now?.timestamp ?? 0)).toBe(1_500);
});

test.each([
  [['--sensitivity', 'signals.nobi_treshold'], /nearest is signals.nobi_threshold/],
  [['--warm-up', 'long'], /30m, 6h or 1d/],
  [['--json', 'a.json'], /check takes no --json/],
  [['--cuts', '0'], /from 1 to/],
])('refuses %j', (args, message) => {
  expect(() => readCheckOptions(readCommandLine('backtest', ['check', ...args]), folder)).toThrow(message);
});

test('the grid of a setting keeps to its bounds and holds its present value', () => {
  const setting = { kind: 'number', default: 0.4, about: '', min: 0.01, max: 1 } as const;
  const grid = gridOf(setting, 0.4);
  expect(grid).toContain(0.4);
  expect(grid[0]).toBe(0.01);
  expect(grid.at(-1)).toBe(1);
  const wide = [...gridOf({ kind: 'integer', default: 60, about: '', min: 1, max: 1e6 }, 60)];
  expect([wide[0], wide.some((value) => value === 60), wide.at(-1)]).toEqual([8, true, 480]);
  expect(gridOf({ kind: 'text', default: '', about: '' }, '')).toMatch(/only numbers/);
});
