import { isLoose } from '../../wire/field-checks.ts';
import { badField } from '../../wire/wire-fault.ts';
import { defineEndpoint } from '../endpoint.ts';

/** What an API key may do. */
export interface KeyRights {
  readonly mayWithdraw: boolean;
  readonly mayTradeFutures: boolean;
  /** True if the key works from named addresses only. */
  readonly isBoundToAddresses: boolean;
}

/**
 * `GET /sapi/v1/account/apiRestrictions`, signed, on the spot host; the test venue lacks it.
 * Source: developers.binance.com, Wallet, Get API Key Permission.
 */
export const keyRights = defineEndpoint<void, KeyRights>({
  path: '/sapi/v1/account/apiRestrictions',
  query: () => ({}),
  weight: () => 1,
  parse(json) {
    if (!isLoose(json)) return badField('apiRestrictions', 'the answer', json);
    const { enableWithdrawals, enableFutures, ipRestrict } = json;
    if (typeof enableWithdrawals !== 'boolean')
      return badField('apiRestrictions', 'enableWithdrawals', enableWithdrawals);
    if (typeof enableFutures !== 'boolean') return badField('apiRestrictions', 'enableFutures', enableFutures);
    if (typeof ipRestrict !== 'boolean') return badField('apiRestrictions', 'ipRestrict', ipRestrict);
    return { mayWithdraw: enableWithdrawals, mayTradeFutures: enableFutures, isBoundToAddresses: ipRestrict };
  },
});
