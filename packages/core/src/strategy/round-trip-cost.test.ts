import type { Level } from '@helios/shared/domain/market-data.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { expect, test } from 'vitest';
import { takerFill } from '../execution/taker-fill.ts';
import { profileOf } from '../trading/profile.ts';
import { roundTripCostBp } from './round-trip-cost.ts';

test('both legs have the quantity of the entry, like real fills', () => {
  const params = defaultSettings({ simulation: { position_size: undefined, position_notional: 1_000 } });
  const side = (prices: number[], quantity: string) => prices.map((price): Level => [String(price), quantity]);
  const [bids, asks] = [side([100, 99, 90], '3'), side([110, 111, 112], '5')];
  const levels = { bids, asks };
  const quantity = 1_000 / 110;
  const { slippage_bp, taker_fee } = params.fees;
  const bought = takerFill({ action: 'BUY', quantity, decidedPrice: 110 }, levels, slippage_bp).price;
  const sold = takerFill({ action: 'SELL', quantity, decidedPrice: 100 }, levels, slippage_bp).price;
  const cost = (10_000 * (bought - sold)) / 105 + 2 * 10_000 * taker_fee;
  expect(roundTripCostBp(params, profileOf('SIMULATION', params), 'LONG', { bid: 100, ask: 110, levels })).toBeCloseTo(
    cost,
    6,
  );
});
