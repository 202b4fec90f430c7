import { aTrade, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SimulationMode } from '../src/execution/fees.ts';
import { createStrategyEngine } from '../src/strategy/engine.ts';
import { createSimulator } from '../src/trading/paper-trading.ts';
import { profileOf } from '../src/trading/profile.ts';
import { anUpdate, aPosition, BTC, bookOf, RUN, signalsOf } from './strategy-harness.ts';

const price = fc.integer({ min: 500, max: 1_500 }).map((tenths) => tenths / 10);
/** A clock ahead of ours stamps its messages in our future. */
const ageMs = fc.oneof(fc.integer({ min: -60_000, max: 60_000 }), fc.integer({ min: 0, max: 86_400_000 }));

/** The market as seen before the fleet stopped. */
const past = fc.record({
  entry: price,
  side: fc.constantFrom('LONG', 'SHORT'),
  mode: fc.constantFrom<SimulationMode>('HF_MARKET', 'LF_LIMIT'),
  bid: price,
  bookAgeMs: ageMs,
  trade: fc.option(fc.record({ price, ageMs }), { nil: undefined }),
  /** signal-engine and decision-logger read separately: one of them may find nothing. */
  engineKnows: fc.boolean(),
});

test('a start on a silent market never closes a position at a better price than its entry and the last book', () => {
  let [losses, even] = [0, 0];
  fc.assert(
    fc.property(past, ({ entry, side, mode, bid, bookAgeMs, trade, engineKnows }) => {
      const params = defaultSettings({ simulation: { mode }, fees: { slippage_bp: 0 } });
      const book = bookOf(0, { ts: T0 - bookAgeMs, bid });
      const samples = trade ? [book, aTrade({ ts_event: T0 - trade.ageMs, price: String(trade.price) })] : [book];
      const position = aPosition({
        side,
        entry_price: entry,
        entry_ts: T0 - 2 * 86_400_000,
        stop_loss: undefined,
        take_profit: undefined,
      });
      const engine = createStrategyEngine(params, { run: RUN, profile: profileOf('SIMULATION', params) });
      engine.onPositions(anUpdate([position]));
      engine.restore(BTC, engineKnows ? samples : [], T0);
      expect(signalsOf(engine.onTimer(T0 + 60_000))).toEqual([]);
      const [exit, ...more] = signalsOf(engine.onTimer(T0 + 60_001));
      expect(more).toEqual([]);
      const simulator = createSimulator(params, RUN, { positions: [position], resting: [], books: [book] });
      const [closed] = exit ? simulator.onSignal(exit, T0 + 60_002) : [];
      const at = closed?.trade?.exit_price ?? Number.NaN;
      const farSide = side === 'LONG' ? bid : Number((bid + 0.1).toFixed(1));
      if (side === 'LONG') expect(at).toBeLessThanOrEqual(Math.min(entry, farSide));
      else expect(at).toBeGreaterThanOrEqual(Math.max(entry, farSide));
      // It is not worse than the worst known price either.
      expect([entry, farSide, trade?.price]).toContain(at);
      if (at === entry) even += 1;
      else losses += 1;
    }),
    { numRuns: 500 },
  );
  expect(losses).toBeGreaterThan(100);
  expect(even).toBeGreaterThan(50);
});
