import type { BacktestResult } from '../backtest-result.ts';
import { jitteredLatency } from '../models/order-latency.ts';
import { currencyOf } from '../report/currency.ts';
import { counted, figure, signedFigure } from '../report/format.ts';
import { quantileOf } from '../statistics/moments.ts';
import { MIN_VALUES } from '../statistics/stationary-bootstrap.ts';
import type { CheckResult } from './check-result.ts';
import { type CheckedBacktest, type RecordedRun, recordRun } from './recorded-run.ts';
import { maxDrawdownPct, shuffledDrawdowns, variedCosts } from './varied-results.ts';

/** Mean of the varied latency, ms: a good line to the venue is below it, a bad one above. */
const MEAN_LATENCY_MS = 100;
/** A run with another latency plays all data. */
const MAX_LATENCY_RUNS = 20;
const QUANTILES = [0, 0.05, 0.5, 0.95, 1] as const;

/** Shows how much of a result is the order of its trades, its costs and its latency: each is varied by seeded chance. */
export async function monteCarlo(
  checked: CheckedBacktest,
  { result }: RecordedRun,
  draws: number,
): Promise<CheckResult> {
  const name = 'Monte Carlo';
  const { trades, settings, run } = result;
  const currency = currencyOf(result);
  if (trades.length < MIN_VALUES)
    return {
      name,
      verdict: 'NOT_JUDGED',
      lines: [`${counted(trades.length, 'trade')}: fewer than ${MIN_VALUES} tell nothing.`],
    };
  const balance = settings.simulation.starting_balance;
  const pnls = trades.map(({ realized_pnl }) => realized_pnl);
  const drawdowns = shuffledDrawdowns(pnls, balance, draws, run);
  const varied = variedCosts(trades, draws, run);
  const late = await variedLatency(checked, Math.min(draws, MAX_LATENCY_RUNS));
  const measured = maxDrawdownPct(pnls, balance);
  const worse = drawdowns.filter((pct) => pct > measured).length / drawdowns.length;
  const gaining = varied.filter((net) => net > 0).length / varied.length;
  return {
    name,
    verdict: 'INFO',
    lines: [
      `Trades in another order: ${figure(100 * worse, 0)} % of ${counted(draws, 'shuffle')} have a larger drawdown than the measured ${figure(measured, 3)} %.`,
      `Fees ± 20 %, slippage by a factor around 1 per trade: ${figure(100 * gaining, 0)} % of ${counted(draws, 'draw')} gain.`,
      `Orders late by ${MEAN_LATENCY_MS} ms on average, exponentially: ${counted(late.length, 'run')}.`,
      ...(checked.options.kind === 'KLINES'
        ? ['Candles have four books a minute: an order that is late by any time may fill or end at the next one.']
        : []),
    ],
    tables: [
      {
        title: 'Distributions',
        columns: ['figure', 'least', '5 %', 'median', '95 %', 'most'],
        rows: [
          rowOf('Max drawdown, %', drawdowns, (value) => figure(value, 3)),
          rowOf(`Net PnL with varied costs, ${currency}`, varied, (value) => signedFigure(value)),
          rowOf(`Net PnL with varied latency, ${currency}`, late, (value) => signedFigure(value)),
        ],
      },
    ],
  };
}

async function variedLatency(checked: CheckedBacktest, runs: number): Promise<number[]> {
  const nets: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const latency = jitteredLatency(MEAN_LATENCY_MS, `${checked.data.run}:latency ${run}`);
    nets.push(netOf((await recordRun(checked, { latency })).result));
  }
  return nets;
}

const netOf = ({ trades }: BacktestResult) => trades.reduce((sum, { realized_pnl }) => sum + realized_pnl, 0);

function rowOf(name: string, values: readonly number[], text: (value: number | undefined) => string): string[] {
  const sorted = values.toSorted((a, b) => a - b);
  return [name, ...QUANTILES.map((share) => text(quantileOf(sorted, share)))];
}
