import { moneyText } from '@helios/core/matching/money.ts';
import { marginOf } from '../../trading/margin-state.ts';
import { ok, type ServedEndpoint } from '../endpoint.ts';
import { signedEndpoint } from './signed-endpoint.ts';

/** `GET /fapi/v2/balance` and `/fapi/v3/balance`: one row, because only USDT is a margin asset here. */
export const balanceEndpoints: readonly ServedEndpoint[] = ['/fapi/v2/balance', '/fapi/v3/balance'].map((path) =>
  signedEndpoint({
    method: 'GET',
    path,
    weight: () => 5,
    answer: ({ account, trading }) => {
      const state = marginOf(account, trading);
      const row = {
        accountAlias: account.id,
        asset: 'USDT',
        balance: moneyText(state.wallet),
        crossWalletBalance: moneyText(state.crossWallet),
        crossUnPnl: moneyText(state.crossUnrealised),
        availableBalance: moneyText(state.available),
        maxWithdrawAmount: moneyText(state.maxWithdraw),
        marginAvailable: true,
        updateTime: account.updateTime,
      };
      return ok([row]);
    },
  }),
);
