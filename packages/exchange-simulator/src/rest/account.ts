import { ok } from './endpoint.ts';
import { signedEndpoint } from './trade/signed-endpoint.ts';

const BALANCE = '10000.00000000';
const ZERO = '0.00000000';

const margins = {
  initialMargin: ZERO,
  maintMargin: ZERO,
  positionInitialMargin: ZERO,
  openOrderInitialMargin: ZERO,
};

const totals = {
  totalInitialMargin: ZERO,
  totalMaintMargin: ZERO,
  totalWalletBalance: BALANCE,
  totalUnrealizedProfit: ZERO,
  totalMarginBalance: BALANCE,
  totalPositionInitialMargin: ZERO,
  totalOpenOrderInitialMargin: ZERO,
  totalCrossWalletBalance: BALANCE,
  totalCrossUnPnl: ZERO,
  availableBalance: BALANCE,
  maxWithdrawAmount: BALANCE,
};

const usdt = {
  asset: 'USDT',
  walletBalance: BALANCE,
  unrealizedProfit: ZERO,
  marginBalance: BALANCE,
  ...margins,
  crossWalletBalance: BALANCE,
  crossUnPnl: ZERO,
  availableBalance: BALANCE,
  maxWithdrawAmount: BALANCE,
};

/** `GET /fapi/v3/account`, signed: an account of 10,000 USDT without positions or orders. */
export const accountEndpoint = signedEndpoint({
  method: 'GET',
  path: '/fapi/v3/account',
  weight: () => 5,
  answer: ({ exchange }) => ok({ ...totals, assets: [{ ...usdt, updateTime: exchange.now() }], positions: [] }),
});
