import type { Level } from '@helios/shared/domain/market-data.ts';
import { isLevels, isSymbol, isWhole, type Loose } from './field-checks.ts';
import { badField, type WireFault } from './wire-fault.ts';

/**
 * `<symbol>@depth`, `@depth@100ms`, `@depth@500ms` (and `@depth@0ms` in recordings): absolute quantities of the levels that changed.
 * Source: developers.binance.com, USDⓈ-M, Diff. Book Depth Streams.
 */
export interface DepthUpdate {
  readonly kind: 'DEPTH_UPDATE';
  readonly symbol: string;
  /** Time of the matching engine (`T`), and send time of the venue (`E`); epoch ms. */
  readonly tsEvent: number;
  readonly tsSent: number;
  /** `U`, `u`: ids of the first and last contained update. */
  readonly firstUpdateId: number;
  readonly lastUpdateId: number;
  /** `pu`: the `u` of the previous update on this stream. */
  readonly previousUpdateId: number;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** Hand-written checks, because this is the hottest message. */
export function parseDepthUpdate(data: Loose): DepthUpdate | WireFault {
  const { s, T, E, U, u, pu, b, a } = data;
  if (!isSymbol(s)) return badField('depthUpdate', 's', s);
  if (!isWhole(T)) return badField('depthUpdate', 'T', T);
  if (!isWhole(E)) return badField('depthUpdate', 'E', E);
  if (!isWhole(U)) return badField('depthUpdate', 'U', U);
  if (!isWhole(u)) return badField('depthUpdate', 'u', u);
  if (!isWhole(pu)) return badField('depthUpdate', 'pu', pu);
  if (!isLevels(b)) return badField('depthUpdate', 'b', b);
  if (!isLevels(a)) return badField('depthUpdate', 'a', a);
  return {
    kind: 'DEPTH_UPDATE',
    symbol: s,
    tsEvent: T,
    tsSent: E,
    firstUpdateId: U,
    lastUpdateId: u,
    previousUpdateId: pu,
    bids: b,
    asks: a,
  };
}
