import { isLoose, isSignedDecimal } from '../../wire/field-checks.ts';
import { badField } from '../../wire/wire-fault.ts';
import { defineEndpoint } from '../endpoint.ts';

/** The parsed part of the account. */
export interface VenueAccount {
  /** Balance available for new positions, in USD by the venue's valuation; a decimal string. */
  readonly availableBalance: string;
}

/** `GET /fapi/v3/account`, signed. The venue answers only if key, secret, address and futures permission are valid. */
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
