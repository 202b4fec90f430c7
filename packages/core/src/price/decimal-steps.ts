import { decimalsOf } from './decimal-text.ts';

/** Writes whole multiples of a tick or step in the venue's format. */
export class DecimalSteps {
  /** The tick or step as a number. */
  readonly unit: number;
  private readonly decimals: number;
  private readonly unitDigits: number;
  private readonly zeros: string;

  /** @param unit a positive decimal such as `0.10`; all texts have the same number of decimals */
  constructor(unit: string) {
    this.decimals = decimalsOf(unit);
    this.unitDigits = Number(unit.replace('.', ''));
    this.unit = Number(unit);
    this.zeros = '0'.repeat(this.decimals + 1);
  }

  /** The decimal text of `count` units; `count` is a whole number ≥ 0. */
  text(count: number): string {
    const digits = String(count * this.unitDigits);
    if (this.decimals === 0) return digits;
    const whole = digits.length - this.decimals;
    if (whole > 0) return `${digits.slice(0, whole)}.${digits.slice(whole)}`;
    return `0.${this.zeros.slice(0, -whole)}${digits}`;
  }

  /** The nearest whole number of units of the amount. */
  count(amount: number): number {
    return Math.round(amount / this.unit);
  }
}
