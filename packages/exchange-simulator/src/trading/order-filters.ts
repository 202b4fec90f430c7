import type { ContractGrid } from '@helios/core/matching/contract-grid.ts';
import { moneyOf } from '@helios/core/matching/money.ts';
import { decimalsOf, withoutEndZeros } from '@helios/core/price/decimal-text.ts';
import { CONTRACT_LIMITS } from '../listing/contract.ts';
import type { Refusal } from '../rest/refusal.ts';
import {
  aboveCap,
  belowFloor,
  offStep,
  offTick,
  precisionTooHigh,
  priceTooHigh,
  priceTooLow,
  quantityTooHigh,
  quantityTooLow,
} from '../rest/trade/order-refusal.ts';
import type { OrderSide } from './order.ts';
import type { GridMarket } from './traded-market.ts';

/** A limit price in ticks, or the refusal of a filter: sign, precision, range, tick, percent of the mark price. */
export function priceTicks(market: GridMarket, side: OrderSide, text: string): number | Refusal {
  const { grid } = market;
  const ticks = gridTicks(market, text);
  const cap = market.cap(side);
  if (typeof ticks !== 'number' || cap === undefined) return ticks;
  if (side === 'BUY' && ticks > cap) return aboveCap(withoutEndZeros(grid.priceText(cap)));
  if (side === 'SELL' && ticks < cap) return belowFloor(withoutEndZeros(grid.priceText(cap)));
  return ticks;
}

/** A price in ticks, or the refusal of a filter that the mark price does not move: sign, precision, range, tick. */
export function gridTicks({ grid, ticksApart }: GridMarket, text: string): number | Refusal {
  if (isNotPositive(text)) return priceTooLow();
  if (isTooPrecise(text, grid.priceText(1))) return precisionTooHigh();
  if (moneyOf(unsigned(text)) > moneyOf(CONTRACT_LIMITS.maxPrice)) return priceTooHigh();
  const ticks = grid.ticksOf(unsigned(text));
  return ticks === undefined || ticks % ticksApart !== 0 ? offTick() : ticks;
}

/** A quantity in steps, or the refusal of a filter: sign, precision, range, step. */
export function quantitySteps(grid: ContractGrid, text: string, isMarket: boolean): number | Refusal {
  if (isNotPositive(text)) return quantityTooLow();
  if (isTooPrecise(text, grid.quantityText(1))) return precisionTooHigh();
  const most = isMarket ? CONTRACT_LIMITS.maxMarketQuantity : CONTRACT_LIMITS.maxQuantity;
  if (moneyOf(unsigned(text)) > moneyOf(most)) return quantityTooHigh();
  return grid.stepsOf(unsigned(text)) ?? offStep();
}

function isNotPositive(text: string): boolean {
  return text.startsWith('-') || /^\+?[0.]*$/.test(text);
}

/** True for more decimals than the grid has; zeros at the end do not count. */
function isTooPrecise(text: string, unit: string): boolean {
  return decimalsOf(withoutEndZeros(text)) > decimalsOf(unit);
}

function unsigned(text: string): string {
  return text.startsWith('+') ? text.slice(1) : text;
}
