import { moneyText } from '@helios/core/matching/money.ts';
import { adlQuantileOf } from '../../trading/adl.ts';
import { ok, type ServedEndpoint } from '../endpoint.ts';
import { optionalListedSymbol } from './asked-symbol.ts';
import { maxNotionalText, plainMoney } from './money-fields.ts';
import {
  isolatedMargin,
  liquidationText,
  marginFields,
  type PositionState,
  positionStates,
  priceFields,
  rowsOfSymbols,
} from './position-state.ts';
import { type Call, signedEndpoint } from './signed-endpoint.ts';

/** `GET /fapi/v2/positionRisk`, every symbol, and `/fapi/v3/positionRisk`: only symbols with a position or an open order. */
export const positionRiskEndpoints: readonly ServedEndpoint[] = [
  signedEndpoint({
    method: 'GET',
    path: '/fapi/v2/positionRisk',
    weight: () => 5,
    answer: (call) => {
      const symbol = optionalListedSymbol(call.query, call.exchange);
      if (symbol.kind !== 'VALUE') return symbol;
      const all = call.exchange.allListed().map(({ contract }) => contract.symbol);
      const symbols = symbol.value === undefined ? all : [symbol.value];
      const views = positionStates(call, rowsOfSymbols(call, symbols));
      return ok(views.filter(({ margin }) => symbols.includes(margin.symbol)).map((view) => rowV2(call, view)));
    },
  }),
  signedEndpoint({
    method: 'GET',
    path: '/fapi/v3/positionRisk',
    weight: () => 5,
    answer: (call) => {
      const symbol = optionalListedSymbol(call.query, call.exchange);
      if (symbol.kind !== 'VALUE') return symbol;
      const views = positionStates(call);
      const asked = views.filter(({ margin }) => symbol.value === undefined || margin.symbol === symbol.value);
      return ok(asked.map((view) => rowV3(call, view)));
    },
  }),
];

function rowV3({ account, trading }: Call, view: PositionState): Record<string, unknown> {
  const { position, margin, grid, markPrice } = view;
  return {
    symbol: position.symbol,
    positionSide: position.side,
    positionAmt: grid.quantityText(position.holding.steps),
    ...priceFields(view),
    markPrice,
    unRealizedProfit: moneyText(margin.unrealised),
    liquidationPrice: liquidationText(view),
    isolatedMargin: plainMoney(isolatedMargin(view)),
    notional: plainMoney(margin.notional),
    marginAsset: trading.marginAsset(position.symbol) ?? 'USDT',
    isolatedWallet: plainMoney(margin.isolatedWallet),
    ...marginFields(view),
    adl: adlQuantileOf(account, margin, trading),
    bidNotional: plainMoney(margin.bidNotional),
    askNotional: plainMoney(margin.askNotional),
    updateTime: position.updateTime,
  };
}

function rowV2({ account }: Call, view: PositionState): Record<string, unknown> {
  const { position, margin, grid, markPrice } = view;
  return {
    symbol: position.symbol,
    positionAmt: grid.quantityText(position.holding.steps),
    ...priceFields(view),
    markPrice,
    unRealizedProfit: moneyText(margin.unrealised),
    liquidationPrice: liquidationText(view),
    leverage: String(account.leverage(position.symbol)),
    maxNotionalValue: maxNotionalText(margin.leverage),
    marginType: margin.isIsolated ? 'isolated' : 'cross',
    isolatedMargin: moneyText(isolatedMargin(view)),
    isAutoAddMargin: 'false',
    positionSide: position.side,
    notional: plainMoney(margin.notional),
    isolatedWallet: plainMoney(margin.isolatedWallet),
    updateTime: position.updateTime,
  };
}
