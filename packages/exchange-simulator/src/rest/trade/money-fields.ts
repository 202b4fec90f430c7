import { maxNotional } from '@helios/core/matching/brackets.ts';
import { moneyText } from '@helios/core/matching/money.ts';
import { withoutEndZeros } from '@helios/core/price/decimal-text.ts';
import { BRACKETS } from '../../listing/brackets.ts';

/** Money as the venue writes margins of positions: `0`, or eight decimals. */
export function plainMoney(money: bigint): string {
  return money === 0n ? '0' : moneyText(money);
}

/** Largest notional of a leverage, as the venue writes it: without decimals. */
export function maxNotionalText(leverage: number): string {
  return withoutEndZeros(moneyText(maxNotional(leverage, BRACKETS)));
}

/** The answer of the endpoints that change a setting. */
export const SUCCESS = { code: 200, msg: 'success' };
