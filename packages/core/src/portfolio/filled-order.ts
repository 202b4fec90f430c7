import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { Fill, Liquidity } from '@helios/shared/domain/venue-event.ts';
import { addMoney, addQuantity, roundMoney } from '../price/significant-digits.ts';
import type { DecisionFigures } from './decision-of.ts';

/** All fills of an order combined. Quantities in base currency, money in quote currency. */
export interface FilledOrder {
  readonly price: number;
  readonly quantity: number;
  readonly slippage: number;
  readonly liquidity: Liquidity;
  readonly beyond_book_qty?: number;
}

/** Combines the fills of an order; undefined without fills. The price is the average; TAKER if any part took liquidity. */
export function filledOrderOf(order: { readonly fills: ReadonlyMap<string, Fill> }): FilledOrder | undefined {
  const fills = [...order.fills.values()];
  const [first, ...more] = fills;
  if (first === undefined) return undefined;
  if (more.length === 0) return first;
  const sum = (of: (fill: Fill) => number) => fills.reduce((total, fill) => addMoney(total, of(fill)), 0);
  const quantity = fills.reduce((total, fill) => addQuantity(total, fill.quantity), 0);
  const beyond = sum((fill) => fill.beyond_book_qty ?? 0);
  return {
    price: roundMoney(sum((fill) => fill.price * fill.quantity) / quantity),
    quantity,
    slippage: sum((fill) => fill.slippage),
    liquidity: fills.some(({ liquidity }) => liquidity === 'TAKER') ? 'TAKER' : 'MAKER',
    ...(beyond > 0 && { beyond_book_qty: beyond }),
  };
}

/** Figures of a fill for the decision on its order. */
export function filledFigures({ price, liquidity, quantity, slippage, beyond_book_qty }: FilledOrder): DecisionFigures {
  return { fill_price: price, liquidity, position_size: quantity, slippage, beyond_book_qty };
}

/** Figures of a closed trade for the decision on its exit; `execution` is the exit's own fill. */
export function closedFigures(trade: ClosedTrade, execution: FilledOrder | undefined): DecisionFigures {
  const { quantity, gross_pnl, fees, slippage, funding, funding_times_missed, realized_pnl } = trade;
  const money = { gross_pnl, fees, slippage, funding, funding_times_missed, realized_pnl };
  const { price: fill_price = trade.exit_price, liquidity, beyond_book_qty } = execution ?? {};
  return { fill_price, liquidity, position_size: quantity, beyond_book_qty, ...money, trade_origin: trade.origin };
}
