import type { Contract } from '../../listing/contract.ts';
import type { TapeTrade } from '../../market/trade-tape.ts';

/** `<symbol>@trade`: one trade, with the same id as in `GET trades`. `X` means a fill in the book. */
export function tradeMessage(
  { symbol, marginKind }: Contract,
  { id, price, qty, time, buyerIsMaker }: TapeTrade,
  nowTs: number,
): Record<string, unknown> {
  return {
    e: 'trade',
    E: Math.max(nowTs, time),
    T: time,
    s: symbol,
    t: id,
    p: price,
    q: qty,
    X: 'MARKET',
    m: buyerIsMaker,
    st: marginKind,
  };
}
