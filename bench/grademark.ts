import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gridOfTick, priceBeside } from '@helios/core/price/price-grid.ts';
import { stopBeside } from '@helios/core/strategy/stop-price.ts';
import { RULE } from './equal-rule.ts';

const FOLDER = resolve('.helios/bench/grademark');
/** It weighs 26 MB, its last version is years old, and it does not name chai, which it loads: no dependency of the project. */
const PACKAGES = ['grademark@0.3.0', 'data-forge@1.10.2', 'chai@4.5.0'];

/** It adds the distance to the price again: a price on the stop must still count as reached. */
const FLOAT_TAIL = 1e-9;

/** A candle of the rule. */
export interface RuleBar {
  readonly time: Date;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly isSignal: boolean;
}

/** A round trip of the rule: open times of its candles, epoch ms. */
export interface RuleTrade {
  readonly entryTs: number;
  readonly exitTs: number;
  readonly reason: string;
}

interface Position {
  readonly holdingPeriod: number;
}

/** The parts of grademark and data-forge that the rule uses. */
export interface Grademark {
  backtest(strategy: object, series: object): readonly { entryTime: Date; exitTime: Date; exitReason: string }[];
  DataFrame: new (bars: readonly RuleBar[]) => object;
}

/** Fetches grademark on its first use; undefined if the registry does not answer. */
export async function installGrademark(): Promise<Grademark | undefined> {
  const require = createRequire(join(FOLDER, 'package.json'));
  try {
    return loaded(require);
  } catch {
    // Not there yet.
  }
  try {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(join(FOLDER, 'package.json'), '{ "private": true }');
    const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...PACKAGES];
    await promisify(execFile)('npm', args, { cwd: FOLDER, timeout: 180_000 });
    return loaded(require);
  } catch (error) {
    console.error(`bench: grademark cannot be installed, so nothing is measured beside it: ${String(error)}`);
    return undefined;
  }
}

function loaded(require: NodeJS.Require): Grademark {
  return { backtest: require('grademark').backtest, DataFrame: require('data-forge').DataFrame };
}

/** One run of the rule by grademark. */
export function grademarkRun(grademark: Grademark, bars: readonly RuleBar[], tick: string): () => RuleTrade[] {
  const series = new grademark.DataFrame(bars);
  const grid = gridOfTick(tick);
  const strategy = {
    entryRule(enter: () => void, { bar }: { bar: RuleBar }) {
      if (bar.isSignal) enter();
    },
    stopLoss({ entryPrice }: { entryPrice: number }) {
      const distance = (entryPrice * RULE.stopPct) / 100;
      return entryPrice - stopBeside(entryPrice, 1, { distance, farthest: distance }, grid) - FLOAT_TAIL;
    },
    profitTarget: ({ entryPrice }: { entryPrice: number }) =>
      priceBeside(entryPrice, (entryPrice * RULE.targetPct) / 100, grid) - entryPrice - FLOAT_TAIL,
    exitRule(exit: () => void, { position }: { position: Position }) {
      if (position.holdingPeriod >= RULE.holdCandles - 1) exit();
    },
  };
  return () =>
    grademark.backtest(strategy, series).map(({ entryTime, exitTime, exitReason }) => ({
      ...{ entryTs: entryTime.getTime(), exitTs: exitTime.getTime(), reason: exitReason },
    }));
}
