import type { SymbolState } from './symbol-state.ts';

/**
 * The imbalance that a book of the symbol must reach to change anything; undefined if every book counts. Below it a book only moves
 * the current price, and a kline only the indicators, while nothing in the fleet watches one: no position, order, unanswered entry or follow-up of any symbol, no
 * trigger whose move is being measured, no feature of books, and an ATR of klines in place of the one of mids.
 */
export function quietThreshold(symbols: ReadonlyMap<string, SymbolState>, symbol: string): number | undefined {
  for (const { exposure, followUps } of symbols.values()) if (!exposure.flat || followUps.size > 0) return undefined;
  const state = symbols.get(symbol);
  if (state === undefined || state.sessionOver || !state.market.bookValid) return undefined;
  if (state.watch?.features.needsBooks) return undefined;
  return state.klines.atr !== undefined && state.openMoves.isSettled ? state.threshold : undefined;
}
