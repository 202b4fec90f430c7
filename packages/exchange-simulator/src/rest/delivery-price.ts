import { ok, type ServedEndpoint } from './endpoint.ts';
import { mandatorySymbol } from './parameters.ts';
import { invalidSymbol } from './refusal.ts';

/** `GET /futures/data/delivery-price`: delivery prices of a pair's quarterlies, newest first. */
export const deliveryPrice: ServedEndpoint = {
  method: 'GET',
  path: '/futures/data/delivery-price',
  pool: 'STATISTICS',
  weight: () => 0,
  answer(query, exchange) {
    const pair = mandatorySymbol(query, 'pair');
    if (pair.kind !== 'VALUE') return pair;
    const ofPair = exchange.allListed().filter(({ contract }) => contract.pair === pair.value);
    if (ofPair.length === 0) return invalidSymbol();
    const nowTs = exchange.now();
    const delivered = ofPair
      .filter(({ contract }) => contract.contractType.includes('QUARTER') && contract.deliveryDate <= nowTs)
      .toSorted((a, b) => b.contract.deliveryDate - a.contract.deliveryDate);
    // The market stands still since delivery, so its last price is the delivery price.
    return ok(
      delivered.map(({ contract, market }) => ({
        deliveryTime: contract.deliveryDate,
        deliveryPrice: Number(market.lastPrice ?? 0),
      })),
    );
  },
};
