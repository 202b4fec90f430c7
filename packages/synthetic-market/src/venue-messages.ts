import type { DecimalSteps } from '@helios/core/price/decimal-steps.ts';
import type { SyntheticBookSide } from './synthetic-book-side.ts';

/** The grids of a symbol's prices and quantities. */
export interface SymbolGrids {
  readonly symbol: string;
  /** The symbol in lower case, as in stream names. */
  readonly stream: string;
  readonly price: DecimalSteps;
  readonly quantity: DecimalSteps;
}

/** Ids of the events in one depth update. */
export interface UpdateIds {
  readonly first: number;
  readonly last: number;
  readonly previousLast: number;
}

function changesText(grids: SymbolGrids, side: SyntheticBookSide): string {
  let text = '';
  for (const [tick, steps] of side.changes) {
    text += `${text === '' ? '' : ','}["${grids.price.text(tick)}","${grids.quantity.text(steps)}"]`;
  }
  return text;
}

function levelsText(grids: SymbolGrids, side: SyntheticBookSide): string {
  let text = '';
  for (let depth = 0; depth < side.length; depth += 1) {
    text += `${text === '' ? '' : ','}["${grids.price.text(side.tickAt(depth))}","${grids.quantity.text(side.quantityAt(depth))}"]`;
  }
  return text;
}

/** The answer to a REST depth request: every level of both sides, best first. */
export function snapshotText(
  grids: SymbolGrids,
  lastUpdateId: number,
  eventMs: number,
  bids: SyntheticBookSide,
  asks: SyntheticBookSide,
): string {
  return `{"lastUpdateId":${lastUpdateId},"E":${eventMs},"T":${eventMs},"bids":[${levelsText(grids, bids)}],"asks":[${levelsText(grids, asks)}]}`;
}

/** A depth update with the changes since the previous one. */
export function depthText(
  grids: SymbolGrids,
  ids: UpdateIds,
  eventMs: number,
  bids: SyntheticBookSide,
  asks: SyntheticBookSide,
): string {
  return `{"stream":"${grids.stream}@depth@100ms","data":{"e":"depthUpdate","E":${eventMs},"T":${eventMs},"s":"${grids.symbol}","U":${ids.first},"u":${ids.last},"pu":${ids.previousLast},"b":[${changesText(grids, bids)}],"a":[${changesText(grids, asks)}]}}`;
}

/** Best bid and ask after update `updateId`. */
export function bookTickerText(
  grids: SymbolGrids,
  updateId: number,
  eventMs: number,
  bids: SyntheticBookSide,
  asks: SyntheticBookSide,
): string {
  const bid = `"b":"${grids.price.text(bids.tickAt(0))}","B":"${grids.quantity.text(bids.quantityAt(0))}"`;
  const ask = `"a":"${grids.price.text(asks.tickAt(0))}","A":"${grids.quantity.text(asks.quantityAt(0))}"`;
  return `{"stream":"${grids.stream}@bookTicker","data":{"e":"bookTicker","u":${updateId},"s":"${grids.symbol}",${bid},${ask},"T":${eventMs},"E":${eventMs}}}`;
}

/** One trade. */
export function tradeText(
  grids: SymbolGrids,
  trade: { id: number; tick: number; steps: number; buyerIsMaker: boolean; tradeMs: number; eventMs: number },
): string {
  return `{"stream":"${grids.stream}@trade","data":{"e":"trade","E":${trade.eventMs},"T":${trade.tradeMs},"s":"${grids.symbol}","t":${trade.id},"p":"${grids.price.text(trade.tick)}","q":"${grids.quantity.text(trade.steps)}","X":"MARKET","m":${trade.buyerIsMaker}}}`;
}

/** Mark and index price with the next funding. */
export function markPriceText(
  grids: SymbolGrids,
  mark: { eventMs: number; mark: number; index: number; fundingRate: number; nextFundingMs: number },
): string {
  const price = mark.mark.toFixed(8);
  const index = mark.index.toFixed(8);
  return `{"stream":"${grids.stream}@markPrice@1s","data":{"e":"markPriceUpdate","E":${mark.eventMs},"s":"${grids.symbol}","p":"${price}","P":"${price}","i":"${index}","r":"${mark.fundingRate.toFixed(8)}","T":${mark.nextFundingMs}}}`;
}
