import type { Contract } from '../../listing/contract.ts';

/** `!contractInfo`: a contract whose status has changed. Brackets stand in it only when they change, which they never do here. */
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
