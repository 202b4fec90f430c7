import { isLoose, isSignedDecimal, type Loose } from '../../wire/field-checks.ts';
import { badField } from '../../wire/wire-fault.ts';
import { defineEndpoint } from '../endpoint.ts';

/** The totals of the account, in USD by the venue's valuation. Decimal strings. */
export interface VenueAccount {
  /** Balance available for new positions. */
  readonly availableBalance: string;
  readonly walletBalance: string;
  readonly unrealizedProfit: string;
  readonly marginBalance: string;
  /** Margin of positions and open orders. */
  readonly initialMargin: string;
  /** Margin of positions alone. */
  readonly positionInitialMargin: string;
  readonly maintenanceMargin: string;
}

const TOTALS = [
  ...['availableBalance', 'totalWalletBalance', 'totalUnrealizedProfit', 'totalMarginBalance'],
  ...['totalInitialMargin', 'totalPositionInitialMargin', 'totalMaintMargin'],
] as const;

/** `GET /fapi/v3/account`, signed. The venue answers only if key, secret, address and futures permission are valid. */
export const account = defineEndpoint<void, VenueAccount>({
  path: '/fapi/v3/account',
  query: () => ({}),
  weight: () => 5,
  parse(json) {
    if (!isLoose(json)) return badField('account', 'the answer', json);
    const wrong = TOTALS.find((field) => !isSignedDecimal(json[field]));
    if (wrong !== undefined) return badField('account', wrong, json[wrong]);
    const of = (field: string): string => (json as Loose & Readonly<Record<string, string>>)[field] ?? '';
    return {
      availableBalance: of('availableBalance'),
      walletBalance: of('totalWalletBalance'),
      unrealizedProfit: of('totalUnrealizedProfit'),
      marginBalance: of('totalMarginBalance'),
      initialMargin: of('totalInitialMargin'),
      positionInitialMargin: of('totalPositionInitialMargin'),
      maintenanceMargin: of('totalMaintMargin'),
    };
  },
});
