import { DecimalSteps } from '../price/decimal-steps.ts';
import { decimalsOf } from '../price/decimal-text.ts';
import { moneyOf, scaledText } from './money.ts';

const DECIMAL = /^\d+(?:\.\d+)?$/;

/**
 * The grids of a contract. Matching counts prices in ticks and quantities in steps, both as whole numbers, and money in units of
 * 1e-8 as bigint, so every sum is exact.
 */
export class ContractGrid {
  readonly #ticks: DecimalSteps;
  readonly #steps: DecimalSteps;
  readonly #tickUnits: bigint;
  readonly #stepUnits: bigint;
  readonly #tickDecimals: number;
  readonly #stepDecimals: number;
  /** Money of one tick × step: the product times `#factor`, divided by `#divisor`. */
  readonly #factor: bigint;
  readonly #divisor: bigint;

  /** @param tickSize and @param stepSize positive decimals as the venue writes them, such as `0.10` */
  constructor(tickSize: string, stepSize: string) {
    this.#ticks = new DecimalSteps(tickSize);
    this.#steps = new DecimalSteps(stepSize);
    this.#tickDecimals = decimalsOf(tickSize);
    this.#stepDecimals = decimalsOf(stepSize);
    this.#tickUnits = BigInt(tickSize.replace('.', ''));
    this.#stepUnits = BigInt(stepSize.replace('.', ''));
    const power = 8 - this.#tickDecimals - this.#stepDecimals;
    this.#factor = this.#tickUnits * this.#stepUnits * 10n ** BigInt(Math.max(0, power));
    this.#divisor = 10n ** BigInt(Math.max(0, -power));
  }

  /** Whole ticks of a price text; undefined if it is no unsigned decimal or not on the grid. */
  ticksOf(price: string): number | undefined {
    return countOf(price, this.#tickUnits, this.#tickDecimals);
  }

  /** Whole ticks next to a price in units of 1e-8. */
  ticksAt(price: bigint, round: 'UP' | 'DOWN'): number {
    const tick = this.#tickUnits * 10n ** BigInt(8 - this.#tickDecimals);
    return Number((round === 'UP' ? price + tick - 1n : price) / tick);
  }

  /** Whole steps of a quantity text; undefined if it is no unsigned decimal or not on the grid. */
  stepsOf(quantity: string): number | undefined {
    return countOf(quantity, this.#stepUnits, this.#stepDecimals);
  }

  /** Price text of whole ticks ≥ 0, with the decimals of the tick. */
  priceText(ticks: number): string {
    return this.#ticks.text(ticks);
  }

  /** Quantity text of whole steps, which may be negative, with the decimals of the step. */
  quantityText(steps: number): string {
    return steps < 0 ? `-${this.#steps.text(-steps)}` : this.#steps.text(steps);
  }

  /** A quantity in units of 1e-8. Has the sign of `steps`. */
  amount(steps: number): bigint {
    return BigInt(steps) * this.#stepUnits * 10n ** BigInt(8 - this.#stepDecimals);
  }

  /** Value of a quantity at a price, in money. Has the sign of `steps`. A contract finer than 1e-8 loses the rest. */
  value(ticks: number, steps: number): bigint {
    const product = BigInt(ticks) * BigInt(steps) * this.#factor;
    return this.#divisor === 1n ? product : product / this.#divisor;
  }

  /** Value of a quantity at a mark price, which the venue writes with up to eight decimals off the tick grid. */
  markValue(markPrice: string, steps: number): bigint {
    const units = moneyOf(markPrice);
    return (units * BigInt(steps) * this.#stepUnits) / 10n ** BigInt(this.#stepDecimals);
  }

  /** Mean price of money spent on a quantity, as text with `decimals` decimals, rounded half up; `steps` is not 0. */
  meanPrice(value: bigint, steps: number, decimals: number): string {
    const [money, quantity] = steps < 0 ? [-value, BigInt(-steps)] : [value, BigInt(steps)];
    // money is 1e-8 and the quantity 10^-stepDecimals.
    const scaled = money * 10n ** BigInt(decimals + this.#stepDecimals);
    const divisor = quantity * this.#stepUnits * 10n ** 8n;
    return scaledText((scaled + (scaled < 0n ? -divisor : divisor) / 2n) / divisor, decimals);
  }
}

/** Digits that a double holds exactly. */
const EXACT_DIGITS = 15;

function countOf(text: string, units: bigint, decimals: number): number | undefined {
  if (!DECIMAL.test(text) || text.length > 40) return undefined;
  const [whole = '0', fraction = ''] = text.split('.');
  const kept = fraction.length > decimals ? fraction.replace(/0+$/, '') : fraction;
  if (kept.length > decimals) return undefined;
  const digits = whole + kept.padEnd(decimals, '0');
  if (digits.length <= EXACT_DIGITS) {
    const count = Number(digits) / Number(units);
    return Number.isInteger(count) ? count : undefined;
  }
  const scaled = BigInt(digits);
  const count = Number(scaled / units);
  return scaled % units === 0n && Number.isSafeInteger(count) ? count : undefined;
}
