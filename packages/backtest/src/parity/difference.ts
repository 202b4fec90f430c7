/**
 * Why a leg of a trade differs between the live and the paper run. FILL_PRICE: the exchange filled the order of the same moment at
 * another price. FILL_TIME: the order of the same moment rested first. STOP_AT_VENUE: the stop on the exchange fired at another moment
 * than the strategy's. STOP_PASSED: the exchange refused the stop because the price had passed it, so live trading closed at the market.
 * NOT_FILLED: the exchange filled nothing. DENIED_DIFFERENTLY: the risk rules of one run denied the entry.
 * SIZE: another account made another quantity. POSITION: an earlier difference explains it. UNEXPLAINED: nothing does.
 */
export type Cause =
  | 'EQUAL'
  | 'FILL_PRICE'
  | 'FILL_TIME'
  | 'STOP_AT_VENUE'
  | 'STOP_PASSED'
  | 'NOT_FILLED'
  | 'DENIED_DIFFERENTLY'
  | 'SIZE'
  | 'POSITION'
  | 'UNEXPLAINED';

/** A difference that changes positions or account, and so everything after it. */
export interface RootDifference {
  /** Entry signal of the trade. */
  readonly id: string;
  /** When the runs began to differ, epoch ms. */
  readonly ts: number;
  readonly cause: Cause;
}

/** One leg of a trade in both runs. Prices in quote currency; undefined where the leg is missing. */
export interface LegRow {
  /** Entry signal of the trade. */
  readonly id: string;
  readonly symbol: string;
  readonly leg: 'ENTRY' | 'EXIT';
  /** When the first of both runs acted, epoch ms. */
  readonly ts: number;
  readonly decisionPrice: number | undefined;
  readonly livePrice: number | undefined;
  readonly paperPrice: number | undefined;
  /** Live minus paper. */
  readonly timeMs: number | undefined;
  /** What the live leg cost more than the paper leg, basis points of its price; negative: less. */
  readonly costBp: number | undefined;
  /** The same in quote currency. */
  readonly cost: number | undefined;
  readonly cause: Cause;
  readonly detail: string;
}

/** The cause of a difference, with what proves it. */
export interface LegVerdict {
  readonly cause: Cause;
  readonly detail: string;
}

export const EQUAL_LEG: LegVerdict = { cause: 'EQUAL', detail: '' };

export function unexplainedLeg(detail: string): LegVerdict {
  return { cause: 'UNEXPLAINED', detail };
}
