import type { Book, Level } from '@helios/shared/domain/market-data.ts';
import type { SignalDirection, TradingSignal } from '@helios/shared/domain/signal.ts';
import fc from 'fast-check';
import type { SimulationMode } from '../execution/fees.ts';
import { book } from './simulated-orders.ts';

/** Time between two fundings, ms. */
export const INTERVAL = 28_800_000;

export type Step = { readonly waitMs: number; readonly restart: boolean } & (
  | { kind: 'signal'; direction: SignalDirection; origin: TradingSignal['origin']; quoted: boolean; typed: number }
  | { kind: 'book'; at: number; levels: readonly number[]; spread: number; side: 'BOTH' | 'BIDS' | 'ASKS' | 'CROSSED' }
  | { kind: 'trade'; at: number }
  | { kind: 'mark' }
);
const at = fc.integer({ min: 80, max: 125 });
const any = {
  waitMs: fc.oneof(fc.nat(20_000), fc.nat(6 * 3_600_000)),
  restart: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
};
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      ...any,
      kind: fc.constant('signal' as const),
      direction: fc.constantFrom<SignalDirection>('LONG', 'SHORT', 'EXIT_LONG', 'EXIT_SHORT'),
      origin: fc.constantFrom<TradingSignal['origin']>('ENGINE', 'EXTERNAL'),
      quoted: fc.boolean(),
      typed: at,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      ...any,
      kind: fc.constant('book' as const),
      at,
      levels: fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 5 }),
      spread: fc.integer({ min: 1, max: 3 }),
      side: fc.constantFrom('BOTH' as const, 'BOTH' as const, 'BIDS' as const, 'ASKS' as const, 'CROSSED' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ ...any, kind: fc.constant('trade' as const), at }) },
  { weight: 1, arbitrary: fc.record({ ...any, kind: fc.constant('mark' as const) }) },
);
export const session = fc.record({
  mode: fc.constantFrom<SimulationMode>('HF_MARKET', 'HF_LIMIT', 'LF_MARKET', 'LF_LIMIT'),
  /** A price of 100 in a session is 10^scale × 100. */
  scale: fc.integer({ min: -10, max: 4 }),
  stepDecimals: fc.integer({ min: -3, max: 8 }),
  slippage_bp: fc.constantFrom(0, 0.5, 1_000),
  size: fc.option(fc.constantFrom(0.01, 3, 1_234.567_89), { nil: undefined }),
  steps: fc.array(step, { minLength: 10, maxLength: 60 }),
});
export type Session = typeof session extends fc.Arbitrary<infer S> ? S : never;

export const power = (exponent: number) =>
  exponent >= 0 ? `1${'0'.repeat(exponent)}` : (10 ** exponent).toFixed(-exponent);
export const priceText = (units: number, scale: number) => (units * 10 ** scale).toFixed(Math.max(0, 1 - scale));
export const rateAt = (ts: number) => (((ts / INTERVAL) % 7) - 3) / 1_000;
export const nextFunding = (nowMs: number) => (Math.floor(nowMs / INTERVAL) + 1) * INTERVAL;

export function bookOf(s: Extract<Step, { kind: 'book' }>, scale: number, ts: number): Book {
  const level =
    (direction: 1 | -1) =>
    (thousandths: number, i: number): Level => [
      priceText(s.at + direction * (s.spread * (s.side === 'CROSSED' ? -0.4 : 0.4) + i), scale),
      (thousandths / 1_000 / 10 ** scale).toFixed(12),
    ];
  return {
    ...book('1', '2', ts),
    bids: s.side === 'ASKS' ? [] : s.levels.map(level(-1)),
    asks: s.side === 'BIDS' ? [] : s.levels.map(level(1)),
  };
}
