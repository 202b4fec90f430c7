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

/** Trades and the parts of their result, USDT; the total is the last row. */
export function groupTable(grouping: Grouping, groups: readonly TradeGroup[], total: TradeGroup): ReportTable {
  const columns = [
    GROUPING_TITLES[grouping],
    'trades',
    'won',
    'move',
    'spread',
    'slip',
    'fees',
    'fund',
    'net',
    'bp ± se',
  ];
  const rows = [...groups, ...(groups.length === 1 ? [] : [total])].map(groupRow);
  return { title: `By ${GROUPING_TITLES[grouping]}`, columns, rows };
}

/** Costs show with the sign of their effect: net = move + spread + slippage + fees + funding. */
function groupRow({ key, trades, wins, costs, netBp }: TradeGroup): string[] {
  const { move, spread, slippage, fees, funding, net } = costs;
  const parts = [move, -spread, -slippage, -fees, -funding].map((amount) => signedFigure(amount));
  return [key, figure(trades, 0), figure(wins, 0), signedFigure(net), meanText(netBp), ...parts];
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

export function monthTable(months: readonly MonthResult[]): ReportTable {
  return {
    title: 'Months',
    columns: ['month', 'trades', 'net', 'return %', 'buy and hold %'],
    rows: months.map(({ month, trades, pnl, returnPct, holdPct }) => [
      ...[month, figure(trades, 0), signedFigure(pnl), signedFigure(returnPct, 3), signedFigure(holdPct, 3)],
    ]),
  };
}
