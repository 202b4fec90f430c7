import type { StopState, VenueStop } from '@helios/core/live/venue-port.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { KnownStops } from './known-stops.ts';

const stop = (state: StopState, tsEvent: number): VenueStop => ({
  ...{ clientAlgoId: 'he-1', symbol: 'BTCUSDT', action: 'SELL', state, tsEvent },
  ...{ quantity: 1, triggerPrice: 9, reduceOnly: true },
});

const LIFE: readonly StopState[] = ['NEW', 'TRIGGERING', 'TRIGGERED', 'FINISHED'];

test('reports in any order and doubled end in the newest state', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...LIFE, ...LIFE], { minLength: 8 }), (states) => {
      const known = new KnownStops();
      let newest: VenueStop | undefined;
      for (const state of states) newest = known.merge(stop(state, LIFE.indexOf(state)));
      expect(newest?.state).toBe('FINISHED');
      expect(known.of('he-1')?.state).toBe('FINISHED');
    }),
  );
});

test('a report never takes a state back', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...LIFE), { minLength: 1 }), (states) => {
      const known = new KnownStops();
      let highest = 0;
      for (const state of states) {
        highest = Math.max(highest, LIFE.indexOf(state));
        expect(known.merge(stop(state, 0)).state).toBe(LIFE[highest]);
      }
    }),
  );
});

test('knows stops by their ids: expected ones, seen ones, and by the letter of their role', () => {
  const known = new KnownStops();
  expect(known.has('he-2')).toBe(false);
  known.expect('he-2');
  expect(known.has('he-2')).toBe(true);
  expect(known.of('he-2')).toBeUndefined();
  expect(known.has(`he-${'0'.repeat(24)}-s1-7`)).toBe(true);
  expect(known.has(`he-${'0'.repeat(24)}-e1-7`)).toBe(false);
});

test('F42 forgets the oldest of ten thousand', () => {
  const known = new KnownStops();
  for (let n = 0; n < 10_001; n += 1) known.expect(`he-${n}`);
  expect([known.has('he-0'), known.has('he-1'), known.has('he-10000')]).toEqual([false, true, true]);
});
