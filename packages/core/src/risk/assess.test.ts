import type { OpenPosition } from '@helios/shared/domain/position.ts';
import { RiskRule } from '@helios/shared/domain/risk-rule.ts';
import { aSignal, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accountOf } from './account-of.ts';
import { type AssessRequest, assessEntry } from './assess.ts';
import { riskDenialText } from './denial-text.ts';

const TIERS = [{ notionalCap: 1e6, rate: 0.025, amount: 0, maxLeverage: 125 }];
const settings = defaultSettings();
const instrument = {
  symbol: 'BTCUSDT',
  tick_size: '0.1',
  step_size: '0.001',
  min_qty: '0.001',
  max_qty: '1000',
  min_notional: '100',
};
const position: OpenPosition = {
  run: 'r',
  symbol: 'BTCUSDT',
  side: 'LONG',
  quantity: 1,
  entry_price: 10_000,
  entry_ts: T0,
  entry_fee: 4,
  signal_id: 'e',
  leverage: 5,
  margin: 2_000,
  simulated: true,
};

function requestOf(
  fields: Partial<AssessRequest> & { positions?: OpenPosition[]; balance?: number; mark?: number } = {},
) {
  const { positions = [], balance = 10_000, mark = 10_000, ...rest } = fields;
  const account = accountOf({
    run: 'r',
    nowMs: T0,
    realizedBalance: balance,
    positions,
    markOf: () => (mark > 0 ? mark : undefined),
    tiersOf: () => TIERS,
    settings: rest.settings ?? settings,
  });
  const request: AssessRequest = {
    signal: aSignal({
      symbol: 'BTCUSDT',
      direction: 'LONG',
      entry_price: 10_000,
      stop_loss: 9_900,
      take_profit: 10_200,
    }),
    order: { order_type: 'MARKET' },
    price: 10_000,
    feeRate: 0.0004,
    nowMs: T0,
    account,
    trades: [],
    openCount: positions.length,
    instrument,
    tiers: TIERS,
    settings,
    ...rest,
  };
  return request;
}

test('margin = Kelly × fraction × available, notional = margin × leverage, rounded down to the step', () => {
  const assessment = assessEntry(requestOf());
  // (0.45 − 0.55/1.5) × 0.5 × 10,000 × 5 = 2,083.33 at 10,000: 0.208
  expect(assessment).toMatchObject({
    kind: 'INTENT',
    intent: {
      symbol: 'BTCUSDT',
      side: 'LONG',
      purpose: 'ENTRY',
      action: 'BUY',
      order_type: 'MARKET',
      quantity: 0.208,
      reduce_only: false,
      leverage: 5,
      stop_loss: 9_900,
      take_profit: 10_200,
    },
  });
  expect(assessment.rules.map(({ rule }) => rule)).toEqual(RiskRule.options);
});

describe('a size is reduced', () => {
  const all = defaultSettings({
    risk: { kelly_floor: 1, kelly_fraction: 1, max_symbol_exposure_pct: 1_000, max_total_exposure_pct: 1_000 },
  });
  const quantityOf = (fields: Parameters<typeof requestOf>[0]) => {
    const assessment = assessEntry(requestOf(fields));
    return assessment.kind === 'INTENT' ? assessment.intent.quantity : assessment.denial.code;
  };
  test('to what pays margin and fee together: 10,000 / (1/5 + 0.0004) = 49,900.2', () => {
    expect(quantityOf({ settings: all })).toBe(4.99);
  });
  test('to the largest order, and not denied for it', () => {
    expect(quantityOf({ settings: all, instrument: { ...instrument, market_max_qty: '0.5' } })).toBe(0.5);
  });
  test('to the value that the venue allows at this leverage', () => {
    const tiers = [
      { notionalCap: 12_000, rate: 0.025, amount: 0, maxLeverage: 10 },
      { notionalCap: 1e6, rate: 0.05, amount: 300, maxLeverage: 4 },
    ];
    expect(quantityOf({ settings: all, tiers })).toBe(1.2);
  });
});

describe('a denial has code, value and limit, and every evaluated rule', () => {
  const risk = (fields: Partial<typeof settings.risk>) => ({ ...settings, risk: { ...settings.risk, ...fields } });
  test.each<[string, AssessRequest, object]>([
    ['MARGIN_UNKNOWN', requestOf({ positions: [position], mark: 0 }), { value: 1, limit: 0 }],
    ['FREE_MARGIN', requestOf({ positions: [{ ...position, margin: 7_500 }] }), { limit: 30 }],
    ['MAINTENANCE_RATIO', requestOf({ positions: [{ ...position, quantity: 30, margin: 1 }] }), { limit: 50 }],
    ['MAX_OPEN_POSITIONS', requestOf({ openCount: 3 }), { value: 3, limit: 3 }],
    ['SYMBOL_EXPOSURE', requestOf({ positions: [{ ...position, quantity: 1.1 }] }), { limit: 100 }],
    ['TOTAL_EXPOSURE', requestOf({ positions: [{ ...position, symbol: 'ETHUSDT', quantity: 2 }] }), { limit: 200 }],
    ['STOP_MISSING', requestOf({ signal: aSignal({ direction: 'LONG', stop_loss: undefined }) }), {}],
    [
      'STOP_BEYOND_LIQUIDATION',
      requestOf({ signal: aSignal({ symbol: 'BTCUSDT', direction: 'LONG', entry_price: 10_000, stop_loss: 8_300 }) }),
      { limit: 1 },
    ],
    ['NOTIONAL_BELOW_MINIMUM', requestOf({ balance: 300 }), { limit: 100 }],
    ['QUANTITY_BELOW_MINIMUM', requestOf({ balance: 10 }), { limit: 0.001 }],
    ['NOTIONAL_BELOW_MINIMUM', requestOf({ settings: risk({ kelly_fraction: 0.01 }) }), { limit: 100 }],
  ])('%s', (code, request, figures) => {
    const assessment = assessEntry(request);
    expect(assessment).toMatchObject({ kind: 'DENIED', denial: { code, ...figures } });
    if (assessment.kind !== 'DENIED') return;
    expect(assessment.rules.length).toBeGreaterThanOrEqual(RiskRule.options.length - 1);
    expect(riskDenialText(assessment.denial, 'BTCUSDT', T0)).toMatch(/^denied: [a-z].*/);
  });
});

test('the text of a denial has figures with units, its duration, and advice', () => {
  const denial = { code: 'DAILY_LOSS', value: 5.25, limit: 5, until_ts: T0 + 90 * 60_000 } as const;
  expect(riskDenialText(denial, 'BTCUSDT', T0)).toBe(
    'denied: the day lost too much; wait for the next UTC day, or raise protections.daily_loss_pct (DAILY_LOSS 5.25 % against a limit of 5 %, for another 90 min)',
  );
  expect(riskDenialText({ ...denial, until_ts: T0 + 4_200 }, 'BTCUSDT', T0)).toMatch(/for another 5 s\)$/);
});

test('for any account and settings the size fits the step and every limit, is payable, and its stop is before liquidation', () => {
  let intents = 0;
  fc.assert(
    fc.property(
      fc.record({
        balance: fc.double({ min: 1_000, max: 1e6, noNaN: true }),
        fraction: fc.double({ min: 0.01, max: 1, noNaN: true }),
        floor: fc.double({ min: 0.001, max: 1, noNaN: true }),
        leverage: fc.integer({ min: 1, max: 20 }),
        symbolPct: fc.integer({ min: 1, max: 1_000 }),
        totalPct: fc.integer({ min: 1, max: 1_000 }),
        held: fc.double({ min: 0, max: 0.3, noNaN: true }),
        mode: fc.constantFrom('isolated' as const, 'crossed' as const),
        stop: fc.double({ min: 9_000, max: 9_990, noNaN: true }),
      }),
      ({ balance, fraction, floor, leverage, symbolPct, totalPct, held, mode, stop }) => {
        const limits = {
          kelly_fraction: fraction,
          kelly_floor: floor,
          margin_mode: mode,
          max_symbol_exposure_pct: symbolPct,
          max_total_exposure_pct: totalPct,
        };
        const set = {
          ...settings,
          trading: { ...settings.trading, leverage },
          risk: { ...settings.risk, ...limits },
        };
        const positions =
          held > 0.001 ? [{ ...position, symbol: 'ETHUSDT', quantity: held, margin: held * 2_000 }] : [];
        const signal = aSignal({ symbol: 'BTCUSDT', direction: 'LONG', entry_price: 10_000, stop_loss: stop });
        const request = requestOf({ balance, positions, settings: set, signal });
        const assessment = assessEntry(request);
        if (assessment.kind === 'DENIED') {
          expect(Number.isFinite(assessment.denial.value)).toBe(true);
          return;
        }
        intents += 1;
        const { quantity } = assessment.intent;
        const { account } = request;
        expect(Math.abs(quantity * 1_000 - Math.round(quantity * 1_000))).toBeLessThan(1e-6);
        const notional = quantity * 10_000;
        const slack = 1 + 1e-9;
        expect(notional).toBeGreaterThanOrEqual(100);
        expect(notional / leverage + notional * 0.0004).toBeLessThanOrEqual(account.available_balance * slack);
        expect(notional).toBeLessThanOrEqual(((symbolPct * account.margin_balance) / 100) * slack);
        expect(notional + held * 10_000).toBeLessThanOrEqual(((totalPct * account.margin_balance) / 100) * slack + 10);
        if (mode === 'isolated') {
          const liquidation = (10_000 * (1 - 1 / leverage)) / (1 - 0.025);
          expect(stop - liquidation).toBeGreaterThanOrEqual(100 - 1e-6);
        }
      },
    ),
    { numRuns: 500 },
  );
  expect(intents).toBeGreaterThan(50);
});

describe('coins that move together', () => {
  test('deny an entry once their value on its side reaches the limit', () => {
    const denied = assessEntry(requestOf({ clusterNotional: 15_000 }));
    expect(denied).toMatchObject({ kind: 'DENIED', denial: { code: 'CLUSTER_EXPOSURE', value: 150, limit: 150 } });
  });
  test('cut the size to what is left below the limit', () => {
    expect(assessEntry(requestOf({ clusterNotional: 14_000 }))).toMatchObject({ intent: { quantity: 0.1 } });
    const off = assessEntry(requestOf()).rules.find(({ rule }) => rule === 'CLUSTER_EXPOSURE');
    expect(off?.outcome).toBe('OFF');
  });
});

test('the operator releases the locks of earlier trades, and Kelly still counts them', () => {
  const lost = {
    run: 'r',
    entry_signal_id: 'e',
    exit_signal_id: 'x',
    symbol: 'ETHUSDT',
    side: 'LONG',
    quantity: 1,
    entry_price: 1_000,
    exit_price: 400,
    entry_ts: T0 - 2_000,
    exit_ts: T0 - 1_000,
    gross_pnl: -600,
    fees: 0,
    realized_pnl: -600,
    simulated: false,
  } as const;
  const trades = [lost];
  expect(assessEntry(requestOf({ trades }))).toMatchObject({ kind: 'DENIED', denial: { code: 'DAILY_LOSS' } });
  const released = assessEntry(requestOf({ trades, releasedTs: T0 - 500 }));
  expect(released).toMatchObject({ kind: 'INTENT' });
  if (released.kind === 'INTENT') expect(released.intent.quantity).toBeLessThan(0.208);
});
