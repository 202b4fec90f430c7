import type { Contract } from '../../listing/contract.ts';

/** `!contractInfo`: a contract whose status has changed. It would hold brackets if they changed, but here they never do. */
export function contractInfoMessage(contract: Contract, nowTs: number): Record<string, unknown> {
  return {
    e: 'contractInfo',
    E: nowTs,
    s: contract.symbol,
    ps: contract.pair,
    ct: contract.contractType,
    dt: contract.deliveryDate,
    ot: contract.onboardDate,
    cs: contract.status,
    st: contract.marginKind,
  };
}
