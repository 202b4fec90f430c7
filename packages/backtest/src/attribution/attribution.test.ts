import type { Decision } from '@helios/shared/domain/decision.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import type { GateCode } from '@helios/shared/domain/signal.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { madeDecision, madeRefusal, madeTrade } from '../testing/made-result.ts';
import { judgeGates } from './gate-judgements.ts';
import { judgeTrades } from './judged-trade.ts';
import { CostSplitter, sumOfCosts } from './trade-costs.ts';
import { GROUPINGS, groupTrades } from './trade-groups.ts';

describe('the parts of a trade', () => {
  test('by hand: a LONG of 2 that takes on both sides', () => {
    // Mid 100 → 103: move 6. It buys at 100.5 (ask) + 0.1 and sells at 102.5 (bid) − 0.2: gross (102.3 − 100.6) × 2 = 3.4.
    // Slippage 0.2 + 0.4 = 0.6; so the spread costs 6 − 3.4 − 0.6 = 2 = 4 half spreads of 0.5. Fees 0.3, funding 0.1: net 3.
    const prices = { entry_price: 100.6, exit_price: 102.3, quantity: 2 };
    const trade = madeTrade({ ...prices, gross_pnl: 3.4, slippage: 0.6, fees: 0.3, funding: 0.1, realized_pnl: 3 });
    const mids = new Map([
      [trade.entry_signal_id, 100],
      [trade.exit_signal_id, 103],
    ]);
    const costs = new CostSplitter({ mids, decisions: [] }).costsOf(trade);
    expect(costs.move).toBeCloseTo(6, 12);
    expect(costs.spread).toBeCloseTo(2, 12);
    expect(costs).toMatchObject({ slippage: 0.6, fees: 0.3, funding: 0.1, net: 3, legsWithoutBook: 0 });
  });

  test('by hand: a SHORT that rests on both sides earns the spread', () => {
    // Mid 100 → 98: move 2. It sells at the ask 100.5 and buys at the bid 97.5: gross 3, so the spread earns 1.
    const trade = madeTrade({
      side: 'SHORT',
      entry_price: 100.5,
      exit_price: 97.5,
      quantity: 1,
      gross_pnl: 3,
      realized_pnl: 3,
    });
    const mids = new Map([
      [trade.entry_signal_id, 100],
      [trade.exit_signal_id, 98],
    ]);
    expect(new CostSplitter({ mids, decisions: [] }).costsOf(trade)).toMatchObject({ move: 2, spread: -1 });
  });

  test('a leg without a book is compared with the price of its decision', () => {
    // The exit was decided at 103, the last trade; it filled at 102 with a slippage of 1.
    const trade = madeTrade({
      entry_price: 100,
      exit_price: 102,
      quantity: 1,
      gross_pnl: 2,
      slippage: 1,
      realized_pnl: 2,
    });
    const decisions = [madeDecision({ decision_id: trade.exit_signal_id, entry_price: 103 })];
    const mids = new Map([[trade.entry_signal_id, 100]]);
    const costs = new CostSplitter({ mids, decisions }).costsOf(trade);
    expect(costs).toMatchObject({ move: 3, spread: 0, slippage: 1, legsWithoutBook: 1 });
  });

  const amount = fc.double({ min: 0.01, max: 10, noNaN: true });
  test('add up to the net result to 1e-9, alone, in every group and in the sum', () => {
    const anyTrade = fc.record({
      ...{ entry: amount, exit: amount, entryMid: amount, exitMid: amount, quantity: amount, fees: amount },
      ...{ funding: amount, slippage: amount, side: fc.constantFrom('LONG', 'SHORT') },
      reason: fc.constantFrom('STOP_LOSS', 'TIME_EXIT', undefined),
      hour: fc.integer({ min: 0, max: 23 }),
    });
    fc.assert(
      fc.property(fc.array(anyTrade, { maxLength: 20 }), (drawn) => {
        const mids = new Map<string, number>();
        const trades = drawn.map(
          ({ entry, exit, entryMid, exitMid, quantity, fees, funding, slippage, side, reason, hour }, n) => {
            mids.set(`e${n}`, entryMid);
            if (n % 3 !== 0) mids.set(`x${n}`, exitMid);
            const gross_pnl = (side === 'LONG' ? 1 : -1) * (exit - entry) * quantity;
            const money = { gross_pnl, fees, funding, slippage, realized_pnl: gross_pnl - fees - funding };
            const ids = {
              entry_signal_id: `e${n}`,
              exit_signal_id: `x${n}`,
              exit_reason: reason,
              entry_ts: hour * 3_600_000,
            };
            return madeTrade({
              ...ids,
              ...money,
              side,
              entry_price: entry,
              exit_price: exit,
              quantity,
            } as Partial<ClosedTrade>);
          },
        );
        const judged = judgeTrades({ trades, mids, decisions: [] });
        const groups = Object.values(GROUPINGS).map((keyOf) => groupTrades(judged, keyOf));
        const net = trades.reduce((sum, { realized_pnl }) => sum + realized_pnl, 0);
        const sums = groups.map((group) => sumOfCosts(group.map(({ costs }) => costs)));
        for (const costs of [...judged.map((trade) => trade.costs), ...sums]) {
          const { move, spread, slippage, fees, funding } = costs;
          expect(Math.abs(move - spread - slippage - fees - funding - costs.net)).toBeLessThan(1e-9);
        }
        for (const group of groups)
          expect(group.reduce((sum, { trades: count }) => sum + count, 0)).toBe(trades.length);
        for (const costs of sums) expect(Math.abs(costs.net - net)).toBeLessThan(1e-9);
      }),
    );
  });
});

describe('groups of trades', () => {
  test('take regime and hour from the entry, and a missing reason or regime by name', () => {
    const trades = [
      madeTrade({ entry_signal_id: 'a', entry_ts: Date.UTC(2026, 0, 1, 7, 59) }),
      madeTrade({ entry_signal_id: 'b' }),
    ];
    const decisions = [madeDecision({ decision_id: 'a', regime: 'QUIET' })];
    const judged = judgeTrades({ trades, decisions, mids: new Map() });
    expect(groupTrades(judged, GROUPINGS.regime).map(({ key }) => key)).toEqual(['QUIET', 'UNKNOWN']);
    expect(groupTrades(judged, GROUPINGS.hour).map(({ key }) => key)).toEqual(['00', '07']);
    expect(groupTrades(judged, GROUPINGS.exitReason).map(({ key, trades: count }) => [key, count])).toEqual([
      ['NONE', 2],
    ]);
  });
});

describe('gates', () => {
  /** Trades at 100 of 1, one a minute, each with this net result in basis points. */
  const taken = (netBps: readonly number[]) =>
    judgeTrades({
      trades: netBps.map((bp, n) =>
        madeTrade({
          entry_price: 100,
          quantity: 1,
          realized_pnl: bp / 100,
          entry_ts: n * 60_000,
          exit_ts: n * 60_000 + 1,
        }),
      ),
      decisions: [],
      mids: new Map(),
    });
  const refusedBy = (gate: GateCode, netBps: readonly number[]): Decision[] =>
    netBps.map((bp, n) => madeRefusal(gate, { timestamp: n * 60_000, netBp: bp }));
  const around = (centre: number) => Array.from({ length: 20 }, (_, n) => centre + (n % 2 === 0 ? 1 : -1));

  test('help, harm or make no difference', () => {
    const refusals = [
      ...refusedBy('TREND', around(-10)),
      ...refusedBy('VWAP', around(10)),
      ...refusedBy('REGIME', around(0.1)),
      ...refusedBy('SPREAD', [-50, -51]),
    ];
    const gates = judgeGates({ refusals, decisions: [] }, taken(around(0)));
    expect(gates.map(({ gate, effect }) => [gate, effect])).toEqual([
      ['SPREAD', 'TOO_FEW'],
      ['VWAP', 'HARMS'],
      ['TREND', 'HELPS'],
      ['REGIME', 'NO_DIFFERENCE'],
    ]);
    // Both sides: ±1, sample variance 20/19, over 20 values; the difference has √2 times that error.
    const trend = gates.find(({ gate }) => gate === 'TREND')?.difference;
    expect(trend?.mean).toBeCloseTo(10, 9);
    expect(trend?.error).toBeCloseTo(Math.SQRT2 * Math.sqrt(1 / 19), 9);
  });

  test('count what was missed and what did not end', () => {
    const refusals = [
      madeRefusal('VOLUME', { netBp: -3 }),
      madeRefusal('VOLUME', { netBp: 0, outcome: 'MISSED' }),
      madeRefusal('VOLUME', {}),
    ];
    const [volume] = judgeGates({ refusals, decisions: [] }, []);
    expect(volume).toMatchObject({ refused: 3, missed: 1, open: 1, netBp: { count: 1, mean: -3 }, effect: 'TOO_FEW' });
  });

  test('that only observe are judged by the trades they would have refused', () => {
    const trades = judgeTrades({ trades: [madeTrade({ entry_signal_id: 'a' })], decisions: [], mids: new Map() });
    const gates = [{ gate: 'EDGE_VS_COST' as const, outcome: 'OBSERVED' as const }];
    const judged = judgeGates({ refusals: [], decisions: [madeDecision({ decision_id: 'a', gates })] }, trades);
    expect(judged).toMatchObject([{ gate: 'EDGE_VS_COST', refused: 0, observed: { count: 1 } }]);
  });

  test('shadows that run at once share their error, and count as few', () => {
    // 400 shadows, one a minute; every 20 of them share one move of the market.
    const signs = '+--+++-+--++-+--+-++';
    const moves = Array.from({ length: 400 }, (_, n) => (signs[Math.floor(n / 20)] === '+' ? 10 : -10));
    const judged = (heldMs: number) => {
      const refusals = moves.map((bp, n) => madeRefusal('VWAP', { timestamp: n * 60_000, netBp: bp, heldMs }));
      return judgeGates({ refusals, decisions: [] }, taken(around(0)))[0];
    };
    const [apart, together] = [judged(1), judged(20 * 60_000)];
    // 20 moves of ±10: error about 10 / √20.
    expect(together?.netBp.error).toBeCloseTo(10 / Math.sqrt(20), 0);
    expect(together?.netBp.error).toBeGreaterThan(apart?.netBp.error ?? 0);
    expect(apart?.effect).toBe('NO_DIFFERENCE');
    expect(judged(60 * 60_000)?.effect).toBe('TOO_FEW');
  });
});
