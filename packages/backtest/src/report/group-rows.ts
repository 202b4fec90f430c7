import type { GateSeparation } from '../attribution/gate-effects.ts';
import type { GateJudgement } from '../attribution/gate-judgements.ts';
import type { Grouping, TradeGroup } from '../attribution/trade-groups.ts';
import type { MonthResult } from '../statistics/months.ts';
import { figure, meanText, signedFigure } from './format.ts';

/** A table as every form of the report shows it. The first column is text, the others are numbers. */
export interface ReportTable {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export const GROUPING_TITLES: Readonly<Record<Grouping, string>> = {
  exitReason: 'exit reason',
  regime: 'regime at entry',
  hour: 'hour, UTC',
  symbol: 'symbol',
  side: 'side',
};

type Cell = (group: TradeGroup) => string;

/** Columns behind the name of a group. Costs show with the sign of their effect: net = move + spread + slip + fees + fund. */
const GROUP_COLUMNS: readonly (readonly [string, Cell])[] = [
  ['trades', ({ trades }) => figure(trades, 0)],
  ['won', ({ wins }) => figure(wins, 0)],
  ['net', ({ costs }) => signedFigure(costs.net)],
  ['bp ± se', ({ netBp }) => meanText(netBp)],
  ['move', ({ costs }) => signedFigure(costs.move)],
  ['spread', ({ costs }) => signedFigure(-costs.spread)],
  ['slip', ({ costs }) => signedFigure(-costs.slippage)],
  ['fees', ({ costs }) => signedFigure(-costs.fees)],
  ['fund', ({ costs }) => signedFigure(-costs.funding)],
];

/** Trades and the parts of their result, quote currency; the total is the last row. */
export function groupTable(grouping: Grouping, groups: readonly TradeGroup[], total: TradeGroup): ReportTable {
  const title = GROUPING_TITLES[grouping];
  const shown = [...groups, ...(groups.length === 1 ? [] : [total])];
  return {
    title: `By ${title}`,
    columns: [title, ...GROUP_COLUMNS.map(([name]) => name)],
    rows: shown.map((group) => [group.key, ...GROUP_COLUMNS.map(([, cellOf]) => cellOf(group))]),
  };
}

const EFFECT_TEXT: Readonly<Record<GateJudgement['effect'], string>> = {
  HELPS: 'helps',
  HARMS: 'HARMS',
  NO_DIFFERENCE: 'no difference',
  TOO_FEW: 'too few',
};

/** Per gate: what its refused triggers would have earned, beside the trades taken. */
export function gateTable(gates: readonly GateJudgement[], taken: TradeGroup): ReportTable {
  const columns = ['gate', 'refused', 'ended', 'missed', 'bp if taken', 'taken − it', 'effect', 'observed'];
  const rows = gates.map(({ gate, refused, missed, netBp, difference, effect, observed }) => [
    gate,
    ...[refused, netBp.count, missed].map((count) => figure(count, 0)),
    meanText(netBp),
    meanText(difference === undefined ? { count: 0 } : { count: 0, ...difference }),
    EFFECT_TEXT[effect],
    observed.count === 0 ? '–' : `${figure(observed.count, 0)}: ${meanText(observed)}`,
  ]);
  const own = ['trades taken', '', figure(taken.trades, 0), '', meanText(taken.netBp), '', '', ''];
  return { title: 'Gates: what refused triggers would have earned', columns, rows: [...rows, own] };
}

const SEPARATION_TEXT: Readonly<Record<GateSeparation['effect'], string>> = {
  HELPS: 'helps',
  HARMS: 'HARMS',
  NOTHING: 'separates nothing',
  TOO_FEW: 'too few days',
};

/** Per gate: what it refused against what it passed. */
export function gateEffectTable(effects: readonly GateSeparation[]): ReportTable {
  const bp = (value: number | undefined) => signedFigure(value, 1);
  return {
    title: 'Gate effects: passed minus refused, net bp, by days',
    columns: ['gate', 'refused', 'bp', 'passed', 'bp', 'days', 'difference', '95 % interval', 'effect'],
    rows: effects.map(({ gate, refused, passed, days, difference, effect }) => [
      ...[gate, figure(refused.count, 0), bp(refused.mean), figure(passed.count, 0), bp(passed.mean), figure(days, 0)],
      difference === undefined ? '–' : `${bp(difference.value)} ± ${figure(difference.error, 1)}`,
      difference === undefined ? '–' : `${bp(difference.low)} … ${bp(difference.high)}`,
      SEPARATION_TEXT[effect],
    ]),
  };
}

export function monthTable(months: readonly MonthResult[]): ReportTable {
  return {
    title: 'Months',
    columns: ['month', 'trades', 'net', 'return %', 'buy and hold %'],
    rows: months.map(({ month, trades, pnl, returnPct, holdPct }) => [
      ...[month, figure(trades, 0), signedFigure(pnl), signedFigure(returnPct, 3), signedFigure(holdPct, 3)],
    ]),
  };
}
