import type { OrderPurpose } from '@helios/shared/domain/order.ts';
import type { ExitReason } from '@helios/shared/domain/signal.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { describe, expect, it } from 'vitest';
import { orderTypeFor, profileOf } from '../trading/profile.ts';
import { liquidityOfType, rateOf, type SimulationMode } from './fees.ts';

const fees = { taker_fee: 0.0004, maker_fee: 0.0002, slippage_bp: 0.5 };
const taker = 0.0004;
const maker = 0.0002;
const calm = ['TAKE_PROFIT', 'SIGNAL_REVERSAL', 'OPERATOR', undefined] as const;
const urgent = ['STOP_LOSS', 'TRAILING_STOP', 'TIME_EXIT', 'SESSION_END'] as const;

const table: { mode: SimulationMode; calmRate: number }[] = [
  { mode: 'HF_MARKET', calmRate: taker },
  { mode: 'LF_MARKET', calmRate: taker },
  { mode: 'HF_LIMIT', calmRate: maker },
  { mode: 'LF_LIMIT', calmRate: maker },
];

describe.each(table)('the fee table in $mode', ({ mode, calmRate }) => {
  const profile = profileOf('SIMULATION', defaultSettings({ simulation: { mode } }));
  const rate = (purpose: OrderPurpose, reason: ExitReason | undefined) =>
    rateOf(liquidityOfType(orderTypeFor(profile, purpose, reason)), fees);

  it('charges the entry', () => {
    expect(rate('ENTRY', undefined)).toBe(calmRate);
  });
  it.each(calm)('charges the mode’s fee for an exit that can wait (%s)', (reason) => {
    expect(rate('EXIT', reason)).toBe(calmRate);
  });
  it.each(urgent)('charges taker for an exit that cannot (%s)', (reason) => {
    expect(rate('EXIT', reason)).toBe(taker);
  });
});
