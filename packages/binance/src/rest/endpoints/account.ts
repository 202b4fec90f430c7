import { isLoose, isSignedDecimal } from '../../wire/field-checks.ts';
import { badField } from '../../wire/wire-fault.ts';
import { defineEndpoint } from '../endpoint.ts';

/** What is read of the account so far. */
export interface VenueAccount {
  /** Free for new positions, in USD as the venue values it; a decimal string. */
  readonly availableBalance: string;
}

/** `GET /fapi/v3/account`, signed: answered only where key, secret, address and the right to read futures are in order. */
export const account = defineEndpoint<void, VenueAccount>({
  path: '/fapi/v3/account',
  query: () => ({}),
  weight: () => 5,
  parse(json) {
    const availableBalance = isLoose(json) ? json['availableBalance'] : undefined;
    return isSignedDecimal(availableBalance)
      ? { availableBalance }
      : badField('account', 'availableBalance', availableBalance);
  },
});
