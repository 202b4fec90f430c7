import { unrealised } from '@helios/core/matching/holding.ts';
import { moneyText } from '@helios/core/matching/money.ts';
import type { Position } from '../../accounts/trading-account.ts';
import { entryPriceText } from '../../user-stream/order-trade-update.ts';
import { ok } from '../endpoint.ts';
import { type Call, signedEndpoint } from './signed-endpoint.ts';

/** `GET /fapi/v3/positionRisk`: only symbols with a position or an open order. */
export const positionRisk = signedEndpoint({
  method: 'GET',
  path: '/fapi/v3/positionRisk',
  weight: () => 5,
  answer: (call) => {
    const symbol = call.query.get('symbol');
    const rows = call.account.positions().filter((one) => symbol === null || one.symbol === symbol);
    return ok(rows.flatMap((position) => (position.holding.steps === 0 ? [] : (rowOf(call, position) ?? []))));
  },
});

function rowOf({ account, trading }: Call, position: Position): Record<string, unknown> | undefined {
  const { symbol, side, holding } = position;
  const grid = trading.marketOf(symbol)?.grid;
  const markPrice = trading.markPrice(symbol);
  if (grid === undefined || markPrice === undefined) return undefined;
  const { steps, cost, openFees } = holding;
  const notional = grid.markValue(markPrice, steps);
  return {
    symbol,
    positionSide: side,
    positionAmt: grid.quantityText(steps),
    entryPrice: entryPriceText(cost, steps, grid),
    breakEvenPrice: entryPriceText(cost + openFees, steps, grid),
    markPrice,
    unRealizedProfit: moneyText(unrealised(holding, notional)),
    liquidationPrice: '0',
    isolatedMargin: '0',
    notional: moneyText(notional),
    marginAsset: 'USDT',
    isolatedWallet: '0',
    initialMargin: '0',
    maintMargin: '0',
    positionInitialMargin: '0',
    openOrderInitialMargin: '0',
    adl: 0,
    bidNotional: '0',
    askNotional: '0',
    updateTime: position.updateTime,
    leverage: String(account.leverage(symbol)),
  };
}
