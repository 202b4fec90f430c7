import type { BacktestReport } from './backtest-report.ts';
import { currencyOf } from './currency.ts';
import { figure, intervalText, probabilityText, signedFigure, spanText } from './format.ts';

/** One line of the table of figures. */
export interface FigureRow {
  readonly name: string;
  readonly value: string;
  /** 95 % interval; – where there is none. Absent for figures that are no estimate. */
  readonly interval?: string;
}

/** Title and rows of a part of the table of figures. */
export interface FigurePart {
  readonly title: string;
  readonly rows: readonly FigureRow[];
}

/** The table of figures, the same in every form of the report. */
export function figureParts(report: BacktestReport): FigurePart[] {
  return [
    { title: 'Result', rows: resultRows(report) },
    { title: 'Per trade', rows: tradeRows(report) },
    { title: 'Per day, annualised', rows: dayRows(report) },
    { title: 'Luck', rows: luckRows(report) },
  ];
}

function resultRows({ summary, returnPct, hold, trades, result }: BacktestReport): FigureRow[] {
  const held = trades.map(({ trade }) => trade.exit_ts - trade.entry_ts).sort((a, b) => a - b);
  const median = held[Math.floor(held.length / 2)];
  return [
    { name: 'Data', value: spanText(result.lastTs - result.firstTs) },
    { name: `Net PnL, ${currencyOf(result)}`, value: signedFigure(summary.total_pnl) },
    { name: 'Return, %', value: signedFigure(returnPct, 3) },
    { name: 'Buy and hold, %', value: signedFigure(hold?.returnPct, 3) },
    { name: 'Max drawdown, %', value: figure(summary.max_drawdown_pct, 3) },
    { name: 'Max drawdown of buy and hold, %', value: figure(hold?.maxDrawdownPct, 3) },
    { name: 'Trades', value: figure(summary.total_trades, 0) },
    { name: 'Median holding time', value: median === undefined ? '–' : spanText(median) },
    { name: 'Longest losing streak', value: figure(summary.max_loss_streak, 0) },
    { name: 'Signals missed, denied', value: `${figure(summary.missed, 0)}, ${figure(summary.denied, 0)}` },
  ];
}

function tradeRows({ estimates, result }: BacktestReport): FigureRow[] {
  const { expectancy, expectancyBp, winRatePct, profitFactor, sqn } = estimates;
  return [
    {
      name: `Expectancy, ${currencyOf(result)}`,
      value: signedFigure(expectancy.value, 3),
      interval: intervalText(expectancy, 3),
    },
    { name: 'Expectancy, bp', value: signedFigure(expectancyBp.value), interval: intervalText(expectancyBp) },
    { name: 'Win rate, %', value: figure(winRatePct.value, 1), interval: intervalText(winRatePct, 1) },
    { name: 'Profit factor', value: figure(profitFactor.value), interval: intervalText(profitFactor) },
    { name: 'SQN', value: figure(sqn.value), interval: intervalText(sqn) },
  ];
}

function dayRows({ estimates: { sharpe, sortino, calmar } }: BacktestReport): FigureRow[] {
  return [
    { name: 'Sharpe', value: figure(sharpe.value), interval: intervalText(sharpe) },
    { name: 'Sortino', value: figure(sortino.value), interval: intervalText(sortino) },
    { name: 'Calmar', value: figure(calmar.value), interval: intervalText(calmar) },
  ];
}

function luckRows({ probabilities }: BacktestReport): FigureRow[] {
  const { pValue, psrTrades, psrDaily, deflated, trials, tradesNeeded } = probabilities;
  return [
    { name: 'p-value of the mean', value: probabilityText(pValue) },
    { name: 'Probabilistic Sharpe, trades', value: probabilityText(psrTrades) },
    { name: 'Probabilistic Sharpe, days', value: probabilityText(psrDaily) },
    { name: 'Deflated Sharpe, trades', value: probabilityText(deflated) },
    { name: 'Settings tried', value: figure(trials, 0) },
    { name: 'Trades needed for proof', value: figure(tradesNeeded, 0) },
  ];
}
