import type { GateJudgement } from '../../attribution/gate-judgements.ts';
import type { TradeCosts } from '../../attribution/trade-costs.ts';
import type { ResultDistribution } from '../../statistics/result-distribution.ts';
import { figure, signedFigure } from '../format.ts';
import { chart, scaleOf, valueTicks, xOf, yOf } from './chart.ts';
import { coordinate, escapeHtml } from './markup.ts';

/** The parts of the result as bars from zero. */
export function costBars({ move, spread, slippage, fees, funding, net }: TradeCosts, currency: string): string {
  const parts: readonly (readonly [string, number])[] = [
    ...([
      ['move, mid to mid', move],
      ['spread', -spread],
      ['slippage', -slippage],
    ] as const),
    ...([
      ['fees', -fees],
      ['funding', -funding],
      ['net', net],
    ] as const),
  ];
  const low = Math.min(0, ...parts.map(([, amount]) => amount));
  const high = Math.max(0, ...parts.map(([, amount]) => amount));
  const share = (amount: number) => (100 * (amount - low)) / Math.max(high - low, 1e-12);
  const rows = parts.map(([name, amount]) => {
    const [left, right] = [share(Math.min(0, amount)), share(Math.max(0, amount))];
    const place = `left:${coordinate(left)}%;width:${coordinate(right - left)}%`;
    const bar = amount === 0 ? '' : `<span class="bar ${amount < 0 ? 'loss' : 'gain'}" style="${place}"></span>`;
    return `<div class="row"><span>${name}</span><span class="track">${bar}</span><span class="number">${signedFigure(amount)}</span></div>`;
  });
  return `<figure><figcaption><b>Where the result comes from, ${currency}</b></figcaption><div class="rows">${rows.join('')}</div></figure>`;
}

/** Taken minus refused with two standard errors per gate: a gate whose whisker crosses zero separates nothing. */
export function gateWhiskers(gates: readonly GateJudgement[]): string {
  const judged = gates.flatMap(({ gate, difference, effect }) => (difference ? [{ gate, effect, ...difference }] : []));
  if (judged.length === 0) return '';
  const reach = judged.reduce((most, { mean, error }) => Math.max(most, Math.abs(mean) + 2 * error), 0) || 1;
  const share = (bp: number) => 50 + (50 * bp) / reach;
  const rows = judged.map(({ gate, mean, error, effect }) => {
    const [left, right] = [share(mean - 2 * error), share(mean + 2 * error)];
    const whisker = `<span class="whisker" style="left:${coordinate(left)}%;width:${coordinate(right - left)}%"></span>`;
    const point = `<span class="point ${effect.toLowerCase()}" style="left:${coordinate(share(mean))}%"></span>`;
    const text = `${signedFigure(mean, 1)} ± ${figure(error, 1)}`;
    return `<div class="row"><span>${escapeHtml(gate)}</span><span class="track zero">${whisker}${point}</span><span class="number">${text}</span></div>`;
  });
  const title = 'Taken minus refused, bp, with two standard errors';
  const note = 'A gate earns its place right of the line; a whisker across the line separates nothing.';
  return `<figure><figcaption><b>${title}</b> ${note}</figcaption><div class="rows">${rows.join('')}</div></figure>`;
}

/** Histogram of the net result per trade. */
export function histogram({ bins }: ResultDistribution): string {
  const [first, last] = [bins[0], bins.at(-1)];
  if (first === undefined || last === undefined) return '';
  const counts = bins.map(({ count }) => count);
  const scale = { ...scaleOf(first.from, last.to, [0, ...counts]), low: 0 };
  const bars = bins.map(({ from, to, count }) => {
    const [x, y] = [xOf(scale, from), yOf(scale, count)];
    const size = `width="${coordinate((xOf(scale, to) - x) * 0.94)}" height="${coordinate(yOf(scale, 0) - y)}"`;
    const hint = `${figure(from, 1)} to ${figure(to, 1)} bp: ${count}`;
    return `<rect class="${to <= 0 ? 'loss' : 'gain'}" x="${coordinate(x)}" y="${coordinate(y)}" ${size}><title>${hint}</title></rect>`;
  });
  const xTicks = valueTicks(first.from, last.to, 5);
  return chart({ title: 'Trades by net result, bp', scale, xTicks, body: bars.join(''), isLow: true });
}
