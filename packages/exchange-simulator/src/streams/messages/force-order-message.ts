import { type Contract, mergerFields } from '../../listing/contract.ts';
import type { TapeAggregate } from '../../market/trade-tape.ts';
import { sumOf } from '../../market/venue-kline.ts';

/** `<symbol>@forceOrder` and `!forceOrder@arr`: a liquidation, filled by a trade of `GET aggTrades`. */
export function forceOrderMessage(contract: Contract, trade: TapeAggregate, nowTs: number): Record<string, unknown> {
  const qty = sumOf(trade.trades.map((one) => one.qty));
  const { price, time, buyerIsMaker } = trade;
  return {
    e: 'forceOrder',
    E: Math.max(nowTs, time),
    o: {
      s: contract.symbol,
      S: buyerIsMaker ? 'SELL' : 'BUY',
      o: 'LIMIT',
      f: 'IOC',
      q: qty,
      p: price,
      ap: price,
      X: 'FILLED',
      l: trade.trades.at(-1)?.qty ?? qty,
      z: qty,
      T: time,
    },
    ...mergerFields(contract),
  };
}
