import type { Account, AccountPosition } from '@helios/shared/domain/account.ts';
import type { OpenPosition } from '@helios/shared/domain/position.ts';
import type { Side } from '@helios/shared/domain/signal.ts';
import { defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gridOfDecimals } from '../price/price-grid.ts';
import type { TrailingStop } from '../strategy/exit-plan.ts';
import { signOf } from '../strategy/side-sign.ts';
import { type MarginTerms, type ProtectionMarket, protectMargin, protectPosition } from './protect.ts';

const settings = defaultSettings();
const grid = gridOfDecimals(2);
const sides = fc.constantFrom<Side>('LONG', 'SHORT');

/** Entered at 100 with a stop two away: an ATR of 1. */
const position = (side: Side, fields: Partial<OpenPosition> = {}): OpenPosition => ({
  run: 'r',
  symbol: 'BTCUSDT',
  side,
  quantity: 1,
  entry_price: 100,
  entry_ts: T0,
  entry_fee: 0,
  signal_id: 's1',
  stop_loss: side === 'LONG' ? 98 : 102,
  simulated: false,
  ...fields,
});

const at = (markPrice: number | undefined, liquidationPrice?: number): ProtectionMarket => ({
  markPrice,
  liquidationPrice,
  grid,
});

/** Protection after these mark prices, one by one. */
function after(of: OpenPosition, marks: readonly (number | undefined)[], liquidation?: number) {
  let trailing: TrailingStop | undefined;
  let last = protectPosition(of, trailing, at(undefined, liquidation), settings);
  for (const mark of marks) {
    last = protectPosition(of, trailing, at(mark, liquidation), settings);
    ({ trailing } = last);
  }
  return last;
}

describe('the stop of a position', () => {
  test('is that of the entry until the price has moved one ATR in favour', () => {
    expect(after(position('LONG'), [100.9])).toMatchObject({ stopPrice: 98, exitReason: 'STOP_LOSS' });
    expect(after(position('SHORT'), [99.1])).toMatchObject({ stopPrice: 102, exitReason: 'STOP_LOSS' });
  });

  test('then follows the best mark price by one and a half of the ATRs that the stop of the entry implies', () => {
    expect(after(position('LONG'), [103])).toMatchObject({ stopPrice: 101.5, exitReason: 'TRAILING_STOP' });
    expect(after(position('SHORT'), [97])).toMatchObject({ stopPrice: 98.5, exitReason: 'TRAILING_STOP' });
    expect(after(position('LONG'), [103, 101.6, undefined])).toMatchObject({ stopPrice: 101.5 });
    const wide = position('LONG', { regime: 'TRENDING_UP', stop_loss: 97.6 });
    expect(after(wide, [103])).toMatchObject({ stopPrice: 101.2 });
  });

  test('stays without a mark price', () => {
    expect(after(position('LONG'), [undefined])).toMatchObject({ stopPrice: 98, trailing: undefined });
  });

  test('that the entry did not have lies at the maximum distance', () => {
    expect(after(position('LONG', { stop_loss: undefined }), [])).toMatchObject({ stopPrice: 97 });
    expect(after(position('SHORT', { stop_loss: undefined }), [])).toMatchObject({ stopPrice: 103 });
  });

  test('F21: goes on from the stop on the venue after a restart, and never back', () => {
    const cover = { state: 'COVERED', stop_price: 101.5, quantity: 1 } as const;
    const restored = position('LONG', { cover });
    expect(after(restored, [])).toMatchObject({ stopPrice: 101.5, exitReason: 'TRAILING_STOP' });
    expect(after(restored, [102])).toMatchObject({ stopPrice: 101.5 });
    expect(after(restored, [104])).toMatchObject({ stopPrice: 102.5 });
    const worse = position('LONG', { cover: { ...cover, stop_price: 90 } });
    expect(after(worse, [])).toMatchObject({ stopPrice: 98 });
  });

  test('keeps clear of the liquidation price', () => {
    expect(after(position('LONG'), [], 97)).toMatchObject({ stopPrice: 98 });
    // 97.5 + 1 % is beyond the stop: it goes to 97.5 + 1.5 %.
    expect(after(position('LONG'), [], 97.5)).toMatchObject({ stopPrice: 98.97, exitReason: 'STOP_LOSS' });
    expect(after(position('SHORT'), [], 102.5)).toMatchObject({ stopPrice: 100.96, exitReason: 'STOP_LOSS' });
  });

  test('trails by the ATR of the entry although risk.stop_loss_atr has changed since', () => {
    const opened = position('LONG', { stop_atrs: 2 });
    for (const stop_loss_atr of [1, 2, 4]) {
      const changed = { ...settings, risk: { ...settings.risk, stop_loss_atr } };
      const { stopPrice } = protectPosition(opened, undefined, at(103), changed);
      expect(stopPrice, `now ${stop_loss_atr}`).toBe(101.5);
    }
    const regime = { ...settings.regime, trending_up: { ...settings.regime.trending_up, stopFactor: 2 } };
    const widened = protectPosition(position('LONG', { regime: 'TRENDING_UP', stop_atrs: 2 }), undefined, at(107), {
      ...settings,
      regime,
    });
    // The ATR stays 1; the trailing distance is that of the settings of now: 1.5 ATRs, doubled by the regime.
    expect(widened.stopPrice).toBe(104);
  });

  test('without its ratio on record trails by the ratio of now', () => {
    const changed = { ...settings, risk: { ...settings.risk, stop_loss_atr: 4 } };
    expect(protectPosition(position('LONG'), undefined, at(103), changed).stopPrice).toBe(102.25);
  });

  test('never moves against the position when settings change on the way', () => {
    const ratios = fc.array(
      fc.tuple(fc.double({ min: 90, max: 110, noNaN: true }), fc.double({ min: 0.1, max: 50, noNaN: true })),
    );
    fc.assert(
      fc.property(sides, fc.option(fc.constant(2), { nil: undefined }), ratios, (side, stop_atrs, steps) => {
        const opened = position(side, stop_atrs === undefined ? {} : { stop_atrs });
        let trailing: TrailingStop | undefined;
        let last = side === 'LONG' ? 98 : 102;
        for (const [mark, ratio] of steps) {
          const risk = { ...settings.risk, stop_loss_atr: ratio, trailing_distance_atr: ratio };
          const next = protectPosition(opened, trailing, at(mark), { ...settings, risk });
          ({ trailing } = next);
          expect(signOf(side) * (next.stopPrice - last)).toBeGreaterThanOrEqual(0);
          last = next.stopPrice;
        }
      }),
    );
  });

  test('never moves against the position, and always lies before the liquidation price', () => {
    const marks = fc.array(fc.double({ min: 90, max: 110, noNaN: true }), { maxLength: 40 });
    const liquidations = fc.option(fc.double({ min: 80, max: 120, noNaN: true }), { nil: undefined });
    fc.assert(
      fc.property(sides, marks, fc.array(liquidations, { minLength: 1 }), (side, prices, levels) => {
        let trailing: TrailingStop | undefined;
        let last = side === 'LONG' ? 98 : 102;
        for (const [i, mark] of prices.entries()) {
          const liquidation = levels[i % levels.length];
          const next = protectPosition(position(side), trailing, at(mark, liquidation), settings);
          ({ trailing } = next);
          expect(signOf(side) * (next.stopPrice - last)).toBeGreaterThanOrEqual(0);
          if (liquidation !== undefined) expect(signOf(side) * (next.stopPrice - liquidation)).toBeGreaterThan(0);
          last = next.stopPrice;
        }
      }),
    );
  });
});

const row = (symbol: string, fields: Partial<AccountPosition> = {}): AccountPosition => ({
  symbol,
  side: 'LONG',
  quantity: 10,
  entry_price: 100,
  mark_price: 100,
  mark_known: true,
  notional: 1_000,
  unrealized_pnl: 0,
  margin_mode: 'CROSSED',
  leverage: 5,
  margin: 200,
  maintenance_margin: 10,
  ...fields,
});

function account(free: number, fields: Partial<Account> = {}): Account {
  return {
    run: 'r',
    wallet_balance: 1_000,
    unrealized_pnl: 0,
    margin_balance: 1_000,
    available_balance: free * 10,
    initial_margin: 1_000 - free * 10,
    maintenance_margin: 50,
    free_margin_pct: free,
    maintenance_ratio_pct: 5,
    margin_level: free <= 15 ? 'CRITICAL' : free <= 30 ? 'WARNING' : 'OK',
    positions: [row('A', { margin: 450, unrealized_pnl: -50 }), row('B', { margin: 450, unrealized_pnl: -10 })],
    simulated: false,
    updated_ts: T0,
    ...fields,
  };
}

const terms: MarginTerms = {
  limits: settings.risk,
  costRate: 0.001,
  stepOf: () => '0.1',
  isOurs: () => true,
  minNotionalOf: () => 5,
};

describe('the margin', () => {
  test('is left alone until it is critical', () => {
    expect(protectMargin(account(20), false, terms)).toEqual({ kind: 'NONE', isReducing: false });
    expect(protectMargin(account(50), true, terms)).toEqual({ kind: 'NONE', isReducing: false });
  });

  test('is then restored by the worst position first, until it is above its warning', () => {
    const first = protectMargin(account(10), false, terms);
    expect(first).toMatchObject({
      kind: 'REDUCE',
      isReducing: true,
      reduction: { position: { symbol: 'A' }, rule: 'FREE_MARGIN' },
    });
    expect(protectMargin(account(20), true, terms)).toMatchObject({ kind: 'REDUCE', isReducing: true });
    expect(protectMargin(account(31), true, terms)).toEqual({ kind: 'NONE', isReducing: false });
  });

  test('is restored by our positions only', () => {
    const ours = { ...terms, isOurs: (symbol: string) => symbol === 'B' };
    expect(protectMargin(account(10), false, ours)).toMatchObject({ reduction: { position: { symbol: 'B' } } });
    expect(protectMargin(account(10), false, { ...terms, isOurs: () => false })).toEqual({
      kind: 'NONE',
      isReducing: true,
    });
  });

  test('L6: a remainder below the smallest order value is closed too', () => {
    expect(protectMargin(account(10), false, { ...terms, minNotionalOf: () => 900 })).toMatchObject({
      kind: 'CLOSE',
      reduction: { quantity: 10 },
    });
  });

  test('of which a figure is unknown is not reduced on a guess', () => {
    const unknown = { free_margin_pct: undefined, margin_level: 'UNKNOWN' as const };
    expect(protectMargin(account(10, unknown), false, terms)).toEqual({ kind: 'NONE', isReducing: false });
    expect(protectMargin(account(10, unknown), true, terms)).toEqual({ kind: 'NONE', isReducing: true });
  });
});
