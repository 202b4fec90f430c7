import type { Account } from '@helios/shared/domain/account.ts';
import type { SymbolTerms } from '@helios/shared/domain/symbol-terms.ts';
import { aSignal, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assessLiveEntry, type LiveEntryFacts } from './assess-live-entry.ts';
import type { PendingEntry } from './pending-entries.ts';

const SYMBOLS = ['AUSDT', 'BUSDT', 'CUSDT'] as const;

const account: Account = {
  run: 'test-run',
  wallet_balance: 10_000,
  unrealized_pnl: 0,
  margin_balance: 10_000,
  available_balance: 10_000,
  initial_margin: 0,
  maintenance_margin: 0,
  free_margin_pct: 100,
  maintenance_ratio_pct: 0,
  margin_level: 'OK',
  positions: [],
  simulated: false,
  updated_ts: T0,
};
const terms = (symbol: string): SymbolTerms => ({
  symbol,
  maker_fee: 0.0002,
  taker_fee: 0.0005,
  leverage: 5,
  margin_mode: 'ISOLATED',
  tiers: [{ notional_cap: 1e6, rate: 0.004, amount: 0, max_leverage: 125 }],
  updated_ts: T0,
});

function factsOf(symbol: string, fields: Partial<LiveEntryFacts> = {}): LiveEntryFacts {
  return {
    nowMs: T0,
    signalAgeMs: 0,
    account,
    trades: [],
    releasedTs: undefined,
    pending: [],
    instrument: { symbol, tick_size: '0.01', step_size: '0.001', min_notional: '5' },
    terms: terms(symbol),
    quote: undefined,
    correlation: () => undefined,
    settings: defaultSettings(),
    ...fields,
  };
}

const entryOf = (symbol: string, direction: 'LONG' | 'SHORT' = 'LONG') =>
  aSignal({ symbol, direction, quote: { bid: 99.99, ask: 100 }, stop_loss: direction === 'LONG' ? 98 : 102 });

describe('any row of entries, each judged with those before it under way', () => {
  const steps = fc.array(
    fc.record({
      symbol: fc.constantFrom(...SYMBOLS),
      direction: fc.constantFrom<'LONG' | 'SHORT'>('LONG', 'SHORT'),
      stays: fc.boolean(),
    }),
    { maxLength: 20 },
  );
  const caps = fc.record({
    max_symbol_exposure_pct: fc.integer({ min: 1, max: 300 }),
    max_total_exposure_pct: fc.integer({ min: 1, max: 400 }),
    max_cluster_exposure_pct: fc.integer({ min: 1, max: 400 }),
    kelly_fraction: fc.double({ min: 0.01, max: 1, noNaN: true }),
    kelly_floor: fc.double({ min: 0.01, max: 1, noNaN: true }),
  });

  test('stays within every cap, the number of positions and the available margin', () => {
    fc.assert(
      fc.property(steps, caps, fc.integer({ min: 1, max: 20 }), (row, risk, leverage) => {
        const settings = defaultSettings({ risk, trading: { leverage, max_open_positions: 5 } });
        const pending: PendingEntry[] = [];
        for (const { symbol, direction, stays } of row) {
          const answer = assessLiveEntry(entryOf(symbol, direction), factsOf(symbol, { pending, settings }));
          if (answer.kind === 'INTENT' && stays) pending.push({ intent: answer.intent, price: answer.price });
        }
        const openValue = (found: (entry: PendingEntry) => boolean) =>
          pending.filter(found).reduce((sum, { intent, price }) => sum + intent.quantity * price, 0);
        const limit = (pct: number) => 100 * pct * (1 + 1e-9);
        for (const symbol of SYMBOLS)
          expect(openValue(({ intent }) => intent.symbol === symbol)).toBeLessThanOrEqual(
            limit(risk.max_symbol_exposure_pct),
          );
        expect(openValue(() => true)).toBeLessThanOrEqual(limit(risk.max_total_exposure_pct));
        for (const side of ['LONG', 'SHORT'])
          expect(openValue(({ intent }) => intent.side === side)).toBeLessThanOrEqual(
            limit(risk.max_cluster_exposure_pct),
          );
        expect(openValue(() => true) / leverage).toBeLessThanOrEqual(10_000 * (1 + 1e-9));
        expect(new Set(pending.map(({ intent }) => `${intent.symbol}:${intent.side}`)).size).toBeLessThanOrEqual(5);
      }),
    );
  });
});

describe('a size', () => {
  test('uses the brackets of the account: a leverage above the largest is refused', () => {
    const low = { ...terms('AUSDT'), tiers: [{ notional_cap: 1_000, rate: 0.01, amount: 0, max_leverage: 4 }] };
    expect(assessLiveEntry(entryOf('AUSDT'), factsOf('AUSDT', { terms: low }))).toMatchObject({
      kind: 'DENIED',
      denial: { code: 'QUANTITY_BELOW_MINIMUM' },
    });
    const small = { ...low, tiers: [{ notional_cap: 1_000, rate: 0.01, amount: 0, max_leverage: 5 }] };
    expect(assessLiveEntry(entryOf('AUSDT'), factsOf('AUSDT', { terms: small }))).toMatchObject({
      intent: { quantity: 10 },
    });
  });

  test('is that of a paper account of the same balance: 0.0833 × 0.5 × 10,000 × 5 at 100', () => {
    expect(assessLiveEntry(entryOf('AUSDT'), factsOf('AUSDT'))).toMatchObject({ intent: { quantity: 20.833 } });
  });
});

test('a stop beyond the liquidation price of the account’s own brackets is denied', () => {
  const tight = { ...terms('AUSDT'), tiers: [{ notional_cap: 1e6, rate: 0.19, amount: 0, max_leverage: 125 }] };
  expect(assessLiveEntry(entryOf('AUSDT'), factsOf('AUSDT', { terms: tight }))).toMatchObject({
    kind: 'DENIED',
    denial: { code: 'STOP_BEYOND_LIQUIDATION' },
  });
});

test('F47 a constant confidence, as a stuck model gives it, changes neither size nor answer', () => {
  const answers = [0, 0.01, 0.5, 1].map((confidence) => {
    const answer = assessLiveEntry({ ...entryOf('AUSDT'), confidence }, factsOf('AUSDT'));
    return answer.kind === 'INTENT' ? answer.intent : answer;
  });
  expect(answers[0]).toMatchObject({ quantity: expect.any(Number) });
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
});

describe('an entry that only rests in the book', () => {
  const quote = { bid: 99, ask: 101 };
  const sized = (entry_style: 'taker' | 'maker' | 'maker_then_taker') => {
    const settings = defaultSettings({
      execution: { entry_style },
      risk: { kelly_fraction: 1, max_symbol_exposure_pct: 1_000, max_total_exposure_pct: 1_000 },
    });
    return assessLiveEntry({ ...entryOf('AUSDT'), quote }, factsOf('AUSDT', { settings }));
  };

  test('is sized at its own side of the book; one that may take is sized as a taker', () => {
    expect(sized('maker')).toMatchObject({ price: 99, intent: { order_type: 'LIMIT', price: 99 } });
    expect(sized('taker')).toMatchObject({ price: 101, intent: { order_type: 'MARKET' } });
    expect(sized('maker_then_taker')).toEqual(sized('taker'));
  });

  test('pays the fee of a maker', () => {
    const dear = { ...terms('AUSDT'), taker_fee: 0.5 };
    const quantityOf = (entry_style: 'taker' | 'maker') => {
      const settings = defaultSettings({
        execution: { entry_style },
        risk: { kelly_floor: 1, kelly_fraction: 1, max_symbol_exposure_pct: 1e4, max_total_exposure_pct: 1e4 },
      });
      const facts = factsOf('AUSDT', { settings, terms: dear });
      const answer = assessLiveEntry({ ...entryOf('AUSDT'), quote }, facts);
      return answer.kind === 'INTENT' ? answer.intent.quantity * answer.price : answer;
    };
    expect(quantityOf('maker')).toBeGreaterThan(quantityOf('taker') as number);
  });
});
