import type { Level } from '@helios/shared/domain/market-data.ts';
import { isLevels, isSymbol, isWhole, type Loose } from './field-checks.ts';
import { badField, type WireFault } from './wire-fault.ts';

/**
 * Answer of `GET /fapi/v1/depth`: the book up to `limit` levels. It names no symbol, so the caller must know it.
 * Source: developers.binance.com, USDⓈ-M, Order Book.
 */
export interface DepthSnapshot {
  readonly kind: 'DEPTH_SNAPSHOT';
  readonly symbol: string;
  readonly tsEvent: number;
  readonly tsSent: number;
  readonly lastUpdateId: number;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** @param symbol the requested symbol; if the body names a symbol, it must be the same */
export function parseDepthSnapshot(data: Loose, symbol: string | undefined): DepthSnapshot | WireFault {
  const { lastUpdateId, E, T, bids, asks } = data;
  const named = data['symbol'] ?? symbol;
  if (named === undefined) {
    const detail =
      'a snapshot that names no symbol, among messages of several symbols; wrap it as {"stream":"btcusdt@depth","data":…}';
    return { kind: 'FAULT', code: 'BAD_FIELD', detail };
  }
  if (!isSymbol(named) || (symbol !== undefined && named !== symbol)) return badField('snapshot', 'symbol', named);
  if (!isWhole(T)) return badField('snapshot', 'T', T);
  if (!isWhole(E)) return badField('snapshot', 'E', E);
  if (!isWhole(lastUpdateId)) return badField('snapshot', 'lastUpdateId', lastUpdateId);
  if (!isLevels(bids)) return badField('snapshot', 'bids', bids);
  if (!isLevels(asks)) return badField('snapshot', 'asks', asks);
  return { kind: 'DEPTH_SNAPSHOT', symbol: named, tsEvent: T, tsSent: E, lastUpdateId, bids, asks };
}
