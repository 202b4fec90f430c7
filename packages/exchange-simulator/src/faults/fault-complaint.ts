import { moneyOf } from '@helios/core/matching/money.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import type { Contract } from '../listing/contract.ts';
import type { Fault } from './fault.ts';

/** Why the venue refuses these faults: one names an unlisted symbol, an unknown account, or a tick size that does not fit. */
export function faultComplaint(
  faults: readonly Fault[],
  contracts: ReadonlyMap<string, Contract>,
  accounts: AccountStore,
): string | undefined {
  for (const fault of faults) {
    if ('symbol' in fault && fault.symbol !== undefined && !contracts.has(fault.symbol))
      return `there is no symbol ${fault.symbol}. Known: ${[...contracts.keys()].join(', ')}.`;
    if ('account' in fault && fault.account !== undefined && accounts.byId(fault.account) === undefined) {
      const ids = accounts.all().map(({ id }) => id);
      return `there is no account ${fault.account}. Known: ${ids.length === 0 ? 'none' : ids.join(', ')}.`;
    }
    const tickSize = fault.fault === 'tick-size' ? contracts.get(fault.symbol)?.tickSize : undefined;
    if (fault.fault === 'tick-size' && tickSize !== undefined && !isMultiple(fault.tick_size, tickSize))
      return `the tick size of ${fault.symbol} is ${tickSize}, and ${fault.tick_size} is not a multiple of it.`;
  }
  return undefined;
}

function isMultiple(size: string, of: string): boolean {
  return moneyOf(size) > 0n && moneyOf(size) % moneyOf(of) === 0n;
}
