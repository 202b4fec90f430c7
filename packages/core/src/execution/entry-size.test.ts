import type { Instrument } from '@helios/shared/domain/instrument.ts';
import { describe, expect, it } from 'vitest';
import { sizeEntry } from './entry-size.ts';

const BTC: Instrument = {
  symbol: 'BTCUSDT',
  tick_size: '0.1',
  step_size: '0.001',
  min_qty: '0.001',
  max_qty: '1000',
  market_max_qty: '120',
  min_notional: '100',
};
const XRP: Instrument = { symbol: 'XRPUSDT', tick_size: '0.0001', step_size: '0.1', min_qty: '0.1', min_notional: '5' };
const byNotional = (position_notional: number) => ({ position_notional, position_size: undefined });
const bySize = (position_size: number) => ({ position_notional: 1_000, position_size });

describe('the size of an entry', () => {
  it('is the number of whole steps that the notional pays for, on every symbol', () => {
    expect(sizeEntry(byNotional(1_000), BTC, 64_000.1, 'MARKET')).toEqual({ kind: 'SIZED', quantity: 0.015 });
    expect(sizeEntry(byNotional(1_000), XRP, 0.58, 'MARKET')).toEqual({ kind: 'SIZED', quantity: 1_724.1 });
  });

  it('is the configured quantity, rounded down to the step', () => {
    expect(sizeEntry(bySize(0.0159), BTC, 64_000, 'LIMIT')).toEqual({ kind: 'SIZED', quantity: 0.015 });
  });

  it('is denied below the minimum quantity, and never raised to it', () => {
    const denial = { code: 'QUANTITY_BELOW_MINIMUM', value: 0, limit: 0.001 };
    expect(sizeEntry(byNotional(60), BTC, 64_000, 'MARKET')).toEqual({ kind: 'DENIED', denial });
    expect(sizeEntry(bySize(0.01), { ...XRP, min_qty: '1' }, 0.58, 'MARKET')).toMatchObject({
      denial: { code: 'QUANTITY_BELOW_MINIMUM', value: 0, limit: 1 },
    });
  });

  it('is denied below the minimum notional, checked after rounding down', () => {
    // 0.002 BTC cost 128 USDT; 127 USDT pay for 0.001, which is 64 USDT.
    expect(sizeEntry(byNotional(128), BTC, 64_000, 'MARKET')).toEqual({ kind: 'SIZED', quantity: 0.002 });
    expect(sizeEntry(byNotional(127), BTC, 64_000, 'MARKET')).toEqual({
      kind: 'DENIED',
      denial: { code: 'NOTIONAL_BELOW_MINIMUM', value: 64, limit: 100 },
    });
    expect(sizeEntry(bySize(0.01), XRP, 0.58, 'MARKET')).toMatchObject({ kind: 'DENIED' });
  });

  it('is denied above the largest order of its type', () => {
    const denial = { code: 'QUANTITY_ABOVE_MAXIMUM', value: 150, limit: 120 };
    expect(sizeEntry(bySize(150), BTC, 64_000, 'MARKET')).toEqual({ kind: 'DENIED', denial });
    expect(sizeEntry(bySize(150), BTC, 64_000, 'LIMIT')).toEqual({ kind: 'SIZED', quantity: 150 });
    expect(sizeEntry(bySize(1_001), BTC, 64_000, 'LIMIT')).toMatchObject({ denial: { limit: 1_000 } });
  });

  it('also suits a MARKET order if the entry rests: the coarser step and the larger minimum count', () => {
    const coarse = { ...BTC, market_step_size: '0.01', market_min_qty: '0.05' };
    expect(sizeEntry(bySize(0.079), coarse, 64_000, 'LIMIT')).toEqual({ kind: 'SIZED', quantity: 0.07 });
    expect(sizeEntry(bySize(0.049), coarse, 64_000, 'LIMIT')).toMatchObject({ denial: { value: 0.04, limit: 0.05 } });
  });

  it('has six digits for an unknown instrument, or is the configured quantity', () => {
    expect(sizeEntry(byNotional(1_000), undefined, 64_000, 'MARKET')).toEqual({ kind: 'SIZED', quantity: 0.015625 });
    expect(sizeEntry(bySize(0.0159), undefined, 64_000, 'MARKET')).toEqual({ kind: 'SIZED', quantity: 0.0159 });
  });
});
