import type { Mode } from '../../domain/fleet.ts';
import type { StrategyParams } from '../../domain/settings.ts';
import { liquidityOf, rateOf } from '../execution/fees.ts';

/**
 * What a round trip is expected to cost, in basis points: both legs' fees, the spread, and slippage per taker leg.
 * The exit is taken to be an urgent one, which pays the taker's fee in every mode. Live orders take on both legs.
 */
export function roundTripCostBp(
  params: Pick<StrategyParams, 'simulation' | 'fees'>,
  mode: Mode,
  spreadBp: number,
): number {
  const orders = mode === 'live' ? 'HF_MARKET' : params.simulation.mode;
  let cost = 0;
  for (const liquidity of [liquidityOf(orders, 'ENTRY', undefined), liquidityOf(orders, 'EXIT', 'STOP_LOSS')]) {
    cost += 10_000 * rateOf(liquidity, params.fees);
    // Against the mid, a taker leg gives half the spread away and a maker leg earns it.
    cost += liquidity === 'TAKER' ? spreadBp / 2 + params.fees.slippage_bp : -spreadBp / 2;
  }
  return cost;
}
