import type { Account } from '@helios/shared/domain/account.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import { aSignal, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assessLiveEntry, type LiveEntryFacts } from './assess-live-entry.ts';
import { TradeHistory } from './trade-history.ts';

const MINUTE_MS = 60_000;
/** The entry is on AUSDT; most trades are not. */
const symbols = fc.oneof(
  { arbitrary: fc.constant('AUSDT'), weight: 1 },
  { arbitrary: fc.constant('BUSDT'), weight: 20 },
);

const account: Account = {
  ...{ run: 'test-run', wallet_balance: 10_000, unrealized_pnl: 0, margin_balance: 10_000, available_balance: 10_000 },
  ...{ initial_margin: 0, maintenance_margin: 0, free_margin_pct: 100, maintenance_ratio_pct: 0, margin_level: 'OK' },
  ...{ positions: [], simulated: false, updated_ts: T0 },
};

/** Minutes before now at which trades close: often at the same time, and around the ends of the windows. */
const agesMin = fc.oneof(
  fc.integer({ min: -1, max: 40 }),
  fc.integer({ min: 1_400, max: 1_600 }),
  fc.integer({ min: 3_000, max: 3_010 }),
);

const trades = fc.array(
  fc
    .record({
      symbol: symbols,
      age: agesMin,
      pnl: fc.integer({ min: -20, max: 30 }),
      exit_reason: fc.constantFrom<NonNullable<ClosedTrade['exit_reason']>>('STOP_LOSS', 'TAKE_PROFIT'),
      origin: fc.constantFrom<'ENGINE' | 'EXTERNAL' | undefined>('ENGINE', 'EXTERNAL', undefined),
    })
    .map(({ symbol, age, pnl, exit_reason, origin }) =>
      tradeOf(symbol, T0 - age * MINUTE_MS, pnl, { exit_reason, origin }),
    ),
  { minLength: 30, maxLength: 80 },
);

const minutes = fc.integer({ min: 1, max: 1_500 });
const settingsOf = fc
  .record({
    kelly_trades: fc.integer({ min: 10, max: 20 }),
    cooldown_sec: fc.constantFrom(0, 60, 86_400),
    stop_guard_window_min: minutes,
    stop_guard_lock_min: minutes,
    drawdown_window_min: minutes,
    drawdown_lock_min: minutes,
    low_profit_window_min: minutes,
    low_profit_lock_min: minutes,
    loss_streak_lock_min: minutes,
  })
  .map(({ kelly_trades, ...protections }) => defaultSettings({ risk: { kelly_trades }, protections }));

let made = 0;

function tradeOf(symbol: string, exit_ts: number, pnl: number, fields: Partial<ClosedTrade>): ClosedTrade {
  made += 1;
  return {
    ...{ run: 'test-run', entry_signal_id: `e${made}`, exit_signal_id: `x${made}`, symbol, side: 'LONG' },
    ...{ quantity: 1, entry_price: 1_000, exit_price: 1_000 + pnl, entry_ts: exit_ts - MINUTE_MS, exit_ts },
    ...{ gross_pnl: pnl, fees: 0, realized_pnl: pnl, simulated: false, ...fields },
  };
}

function factsOf(
  settings: LiveEntryFacts['settings'],
  fields: Pick<LiveEntryFacts, 'trades' | 'releasedTs'>,
): LiveEntryFacts {
  const tiers = [{ notional_cap: 1e6, rate: 0.004, amount: 0, max_leverage: 125 }];
  const fees = { maker_fee: 0.0002, taker_fee: 0.0005, leverage: 5, margin_mode: 'ISOLATED' as const };
  return {
    ...{ nowMs: T0, signalAgeMs: 0, account, pending: [], quote: undefined, correlation: () => undefined, settings },
    instrument: { symbol: 'AUSDT', tick_size: '0.01', step_size: '0.001', min_notional: '5' },
    terms: { symbol: 'AUSDT', ...fees, tiers, updated_ts: T0 },
    ...fields,
  };
}

test('an entry is judged by the relevant trades exactly as by all of them', () => {
  const signal = aSignal({ symbol: 'AUSDT', quote: { bid: 99.99, ask: 100 }, stop_loss: 98 });
  const released = fc.option(fc.integer({ min: 0, max: 3_000 }), { nil: undefined });
  let [leftOut, intents] = [0, 0];
  fc.assert(
    fc.property(trades, settingsOf, released, (all, settings, releasedMin) => {
      const history = new TradeHistory(settings);
      for (const trade of all) history.add(trade);
      const relevant = history.relevantTo('AUSDT', T0);
      leftOut += all.length - relevant.length;
      const releasedTs = releasedMin === undefined ? undefined : T0 - releasedMin * MINUTE_MS;
      const judged = (list: readonly ClosedTrade[]) =>
        assessLiveEntry(signal, factsOf(settings, { trades: list, releasedTs }));
      const expected = judged(all);
      if (expected.kind === 'INTENT') intents += 1;
      expect(judged(relevant)).toEqual(expected);
    }),
    { numRuns: 1_000 },
  );
  expect(leftOut).toBeGreaterThan(1_000);
  expect(intents).toBeGreaterThan(50);
});

test('a trade that comes again counts once, and in its newest form', () => {
  const history = new TradeHistory(defaultSettings());
  const first = tradeOf('AUSDT', T0, 5, {});
  for (const trade of [first, tradeOf('BUSDT', T0, 1, {}), { ...first, realized_pnl: 4 }]) history.add(trade);
  expect(history.relevantTo('AUSDT', T0).map(({ realized_pnl }) => realized_pnl)).toEqual([1, 4]);
});

test('a few of many trades are relevant, and the oldest of too many are dropped', () => {
  const history = new TradeHistory(defaultSettings());
  for (let i = 0; i < 12_000; i += 1)
    history.add(tradeOf(i < 1_000 ? 'OLDUSDT' : 'AUSDT', T0 + i * 10 * MINUTE_MS, 1, {}));
  const nowMs = T0 + 12_000 * 10 * MINUTE_MS;
  expect(history.relevantTo('AUSDT', nowMs).length).toBeLessThan(300);
  expect(history.relevantTo('OLDUSDT', nowMs).some(({ symbol }) => symbol === 'OLDUSDT')).toBe(false);
});
