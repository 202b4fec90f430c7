import type { EquityPoint } from '../../statistics/equity-curve.ts';
import type { BacktestReport } from '../backtest-report.ts';
import { type AxisTick, chart, elapsedTicks, linePath, scaleOf, thinned, timeTicks } from './chart.ts';
import { escapeHtml } from './markup.ts';

/** One line of the charts. */
export interface NamedCurve {
  readonly name: string;
  /** CSS class of the line. */
  readonly look: string;
  readonly points: readonly EquityPoint[];
  readonly isStepped: boolean;
}

/** Equity and drawdown beside buy-and-hold. */
export function equityCharts({ equity, hold }: BacktestReport): string {
  const curves: NamedCurve[] = [{ name: 'strategy, realised', look: 's1', points: equity, isStepped: true }];
  if (hold) curves.push({ name: 'buy and hold', look: 'hold', points: hold.points, isStepped: false });
  return bothCharts(curves);
}

/** Equity and drawdown of several results; those of different data are drawn from their starts. */
export function comparedCharts(reports: readonly BacktestReport[], names: readonly string[]): string {
  const isOneMarket = new Set(reports.map(({ result }) => result.run)).size === 1;
  const curves: NamedCurve[] = reports.map(({ equity }, index) => ({
    ...{ name: names[index] ?? '', look: `s${(index % 6) + 1}`, points: isOneMarket ? equity : fromStart(equity) },
    isStepped: true,
  }));
  const hold = isOneMarket ? reports[0]?.hold : undefined;
  if (hold) curves.push({ name: 'buy and hold', look: 'hold', points: hold.points, isStepped: false });
  return bothCharts(curves, isOneMarket ? timeTicks : elapsedTicks);
}

function fromStart(points: readonly EquityPoint[]): EquityPoint[] {
  return points.map((point) => ({ ...point, ts: point.ts - (points[0]?.ts ?? 0) }));
}

type TicksOf = (from: number, to: number) => readonly AxisTick[];

/** The equity of each curve, and its drawdown below. */
export function bothCharts(curves: readonly NamedCurve[], ticksOf: TicksOf = timeTicks): string {
  const legend = curves.map(({ name, look }) => `<span class="key ${look}">${escapeHtml(name)}</span>`).join(' ');
  const drawn = curves.map((curve) => ({ ...curve, points: thinned(curve.points, ({ equity }) => equity) }));
  return [
    curvesChart('Equity, quote currency', drawn, ticksOf, ({ equity }) => equity, legend),
    curvesChart('Drawdown, % below the highest equity', drawn, ticksOf, ({ drawdownPct }) => -drawdownPct),
  ].join('\n');
}

function curvesChart(
  title: string,
  curves: readonly NamedCurve[],
  ticksOf: TicksOf,
  heightOf: (point: EquityPoint) => number,
  legend?: string,
): string {
  const all = curves.flatMap(({ points }) => points);
  const times = all.map(({ ts }) => ts).sort((a, b) => a - b);
  const [from = 0, to = 1] = [times[0], times.at(-1)];
  const scale = scaleOf(from, to, all.map(heightOf));
  const lines = curves.map(({ look, points, isStepped }) => {
    const path = linePath(
      scale,
      points.map((point) => [point.ts, heightOf(point)]),
      isStepped,
    );
    return `<path class="line ${look}" d="${path}"/>`;
  });
  const body = lines.toReversed().join('');
  return chart({ title, scale, xTicks: ticksOf(from, to), body, legend, isLow: legend === undefined });
}
