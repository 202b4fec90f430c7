import type { Book } from '@helios/shared/domain/market-data.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { TradingSignal } from '@helios/shared/domain/signal.ts';
import type { Liquidity } from '../execution/fees.ts';
import { actionOf } from '../execution/fill.ts';
import { type TakerFill, takerFill } from '../execution/taker-fill.ts';
import type { DecisionFigures } from './decision-of.ts';

/** One order, filled. */
export interface FilledOrder extends TakerFill {
  /** What an entry opens with; an exit closes all there is. Base currency. */
  readonly quantity: number;
  readonly ts: number;
  readonly liquidity: Liquidity;
  /** The decision is known already: the order rested. */
  readonly rested: boolean;
}

/** What a signal takes from the book as last seen. A price named by hand, where no market is known, is taken at its word. */
export function takeFrom(
  book: Book | undefined,
  signal: TradingSignal,
  order: { readonly decidedPrice: number; readonly quantity: number },
  slippageBp: number,
): TakerFill {
  if (book === undefined && signal.quote === undefined && signal.origin === 'EXTERNAL') {
    return { price: order.decidedPrice, slippage: 0 };
  }
  return takerFill({ action: actionOf(signal.direction), ...order }, book, slippageBp);
}

/** What the decision on an exit says of the trade it completed. */
export function closedFigures(trade: ClosedTrade, { price, liquidity, beyond_book_qty }: FilledOrder): DecisionFigures {
  const { quantity, gross_pnl, fees, slippage, funding, funding_times_missed, realized_pnl } = trade;
  const money = { gross_pnl, fees, slippage, funding, funding_times_missed, realized_pnl };
  const filled = { fill_price: price, liquidity, position_size: quantity, beyond_book_qty };
  return { ...filled, ...money, trade_origin: trade.origin };
}
