import { CommandLineError } from '@helios/shared/runtime/cli/command-line.mjs';
import { readCommandLine } from '@helios/shared/runtime/cli/run-command.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import { Rng } from '@helios/synthetic-market/rng.ts';
import { quantile } from '@helios/synthetic-market/series-statistics.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { candidateAt } from './candidate.ts';
import { type Dimension, sizeOf, snapped, textAt } from './dimension.ts';
import { gridCandidates } from './grid-search.ts';
import { differentCandidates, randomCandidate } from './random-search.ts';
import { readDimensions } from './read-dimensions.ts';
import { type ScoredCandidate, tpeCandidate } from './tpe-search.ts';

const dimensionsOf = (...texts: string[]) =>
  readDimensions(
    readCommandLine(
      'optimise',
      texts.map((text) => `--search=${text}`),
    ),
    defaultSettings(),
  );

describe('what is searched', () => {
  test('has the range of the setting or the typed one', () => {
    expect(dimensionsOf('signals.nobi_threshold')).toMatchObject([{ kind: 'RANGE', low: 0.01, high: 1 }]);
    expect(dimensionsOf('signals.nobi_threshold=0.3..0.9/0.1')).toMatchObject([{ low: 0.3, high: 0.9, step: 0.1 }]);
    expect(dimensionsOf('risk.trailing_stop')).toMatchObject([{ kind: 'CHOICE', texts: ['false', 'true'] }]);
    expect(dimensionsOf('simulation.mode')).toMatchObject([
      { texts: ['HF_MARKET', 'HF_LIMIT', 'LF_MARKET', 'LF_LIMIT'] },
    ]);
    expect(dimensionsOf('risk.max_hold_sec=60,600')).toMatchObject([{ texts: ['60', '600'] }]);
    expect(dimensionsOf('risk.max_hold_sec')).toMatchObject([{ isLog: true, isInteger: true }]);
  });

  test.each([
    [['signals.nobi_treshold'], /The nearest is signals.nobi_threshold/],
    [['signals.nobi_threshold=0.3..7'], /7 is out of bounds. Write a number from 0.01 to 1/],
    [['signals.nobi_threshold=0.9..0.3'], /from low to high/],
    [['signals.nobi_threshold=0.3..0.9/0'], /step 0 must be a number above 0/],
    [['risk.max_hold_sec=60..600/0.5'], /whole number above 0/],
    [['simulation.mode=HF'], /not one of/],
    [['trading.symbols'], /Name the values/],
    [['risk.trailing_stop', 'risk.trailing_stop'], /twice/],
    [[], /Name what to search/],
  ])('that is wrong is refused with what to do: %j', (texts, message) => {
    expect(() => dimensionsOf(...texts)).toThrow(CommandLineError);
    expect(() => dimensionsOf(...texts)).toThrow(message);
  });
});

const anyRange = fc
  .record({
    ...{
      low: fc.double({ min: 0.01, max: 50, noNaN: true }),
      width: fc.double({ min: 0.01, max: 5_000, noNaN: true }),
    },
    ...{ isLog: fc.boolean(), isInteger: fc.boolean() },
  })
  .map(({ low, width, isLog, isInteger }): Dimension => {
    const bounds = isInteger ? { low: Math.ceil(low), high: Math.ceil(low + width) } : { low, high: low + width };
    return { kind: 'RANGE', path: 'a.b', ...bounds, isLog, isInteger };
  });

test('every place has a value within the bounds, and the place of that value has the same value', () => {
  fc.assert(
    fc.property(anyRange, fc.double({ min: 0, max: 1, noNaN: true }), (dimension, place) => {
      if (dimension.kind !== 'RANGE') return;
      const value = Number(textAt(dimension, place));
      expect(value).toBeGreaterThanOrEqual(dimension.low);
      expect(value).toBeLessThanOrEqual(dimension.high);
      if (dimension.isInteger) expect(Number.isInteger(value)).toBe(true);
      expect(Number(textAt(dimension, snapped(dimension, place)))).toBeCloseTo(value, 9);
    }),
  );
});

test('a grid takes lists and steps whole, and as many values of a range as fit', () => {
  const dimensions = dimensionsOf(
    'signals.nobi_threshold=0.3..0.5/0.1',
    'risk.trailing_stop',
    'risk.take_profit_atr=1..5',
  );
  const grid = gridCandidates(dimensions, 20);
  expect(grid).toHaveLength(18);
  expect([...new Set(grid.map(({ texts }) => texts['signals.nobi_threshold']))]).toEqual(['0.3', '0.4', '0.5']);
  expect([...new Set(grid.map(({ texts }) => texts['risk.take_profit_atr']))]).toEqual(['1', '3', '5']);
});

test('a small space ends a random search instead of repeating itself', () => {
  const dimensions = dimensionsOf('risk.trailing_stop', 'risk.atr_period=10..12');
  const rng = new Rng('small');
  expect(dimensions.map(sizeOf)).toEqual([2, 3]);
  const found = differentCandidates(100, new Set(), () => randomCandidate(dimensions, rng));
  expect(new Set(found.map(({ key }) => key)).size).toBe(6);
  expect(found).toHaveLength(6);
});

describe('TPE', () => {
  const dimensions = dimensionsOf('signals.nobi_threshold=0.1..0.9', 'risk.take_profit_atr=1..9', 'risk.trailing_stop');
  /** Best at 0.7, 3 and true. */
  const scoreOf = (texts: Readonly<Record<string, string>>) =>
    -((Number(texts['signals.nobi_threshold']) - 0.7) ** 2) -
    ((Number(texts['risk.take_profit_atr']) - 3) / 10) ** 2 -
    (texts['risk.trailing_stop'] === 'true' ? 0 : 0.1);

  function bestOf(
    seed: number,
    propose: (history: readonly ScoredCandidate[], rng: Rng) => ReturnType<typeof candidateAt>,
  ) {
    const rng = new Rng(`search ${seed}`);
    const history: ScoredCandidate[] = [];
    for (let n = 0; n < 60; n += 1) {
      const candidate = n < 12 ? randomCandidate(dimensions, rng) : propose(history, rng);
      history.push({ candidate, score: scoreOf(candidate.texts) });
    }
    return Math.max(...history.map(({ score }) => score ?? Number.NEGATIVE_INFINITY));
  }

  test('comes nearer to the optimum than random search with as many trials', () => {
    const medianOf = (propose: Parameters<typeof bestOf>[1]) =>
      quantile(
        Array.from({ length: 21 }, (_, seed) => bestOf(seed, propose)),
        0.5,
      ) ?? 0;
    const tpe = medianOf((history, rng) => tpeCandidate(dimensions, history, rng));
    const random = medianOf((_, rng) => randomCandidate(dimensions, rng));
    expect(tpe).toBeGreaterThan(random / 5);
  });

  test('proposes the same after the same history, within the bounds, whatever is undefined', () => {
    const rng = new Rng('history');
    const history = Array.from({ length: 30 }, (_, n): ScoredCandidate => {
      const candidate = randomCandidate(dimensions, rng);
      return { candidate, score: n % 3 === 0 ? undefined : scoreOf(candidate.texts) };
    });
    const [first, second] = [1, 2].map(() => tpeCandidate(dimensions, history, new Rng('same')));
    expect(second).toEqual(first);
    for (const place of first?.places ?? []) expect(place).toBeGreaterThanOrEqual(0);
    const all = history.map(({ candidate }) => ({ candidate, score: undefined }));
    expect(tpeCandidate(dimensions, all, new Rng('none')).places).toHaveLength(3);
    expect(tpeCandidate(dimensions, [], new Rng('empty')).places).toHaveLength(3);
  });
});
