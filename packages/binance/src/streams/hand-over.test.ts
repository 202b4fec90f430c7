import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HandOver } from './hand-over.ts';

const STREAM = 'btcusdt@depth';

test('however two sessions lag, each text is passed on once and in order', () => {
  const lags = fc.array(fc.constantFrom('old' as const, 'new' as const), { maxLength: 80 });
  fc.assert(
    fc.property(lags, fc.integer({ min: 0, max: 10 }), (order, firstOfNew) => {
      const handOver = new HandOver();
      const passed: number[] = [];
      let ofOld = 0;
      let ofNew = firstOfNew;
      for (const who of order) {
        if (who === 'old' && handOver.takesOld(STREAM, `text ${ofOld}`)) passed.push(ofOld);
        if (who === 'new' && handOver.takesNew(STREAM, `text ${ofNew}`)) passed.push(ofNew);
        if (who === 'old') ofOld += 1;
        else ofNew += 1;
      }
      expect(passed).toEqual(Array.from({ length: passed.length }, (_, at) => at));
      expect(passed.length).toBe(handOver.hasMoved(STREAM) ? ofNew : ofOld);
    }),
    { numRuns: 1_000 },
  );
});

test('a stream moves as soon as its last text is the same on both sessions', () => {
  const handOver = new HandOver();
  expect([handOver.takesOld('a', '1'), handOver.takesNew('a', '1')]).toEqual([true, false]);
  expect([handOver.takesNew('b', '1'), handOver.takesOld('b', '1')]).toEqual([false, true]);
  expect([handOver.hasMoved('a'), handOver.hasMoved('b'), handOver.hasMoved('c')]).toEqual([true, true, false]);
  expect([handOver.wasQuiet('a'), handOver.wasQuiet('c')]).toEqual([false, true]);
  expect([handOver.takesOld('a', '2'), handOver.takesNew('a', '2')]).toEqual([false, true]);
  handOver.forget(['a']);
  expect([handOver.hasMoved('a'), handOver.wasQuiet('a')]).toEqual([false, true]);
});
