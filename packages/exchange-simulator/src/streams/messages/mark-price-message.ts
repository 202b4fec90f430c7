import type { Contract } from '../../listing/contract.ts';
import type { MarkView } from '../../market/symbol-market.ts';

/**
 * `<symbol>@markPrice…`. Only perpetuals have funding. The venue documents `ap` (since 2026-03) as an average of the mark price; here
 * it is the mark price itself.
 */
export function markPriceMessage(
  { symbol, contractType, marginKind, status }: Contract,
  mark: MarkView,
  nowTs: number,
): Record<string, unknown> {
  const isPerpetual = contractType.endsWith('PERPETUAL');
  return {
    e: 'markPriceUpdate',
    E: nowTs,
    s: symbol,
    p: mark.markPrice,
    ap: mark.markPrice,
    i: mark.indexPrice,
    P: mark.indexPrice,
    r: isPerpetual ? mark.fundingRate : '',
    T: isPerpetual && status === 'TRADING' ? mark.nextFundingTs : 0,
    st: marginKind,
  };
}
