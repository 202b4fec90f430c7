import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import type { Side } from '@helios/shared/domain/signal.ts';
import type { Liquidity } from '@helios/shared/domain/venue-event.ts';
import type { ShownBook } from '../book/level-numbers.ts';
import { liquidityOfType, rateOf } from '../execution/fees.ts';
import { type Action, farSide } from '../execution/fill.ts';
import { takerFill } from '../execution/taker-fill.ts';
import { orderTypeFor, type TradingProfile } from '../trading/profile.ts';

/** Market inputs of a round-trip cost. */
export interface CostMarket {
  readonly bid: number;
  readonly ask: number;
  readonly levels: ShownBook | undefined;
}

/**
 * Expected cost of a round trip on this book, basis points of the mid: the fees of both legs, plus the cost of taking liquidity,
 * computed by the function that fills orders. The exit counts as urgent, so it takes liquidity under every profile. Funding is
 * excluded: most positions close before one is due.
 */
export function roundTripCostBp(
  params: Pick<StrategyParams, 'simulation' | 'fees'>,
  profile: TradingProfile,
  side: Side,
  market: CostMarket,
): number {
  const [entry, exit] = legsOf(profile);
  const [enters, leaves] = side === 'LONG' ? (['BUY', 'SELL'] as const) : (['SELL', 'BUY'] as const);
  const { position_size, position_notional } = params.simulation;
  // Both legs have the quantity of the entry.
  const quantity = position_size ?? position_notional / farSide(enters, market);
  const cost =
    legCostBp(params.fees, entry, enters, quantity, market) + legCostBp(params.fees, exit, leaves, quantity, market);
  // Removes rounding noise: half a spread earned and half a spread paid give exactly 0.
  return Math.round(cost * 1e9) / 1e9;
}

/**
 * Fees alone of the same round trip, basis points: what an order must earn whose result has paid spread and slippage already, as the
 * `edge` of a model has.
 */
export function roundTripFeesBp({ fees }: Pick<StrategyParams, 'fees'>, profile: TradingProfile): number {
  const [entry, exit] = legsOf(profile);
  return Math.round(10_000 * (rateOf(entry, fees) + rateOf(exit, fees)) * 1e9) / 1e9;
}

/** How entry and exit are paid for. */
function legsOf(profile: TradingProfile): readonly [Liquidity, Liquidity] {
  return [
    liquidityOfType(orderTypeFor(profile, 'ENTRY', undefined)),
    liquidityOfType(orderTypeFor(profile, 'EXIT', 'STOP_LOSS')),
  ];
}

function legCostBp(
  fees: StrategyParams['fees'],
  liquidity: Liquidity,
  action: Action,
  quantity: number,
  market: CostMarket,
): number {
  const mid = (market.bid + market.ask) / 2;
  const feeBp = 10_000 * rateOf(liquidity, fees);
  // A maker leg earns half the spread against the mid.
  if (liquidity === 'MAKER') return feeBp - (10_000 * (market.ask - market.bid)) / (2 * mid);
  const decidedPrice = farSide(action, market);
  const { price } = takerFill({ action, quantity, decidedPrice }, market.levels, fees.slippage_bp);
  return feeBp + (10_000 * Math.abs(price - mid)) / mid;
}
