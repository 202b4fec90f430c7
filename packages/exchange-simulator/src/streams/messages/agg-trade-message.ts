import type { Contract } from '../../listing/contract.ts';
import type { TapeAggregate } from '../../market/trade-tape.ts';
import { sumOf } from '../../market/venue-kline.ts';

/** `<symbol>@aggTrade`: an aggregate trade, with the same id as in `GET aggTrades`. The simulator has no RPI orders. */
export function aggTradeMessage(
  { symbol, marginKind }: Contract,
  aggregate: TapeAggregate,
  nowTs: number,
): Record<string, unknown> {
  const q = sumOf(aggregate.trades.map(({ qty }) => qty));
  const { id, price, firstId, lastId, time, buyerIsMaker } = aggregate;
  return {
    e: 'aggTrade',
    E: Math.max(nowTs, time),
    a: id,
    s: symbol,
    p: price,
    q,
    nq: q,
    f: firstId,
    l: lastId,
    T: time,
    m: buyerIsMaker,
    st: marginKind,
  };
}
