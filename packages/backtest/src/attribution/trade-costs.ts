import { signOf } from '@helios/core/strategy/side-sign.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { BacktestResult } from '../backtest-result.ts';

/** Parts of a trade's result, quote currency: net = move − spread − slippage − fees − funding. A cost below zero was earned. */
export interface TradeCosts {
  /** What the position gained from mid at the entry decision to mid at the exit decision. */
  readonly move: number;
  /** From the mid to the price at the decision; below zero where resting orders earned it. */
  readonly spread: number;
  /** From the price at the decision to the fill: book levels taken, and `fees.slippage_bp`. */
  readonly slippage: number;
  readonly fees: number;
  readonly funding: number;
  readonly net: number;
  /** Number of legs whose decision knew no book. The price of the decision replaces their mid, so they show no spread. */
  readonly legsWithoutBook: number;
}

/** Price that a leg is compared with, and whether it is a mid. */
interface LegReference {
  readonly price: number;
  readonly isMid: boolean;
}

/** Splits trades of one result. */
export class CostSplitter {
  readonly #mids: BacktestResult['mids'];
  readonly #decided: ReadonlyMap<string, number>;

  constructor({ mids, decisions }: Pick<BacktestResult, 'mids' | 'decisions'>) {
    this.#mids = mids;
    this.#decided = new Map(decisions.map(({ decision_id, entry_price }) => [decision_id, entry_price]));
  }

  /**
   * The parts of one trade; their sum is its `realized_pnl`. The spread is the rest of the gross result, so it also holds what the
   * earlier parts of an exit in several parts lost or gained until the last one.
   */
  costsOf(trade: ClosedTrade): TradeCosts {
    const { quantity, gross_pnl, fees, slippage = 0, funding = 0, realized_pnl } = trade;
    const entry = this.#referenceOf(trade.entry_signal_id, trade.entry_price);
    const exit = this.#referenceOf(trade.exit_signal_id, trade.exit_price);
    const move = signOf(trade.side) * (exit.price - entry.price) * quantity;
    const legsWithoutBook = Number(!entry.isMid) + Number(!exit.isMid);
    return { move, spread: move - gross_pnl - slippage, slippage, fees, funding, net: realized_pnl, legsWithoutBook };
  }

  #referenceOf(signalId: string, fillPrice: number): LegReference {
    const mid = this.#mids.get(signalId);
    if (mid !== undefined) return { price: mid, isMid: true };
    return { price: this.#decided.get(signalId) ?? fillPrice, isMid: false };
  }
}

const PARTS = ['move', 'spread', 'slippage', 'fees', 'funding', 'net', 'legsWithoutBook'] as const;

/** Sums of each part. */
export function sumOfCosts(costs: readonly TradeCosts[]): TradeCosts {
  const sum = (part: (typeof PARTS)[number]) => costs.reduce((total, { [part]: amount }) => total + amount, 0);
  return Object.fromEntries(PARTS.map((part) => [part, sum(part)])) as Record<(typeof PARTS)[number], number>;
}
