import type { PositionMargin } from '@helios/core/matching/margin.ts';
import { adlQuantileOf } from '../../trading/adl.ts';
import { marginOf } from '../../trading/margin-state.ts';
import { ok } from '../endpoint.ts';
import { optionalListedSymbol } from './asked-symbol.ts';
import { type Call, signedEndpoint } from './signed-endpoint.ts';

/** `GET /fapi/v1/adlQuantile`: symbols with a position. */
export const adlQuantile = signedEndpoint({
  method: 'GET',
  path: '/fapi/v1/adlQuantile',
  weight: () => 5,
  answer: (call) => {
    const asked = optionalListedSymbol(call.query, call.exchange);
    if (asked.kind !== 'VALUE') return asked;
    const held = marginOf(call.account, call.trading).positions.filter(({ quantity }) => quantity !== 0n);
    const symbols = [...new Set(held.map(({ symbol }) => symbol))];
    return ok(
      symbols
        .filter((symbol) => asked.value === undefined || symbol === asked.value)
        .map((symbol) => ({
          symbol,
          adlQuantile: quantiles(
            call,
            held.filter((one) => one.symbol === symbol),
          ),
        })),
    );
  },
});

/** Crossed sides of hedge mode share a value, and the venue writes HEDGE instead of BOTH. */
function quantiles({ account, trading }: Call, positions: readonly PositionMargin[]): Record<string, number> {
  const of = (side: PositionMargin['side']): number => {
    const position = positions.find((one) => one.side === side);
    return position === undefined ? 0 : adlQuantileOf(account, position, trading);
  };
  if (!account.isHedge) return { LONG: 0, SHORT: 0, BOTH: of('BOTH') };
  if (positions.some(({ isIsolated }) => isIsolated)) return { LONG: of('LONG'), SHORT: of('SHORT'), BOTH: 0 };
  const both = Math.max(of('LONG'), of('SHORT'));
  return { LONG: both, SHORT: both, HEDGE: 0 };
}
