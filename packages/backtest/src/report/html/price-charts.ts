import type { JudgedTrade } from '../../attribution/judged-trade.ts';
import type { BacktestReport } from '../backtest-report.ts';
import { figure, minuteText, signedFigure } from '../format.ts';
import { type ChartScale, chart, linePath, scaleOf, thinned, timeTicks, xOf, yOf } from './chart.ts';
import { coordinate, escapeHtml } from './markup.ts';

/** More would make the page slow. */
const MAX_SYMBOLS = 12;
const MAX_TRADES = 1_000;
/** More trades get smaller dots. */
const MANY = 150;

/** The trades of each symbol on its price; the symbols with most trades first. */
export function priceCharts({ result, groups, trades }: BacktestReport): string {
  const ranked = groups.symbol.toSorted((a, b) => b.trades - a.trades).map(({ key }) => key);
  const shown = ranked.slice(0, MAX_SYMBOLS);
  const charts = shown.map((symbol) =>
    priceChart(
      symbol,
      result.prices.get(symbol) ?? [],
      trades.filter(({ trade }) => trade.symbol === symbol),
    ),
  );
  const left = ranked.length - shown.length;
  const note = left === 0 ? '' : `<p class="remark">${left} more symbols with fewer trades are not drawn.</p>`;
  return charts.join('\n') + note;
}

const LEGEND = [
  '<span class="key long">long entry</span>',
  '<span class="key short">short entry</span>',
  '<span class="key gain">gain</span>',
  '<span class="key loss">loss</span>',
].join(' ');

function priceChart(
  symbol: string,
  prices: readonly { readonly ts: number; readonly price: number }[],
  trades: readonly JudgedTrade[],
): string {
  const drawn = trades.toSorted((a, b) => Math.abs(b.costs.net) - Math.abs(a.costs.net)).slice(0, MAX_TRADES);
  const points = thinned(prices, ({ price }) => price);
  const times = [...points.map(({ ts }) => ts), ...drawn.flatMap(({ trade }) => [trade.entry_ts, trade.exit_ts])];
  const from = times.reduce((least, ts) => Math.min(least, ts), Number.POSITIVE_INFINITY);
  const to = times.reduce((most, ts) => Math.max(most, ts), Number.NEGATIVE_INFINITY);
  const values = drawn.flatMap(({ trade }) => [trade.entry_price, trade.exit_price]);
  const scale = scaleOf(from, to, [...points.map(({ price }) => price), ...values]);
  const line = `<path class="line hold" d="${linePath(
    scale,
    points.map(({ ts, price }) => [ts, price]),
  )}"/>`;
  const left = trades.length - drawn.length;
  const title = `${symbol}: trades on price${left === 0 ? '' : `, the ${figure(MAX_TRADES, 0)} largest of ${figure(trades.length, 0)}`}`;
  const body = line + drawn.map((trade) => tradeMark(scale, trade, drawn.length > MANY ? ' small' : '')).join('');
  return chart({ title, scale, xTicks: timeTicks(from, to), body, legend: LEGEND });
}

function tradeMark(scale: ChartScale, { trade, netBp }: JudgedTrade, size: string): string {
  const { side, entry_ts, entry_price, exit_ts, exit_price, exit_reason, realized_pnl } = trade;
  const look = realized_pnl > 0 ? 'gain' : 'loss';
  const [x, y] = [coordinate(xOf(scale, entry_ts)), coordinate(yOf(scale, entry_price))];
  const path = linePath(scale, [
    [entry_ts, entry_price],
    [exit_ts, exit_price],
  ]);
  const hint = `${side} ${minuteText(entry_ts)}, ${figure(entry_price, 4)} → ${figure(exit_price, 4)}, ${exit_reason ?? 'no reason'}, ${signedFigure(netBp, 1)} bp`;
  return `<g><title>${escapeHtml(hint)}</title><path class="trade ${look}" d="${path}"/><path class="dot ${side.toLowerCase()}${size}" d="M${x} ${y}h0"/></g>`;
}
