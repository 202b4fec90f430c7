import { Rng } from '@helios/synthetic-market/rng.ts';
import { describe, expect, test } from 'vitest';
import { madeRefusal, madeTrade } from '../testing/made-result.ts';
import { gateSeparations } from './gate-effects.ts';
import { judgeTrades } from './judged-trade.ts';

const DAY = 86_400_000;

/** Trades at 100 of 1 with these net results, `perDay` on each day. */
const taken = (netBps: readonly number[], perDay = 4) =>
  judgeTrades({
    trades: netBps.map((bp, n) => {
      const entry_ts = Math.floor(n / perDay) * DAY + (n % perDay) * 60_000;
      return madeTrade({ realized_pnl: bp / 100, entry_ts, exit_ts: entry_ts + 1 });
    }),
    decisions: [],
    mids: new Map(),
  });

const refused = (gate: Parameters<typeof madeRefusal>[0], netBps: readonly number[], perDay = 4) =>
  netBps.map((netBp, n) => madeRefusal(gate, { timestamp: Math.floor(n / perDay) * DAY + 1, netBp }));

/** Draws around `centre` with a deviation of 10; always the same. */
function around(centre: number, count: number, label: string): number[] {
  const rng = new Rng(label);
  return Array.from({ length: count }, () => centre + 10 * rng.normal());
}

describe('what a gate separates', () => {
  test('by hand: passed are trades and what later gates refused', () => {
    const trades = taken(
      Array.from({ length: 12 }, () => 4),
      1,
    );
    const refusals = [
      ...refused(
        'VOLUME',
        Array.from({ length: 12 }, () => -6),
        1,
      ),
      ...refused(
        'TREND',
        Array.from({ length: 12 }, () => 2),
        1,
      ),
    ];
    const [volume, trend] = gateSeparations({ refusals, trades }, 'hand');
    expect(volume).toMatchObject({ gate: 'VOLUME', refused: { count: 12, mean: -6 }, passed: { count: 24 }, days: 12 });
    expect(volume?.passed.mean).toBeCloseTo(3, 9);
    expect(volume?.difference?.value).toBeCloseTo(9, 9);
    expect(volume?.effect).toBe('HELPS');
    // What an earlier gate refused is no candidate of a later one.
    expect(trend).toMatchObject({ gate: 'TREND', refused: { count: 12, mean: 2 }, passed: { count: 12 } });
    expect(trend?.difference?.value).toBeCloseTo(2, 9);
  });

  test('finds a planted difference of either sign, with the error of independent values', () => {
    const trades = taken(around(0, 400, 'taken'));
    const of = (gate: 'TREND' | 'REGIME', centre: number) => refused(gate, around(centre, 400, gate));
    const judged = gateSeparations({ refusals: [...of('REGIME', 8)], trades }, 'planted');
    expect(judged.map(({ effect }) => effect)).toEqual(['HARMS']);
    const [helping] = gateSeparations({ refusals: of('TREND', -8), trades }, 'planted');
    expect(helping?.effect).toBe('HELPS');
    expect(helping?.difference?.error).toBeCloseTo(10 * Math.sqrt(2 / 400), 0);
  });

  test('calls noise nothing, in about 19 of 20 markets', () => {
    const effects = Array.from({ length: 60 }, (_, seed) => {
      const refusals = refused('VWAP', around(0, 120, `refused ${seed}`));
      return gateSeparations({ refusals, trades: taken(around(0, 120, `taken ${seed}`)) }, 'noise')[0]?.effect;
    });
    expect(effects.filter((effect) => effect !== 'NOTHING').length).toBeLessThanOrEqual(8);
  });

  test('candidates of one day count together: a good day is one event', () => {
    // Ten days, one of which moved everything that was refused on it, a hundred times.
    const days = Array.from({ length: 10 }, (_, day) => Array.from({ length: 100 }, () => (day === 3 ? -100 : 0)));
    const trades = taken(
      Array.from({ length: 10 }, () => 0),
      1,
    );
    const [vwap] = gateSeparations({ refusals: refused('VWAP', days.flat(), 100), trades }, 'days');
    expect(vwap?.difference?.value).toBeCloseTo(10, 9);
    expect(vwap?.difference?.error).toBeGreaterThan(7);
    expect(vwap?.effect).toBe('NOTHING');
  });

  test('compares within a symbol: one that costs more, and is refused more, proves nothing', () => {
    const cheap = { trades: taken(around(0, 400, 'cheap')), refusals: refused('VOLUME', around(0, 40, 'few'), 1) };
    const dear = {
      trades: taken(around(-50, 40, 'dear'), 1).map((judged) => ({
        ...judged,
        trade: { ...judged.trade, symbol: 'DEARUSDT' },
      })),
      refusals: refused('VOLUME', around(-50, 400, 'many')).map((refusal) => ({ ...refusal, symbol: 'DEARUSDT' })),
    };
    const both = { trades: [...cheap.trades, ...dear.trades], refusals: [...cheap.refusals, ...dear.refusals] };
    const [volume] = gateSeparations(both, 'symbols');
    expect((volume?.passed.mean ?? 0) - (volume?.refused.mean ?? 0)).toBeGreaterThan(30);
    expect(volume?.effect).toBe('NOTHING');
  });

  test('says nothing with fewer than ten days, and leaves out what did not fill or end', () => {
    const refusals = [
      madeRefusal('VWAP', { netBp: 5 }),
      madeRefusal('VWAP', { netBp: 0, outcome: 'MISSED' }),
      madeRefusal('VWAP', {}),
    ];
    expect(gateSeparations({ refusals, trades: taken([1]) }, 'few')).toEqual([
      {
        gate: 'VWAP',
        refused: { count: 1, mean: 5 },
        passed: { count: 1, mean: expect.closeTo(1, 9) },
        days: 1,
        effect: 'TOO_FEW',
      },
    ]);
    expect(gateSeparations({ refusals: [], trades: [] }, 'none')).toEqual([]);
  });
});
