import { type Bracket, bracketsOf } from '@helios/core/matching/brackets.ts';
import { moneyOf } from '@helios/core/matching/money.ts';

/** Leverage brackets of every contract. The venue's differ by contract and change; these have the shape and size of BTCUSDT's. */
export const BRACKETS: readonly Bracket[] = bracketsOf([
  { cap: moneyOf('50000'), rate: 4_000n, maxLeverage: 125 },
  { cap: moneyOf('600000'), rate: 5_000n, maxLeverage: 100 },
  { cap: moneyOf('3000000'), rate: 6_500n, maxLeverage: 75 },
  { cap: moneyOf('12000000'), rate: 10_000n, maxLeverage: 50 },
  { cap: moneyOf('70000000'), rate: 20_000n, maxLeverage: 25 },
  { cap: moneyOf('100000000'), rate: 25_000n, maxLeverage: 20 },
  { cap: moneyOf('230000000'), rate: 50_000n, maxLeverage: 10 },
  { cap: moneyOf('480000000'), rate: 100_000n, maxLeverage: 5 },
  { cap: moneyOf('600000000'), rate: 125_000n, maxLeverage: 4 },
  { cap: moneyOf('800000000'), rate: 150_000n, maxLeverage: 3 },
  { cap: moneyOf('1200000000'), rate: 250_000n, maxLeverage: 2 },
  { cap: moneyOf('1800000000'), rate: 500_000n, maxLeverage: 1 },
]);
