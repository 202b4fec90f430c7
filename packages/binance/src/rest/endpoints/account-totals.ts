import { isLoose, isSignedDecimal, type Loose } from '../../wire/field-checks.ts';
import { badField } from '../../wire/wire-fault.ts';
import { defineEndpoint } from '../endpoint.ts';

/** The money of the account; decimal strings. Without multi-assets mode of USDT only. */
export interface AccountTotals {
  readonly walletBalance: string;
  readonly unrealizedPnl: string;
  readonly marginBalance: string;
  readonly availableBalance: string;
  readonly initialMargin: string;
  readonly maintenanceMargin: string;
  /** Initial margin of the positions alone, without open orders. */
  readonly positionMargin: string;
  /** Wallets by asset, of which the account owns something; decimal strings. */
  readonly wallets: Readonly<Record<string, string>>;
}

/** Our names and the venue's. */
const FIELDS = {
  walletBalance: 'totalWalletBalance',
  unrealizedPnl: 'totalUnrealizedProfit',
  marginBalance: 'totalMarginBalance',
  availableBalance: 'availableBalance',
  initialMargin: 'totalInitialMargin',
  maintenanceMargin: 'totalMaintMargin',
  positionMargin: 'totalPositionInitialMargin',
} as const;

/** `GET /fapi/v3/account`, signed. Source: developers.binance.com, USDⓈ-M, Account Information V3. */
export const accountTotals = defineEndpoint<void, AccountTotals>({
  path: '/fapi/v3/account',
  query: () => ({}),
  weight: () => 5,
  parse(json) {
    if (!isLoose(json)) return badField('account', 'the answer', json);
    const wrong = Object.values(FIELDS).find((field) => !isSignedDecimal(json[field]));
    if (wrong !== undefined) return badField('account', wrong, json[wrong]);
    const texts = Object.entries(FIELDS).map(([ours, theirs]) => [ours, json[theirs]]);
    return { ...(Object.fromEntries(texts) as Omit<AccountTotals, 'wallets'>), wallets: walletsIn(json) };
  },
});

function walletsIn({ assets }: Loose): Readonly<Record<string, string>> {
  if (!Array.isArray(assets)) return {};
  const owned = assets.flatMap((row) => {
    if (!isLoose(row) || typeof row['asset'] !== 'string' || !isSignedDecimal(row['walletBalance'])) return [];
    return Number(row['walletBalance']) > 0 ? [[row['asset'], row['walletBalance']]] : [];
  });
  return Object.fromEntries(owned);
}
