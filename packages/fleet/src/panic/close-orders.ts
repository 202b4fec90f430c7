import type { NewOrder } from '@helios/binance/orders/order-endpoints.ts';
import type { VenuePositionRow } from '@helios/binance/rest/endpoints/position-risk.ts';
import { exactOf, exactText, unitsAt } from '@helios/core/price/exact-decimal.ts';

/**
 * The market orders that close a position and cannot open another: reduce-only, or in hedge mode against their own side. A position
 * above the venue's largest market order takes several.
 * @param maxQuantity largest quantity of one market order; undefined: no limit
 * @param nextId makes a new client order id
 */
export function closeOrders(
  { symbol, positionSide, amount }: VenuePositionRow,
  maxQuantity: string | undefined,
  nextId: () => string,
): readonly NewOrder[] {
  const isShort = amount.startsWith('-');
  return chunksOf(amount.replace('-', ''), maxQuantity).map((quantity) => ({
    symbol,
    clientOrderId: nextId(),
    side: isShort ? 'BUY' : 'SELL',
    quantity,
    reduceOnly: positionSide === 'BOTH',
    ...(positionSide !== 'BOTH' && { positionSide }),
    execution: { type: 'MARKET' },
  }));
}

/** Parts of a quantity, each at most `max`; together exactly the quantity. */
function chunksOf(quantity: string, max: string | undefined): readonly string[] {
  if (max === undefined) return [quantity];
  const [whole, part] = [exactOf(quantity), exactOf(max)];
  const scale = Math.max(whole.scale, part.scale);
  const chunk = unitsAt(part, scale);
  const chunks: string[] = [];
  let left = unitsAt(whole, scale);
  for (; chunk > 0n && left > chunk; left -= chunk) chunks.push(exactText({ units: chunk, scale }));
  return [...chunks, exactText({ units: left, scale })];
}
