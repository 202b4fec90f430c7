import type { Taken } from '@helios/core/matching/walk-levels.ts';
import { type Order, type OrderSide, remaining } from './order.ts';

/** A quantity that an order can take: of the shown book, or of a resting order. */
export interface Offer extends Taken {
  /** The resting order; undefined for the shown book. */
  readonly maker: Order | undefined;
}

/**
 * The shown levels and the resting orders that an order of `side` meets, best price first. At one price the shown quantity comes
 * first, then the orders by time.
 * @param resting the other side's resting orders; copied, so that they may end meanwhile
 */
export function* offersFor(side: OrderSide, shown: Iterable<Taken>, resting: readonly Order[]): Generator<Offer> {
  const makers = [...resting];
  let next = 0;
  const isBetter = (maker: Order | undefined, price: number): maker is Order =>
    maker !== undefined && (side === 'BUY' ? maker.ticket.price < price : maker.ticket.price > price);
  for (const { price, quantity } of shown) {
    for (let maker = makers[next]; isBetter(maker, price); maker = makers[next]) {
      next += 1;
      yield offerOf(maker);
    }
    yield { price, quantity, maker: undefined };
  }
  for (const maker of makers.slice(next)) yield offerOf(maker);
}

function offerOf(maker: Order): Offer {
  return { price: maker.ticket.price, quantity: remaining(maker), maker };
}
