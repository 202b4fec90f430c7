import type { BacktestOptions } from '@helios/backtest/backtest-options.ts';
import type { PlayableData } from '@helios/backtest/data/playable-data.ts';
import { BookMaker } from '@helios/backtest/klines/book-of-kline.ts';
import type { KlineColumns } from '@helios/backtest/klines/kline-columns.ts';
import { readKlineSeries } from '@helios/backtest/klines/kline-data.ts';
import type { KlineSeries } from '@helios/backtest/klines/kline-series.ts';
import { playKlines } from '@helios/backtest/klines/play-klines.ts';
import { NO_LATENCY } from '@helios/backtest/models/order-latency.ts';
import { playBacktest } from '@helios/backtest/run-backtest.ts';
import { Ema } from '@helios/core/indicators/moving-averages.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { type Grademark, grademarkRun, installGrademark, type RuleBar, type RuleTrade } from './grademark.ts';
import { median } from './percentile.ts';
import type { Row } from './report.ts';

const MINUTE_MS = 60_000;
const ROUNDS = 5;
/** Both engines are measured as a search runs them: after the compiler has seen their code. */
const WARM_UP_ROUNDS = 8;
/** Fast and slow average of the rule, and its distance between two entries; all in candles. */
const [FAST, SLOW, APART] = [20, 60, 60];
/** Stop and target, percent of the entry price, and the longest holding time, candles. */
export const RULE = { stopPct: 0.4, targetPct: 0.6, holdCandles: 50 } as const;
const WHAT = 'one rule: averages cross, stop, target; floor: grademark';

/**
 * Plays one rule with the strategy engine and with the package grademark: buy at the open after the fast average of closes crosses
 * above the slow one, leave at a stop, a target or after 50 candles. No time is printed if their trades differ.
 */
export async function benchEqualRule(file: string, name: string): Promise<Row[]> {
  const grademark = await installGrademark();
  const [read] = await readKlineSeries([file]);
  if (grademark === undefined || read === undefined) return [];
  const series = withSignals(read);
  const bars = barsOf(series);
  const difference = differenceOf(
    await ownTrades(series),
    grademarkRun(grademark, bars, series.instrument.tick_size)(),
  );
  if (difference !== undefined) {
    console.error(`bench: no time beside grademark: ${difference}`);
    return [];
  }
  const times = await inTurns(series, grademark, bars);
  const perCandle = (ms: readonly number[]) => (1_000 * median(ms)) / bars.length;
  const row = { value: perCandle(times.own), floor: perCandle(times.grademark), unit: 'µs a candle', aim: '≤ 0.33 ×' };
  return [{ what: `${WHAT} (${name})`, ...row }];
}

/** The strategy trades imbalance, so a signal of the rule is a minute in which buyers took everything. */
function withSignals(series: KlineSeries): KlineSeries {
  const { close, length } = series.columns;
  const [fast, slow] = [new Ema(FAST), new Ema(SLOW)];
  const buyShare = new Float64Array(length).fill(0.5);
  let [wasAbove, last] = [true, 0];
  for (let at = 0; at < length; at += 1) {
    fast.update(close[at] ?? 0);
    slow.update(close[at] ?? 0);
    const isAbove = (fast.value ?? 0) > (slow.value ?? Number.POSITIVE_INFINITY);
    const isSignal = isAbove && !wasAbove && at - last >= APART && at < length - APART;
    if (isSignal) [buyShare[at], last] = [1, at];
    wasAbove = isAbove || slow.value === undefined;
  }
  return { ...series, columns: { ...series.columns, buyShare } };
}

/** The candles as the made-up book trades them: bought at the ask, sold at the bid. */
function barsOf({ instrument, columns }: KlineSeries): RuleBar[] {
  const maker = new BookMaker(instrument);
  const { openTs, open, high, low, close, buyShare, length }: KlineColumns = columns;
  const touch = (side: 'bids' | 'asks', price = 0) => maker.at(price, 0, 0).priceAt(side, 0);
  return Array.from({ length }, (_, at) => ({
    time: new Date(openTs[at] ?? 0),
    open: touch('asks', open[at]),
    high: touch('bids', high[at]),
    low: touch('bids', low[at]),
    close: touch('bids', close[at]),
    isSignal: buyShare[at] === 1,
  }));
}

async function ownTrades(series: KlineSeries): Promise<RuleTrade[]> {
  const { trades } = await playOwn(series);
  const minuteOf = (ts: number) => Math.floor(ts / MINUTE_MS) * MINUTE_MS;
  return trades.map(({ entry_ts, exit_ts, exit_reason }) => ({
    ...{
      entryTs: minuteOf(entry_ts),
      exitTs: minuteOf(exit_ts),
      reason: REASONS[exit_reason ?? ''] ?? exit_reason ?? '',
    },
  }));
}

const REASONS: Readonly<Record<string, string>> = {
  STOP_LOSS: 'stop-loss',
  TAKE_PROFIT: 'profit-target',
  TIME_EXIT: 'exit-rule',
};

async function playOwn(series: KlineSeries): Promise<{ readonly trades: readonly ClosedTrade[] }> {
  const data: PlayableData = {
    ...{ run: 'rule', instruments: [series.instrument] },
    async play(target) {
      for (const _ of playKlines([series], target, Number.POSITIVE_INFINITY));
      return { badFrames: 0, faults: [], assumptions: [] };
    },
  };
  const options: BacktestOptions = {
    ...({ kind: 'KLINES', files: [], market: 'usdm', fromTs: Number.NEGATIVE_INFINITY } as const),
    ...{ toTs: Number.POSITIVE_INFINITY, changed: {}, latency: NO_LATENCY, fundingRate: 0, settings: ruleSettings() },
  };
  return await playBacktest(data, options, { recordsRefusals: false });
}

function ruleSettings(): BacktestOptions['settings'] {
  return defaultSettings({
    signals: { confirmation_count: 1, volume_gate: false, vwap_gate: false, edge_gate: 'off' },
    trend: { enabled: false },
    regime: { enabled: false },
    sentiment: { enabled: false },
    risk: {
      ...{ min_stop_pct: RULE.stopPct, max_stop_pct: RULE.stopPct, stop_loss_atr: 2, trailing_stop: false },
      take_profit_atr: (2 * RULE.targetPct) / RULE.stopPct,
      ...{ max_hold_sec: RULE.holdCandles * 60, reversal_exit: 'off' },
    },
    simulation: { position_notional: 10 },
  });
}

/**
 * What differs; undefined if nothing does. grademark looks at no stop in the candle of the entry, so a trade that ends there is
 * compared by its entry alone.
 */
function differenceOf(own: readonly RuleTrade[], theirs: readonly RuleTrade[]): string | undefined {
  if (own.length !== theirs.length || own.length === 0) return `${own.length} trades and ${theirs.length}`;
  for (const [at, trade] of own.entries()) {
    const other = theirs[at];
    const isSame = trade.entryTs === trade.exitTs || (trade.exitTs === other?.exitTs && trade.reason === other.reason);
    if (trade.entryTs !== other?.entryTs || !isSame) return `${JSON.stringify(trade)} and ${JSON.stringify(other)}`;
  }
  return undefined;
}

/** Processor time of each engine, ms, one figure a round; the first rounds warm up. */
async function inTurns(series: KlineSeries, grademark: Grademark, bars: readonly RuleBar[]) {
  const run = grademarkRun(grademark, bars, series.instrument.tick_size);
  const times: { own: number[]; grademark: number[] } = { own: [], grademark: [] };
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round += 1) {
    const own = process.cpuUsage();
    await playOwn(series);
    const mine = process.cpuUsage(own);
    const theirs = process.cpuUsage();
    run();
    const other = process.cpuUsage(theirs);
    if (round < WARM_UP_ROUNDS) continue;
    times.own.push((mine.user + mine.system) / 1_000);
    times.grademark.push((other.user + other.system) / 1_000);
  }
  return times;
}
