import type { AccountMargin } from '@helios/core/matching/margin.ts';
import { moneyText } from '@helios/core/matching/money.ts';
import { marginOf } from '../trading/margin-state.ts';
import { ok, type ServedEndpoint } from './endpoint.ts';
import { maxNotionalText, plainMoney } from './trade/money-fields.ts';
import {
  isolatedMargin,
  marginFields,
  type PositionState,
  positionStates,
  priceFields,
  rowsOfSymbols,
} from './trade/position-state.ts';
import { type Call, signedEndpoint } from './trade/signed-endpoint.ts';

/** `GET /fapi/v2/account` and `/fapi/v3/account`: version 3 has no settings, and only rows with a position or an open order. */
export const accountEndpoints: readonly ServedEndpoint[] = [
  signedEndpoint({
    method: 'GET',
    path: '/fapi/v2/account',
    weight: () => 5,
    answer: (call) => {
      const symbols = call.exchange.allListed().map(({ contract }) => contract.symbol);
      const views = positionStates(call, rowsOfSymbols(call, symbols));
      const state = marginOf(call.account, call.trading);
      const assets = [{ ...assetRow(state), marginAvailable: true, updateTime: call.account.updateTime }];
      return ok({ ...settings(call), ...totals(state), assets, positions: views.map((view) => rowV2(call, view)) });
    },
  }),
  signedEndpoint({
    method: 'GET',
    path: '/fapi/v3/account',
    weight: () => 5,
    answer: (call) => {
      const state = marginOf(call.account, call.trading);
      const assets = [{ ...assetRow(state), updateTime: call.account.updateTime }];
      return ok({ ...totals(state), assets, positions: positionStates(call).map(rowV3) });
    },
  }),
];

function settings({ account }: Call): Record<string, unknown> {
  return {
    feeTier: 0,
    feeBurn: account.paysFeesInBnb,
    canTrade: true,
    canDeposit: true,
    canWithdraw: true,
    updateTime: 0,
    multiAssetsMargin: account.isMultiAssets,
    tradeGroupId: -1,
  };
}

function totals(state: AccountMargin): Record<string, string> {
  return {
    totalInitialMargin: moneyText(state.positionInitial + state.openOrderInitial),
    totalMaintMargin: moneyText(state.maintenance),
    totalWalletBalance: moneyText(state.wallet),
    totalUnrealizedProfit: moneyText(state.unrealised),
    totalMarginBalance: moneyText(state.marginBalance),
    totalPositionInitialMargin: moneyText(state.positionInitial),
    totalOpenOrderInitialMargin: moneyText(state.openOrderInitial),
    totalCrossWalletBalance: moneyText(state.crossWallet),
    totalCrossUnPnl: moneyText(state.crossUnrealised),
    availableBalance: moneyText(state.available),
    maxWithdrawAmount: moneyText(state.maxWithdraw),
  };
}

function assetRow(state: AccountMargin): Record<string, unknown> {
  return {
    asset: 'USDT',
    walletBalance: moneyText(state.wallet),
    unrealizedProfit: moneyText(state.unrealised),
    marginBalance: moneyText(state.marginBalance),
    maintMargin: moneyText(state.maintenance),
    initialMargin: moneyText(state.positionInitial + state.openOrderInitial),
    positionInitialMargin: moneyText(state.positionInitial),
    openOrderInitialMargin: moneyText(state.openOrderInitial),
    crossWalletBalance: moneyText(state.crossWallet),
    crossUnPnl: moneyText(state.crossUnrealised),
    availableBalance: moneyText(state.available),
    maxWithdrawAmount: moneyText(state.maxWithdraw),
  };
}

function rowV3(view: PositionState): Record<string, unknown> {
  const { position, margin, grid } = view;
  const { initialMargin, maintMargin } = marginFields(view);
  return {
    symbol: position.symbol,
    positionSide: position.side,
    positionAmt: grid.quantityText(position.holding.steps),
    unrealizedProfit: moneyText(margin.unrealised),
    isolatedMargin: moneyText(isolatedMargin(view)),
    notional: plainMoney(margin.notional),
    isolatedWallet: plainMoney(margin.isolatedWallet),
    ...{ initialMargin, maintMargin },
    updateTime: position.updateTime,
  };
}

function rowV2({ account }: Call, view: PositionState): Record<string, unknown> {
  const { position, margin, grid } = view;
  const { initialMargin, maintMargin, positionInitialMargin, openOrderInitialMargin } = marginFields(view);
  return {
    symbol: position.symbol,
    ...{ initialMargin, maintMargin },
    unrealizedProfit: moneyText(margin.unrealised),
    ...{ positionInitialMargin, openOrderInitialMargin },
    leverage: String(account.leverage(position.symbol)),
    isolated: margin.isIsolated,
    ...priceFields(view),
    maxNotional: maxNotionalText(margin.leverage),
    bidNotional: plainMoney(margin.bidNotional),
    askNotional: plainMoney(margin.askNotional),
    positionSide: position.side,
    positionAmt: grid.quantityText(position.holding.steps),
    updateTime: position.updateTime,
  };
}
