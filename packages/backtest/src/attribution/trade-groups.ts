import { type MeanWithError, meanWithError } from '../statistics/mean-error.ts';
import type { JudgedTrade } from './judged-trade.ts';
import { sumOfCosts, type TradeCosts } from './trade-costs.ts';

/** Trades that have something in common. */
export interface TradeGroup {
  readonly key: string;
  readonly trades: number;
  readonly wins: number;
  readonly costs: TradeCosts;
  /** Net result per trade, basis points of the value at entry. */
  readonly netBp: MeanWithError;
}

/** What the report groups trades by. */
export const GROUPINGS = {
  exitReason: ({ trade }: JudgedTrade) => trade.exit_reason ?? 'NONE',
  regime: ({ regime }: JudgedTrade) => regime,
  hour: ({ trade }: JudgedTrade) => String(new Date(trade.entry_ts).getUTCHours()).padStart(2, '0'),
  symbol: ({ trade }: JudgedTrade) => trade.symbol,
  side: ({ trade }: JudgedTrade) => trade.side,
} as const;

export type Grouping = keyof typeof GROUPINGS;

/** Groups in alphabetical order of their keys. Each trade is in exactly one. */
export function groupTrades(trades: readonly JudgedTrade[], keyOf: (trade: JudgedTrade) => string): TradeGroup[] {
  const groups = Map.groupBy(trades, keyOf);
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, members]) => groupOf(key, members));
}

/** The figures of one group. */
export function groupOf(key: string, members: readonly JudgedTrade[]): TradeGroup {
  return {
    key,
    trades: members.length,
    wins: members.filter(({ costs }) => costs.net > 0).length,
    costs: sumOfCosts(members.map(({ costs }) => costs)),
    netBp: meanWithError(members.map(({ netBp }) => netBp)),
  };
}
