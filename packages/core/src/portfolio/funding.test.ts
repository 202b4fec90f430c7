import type { MarkPrice } from '@helios/shared/domain/market-data.ts';
import { describe, expect, it } from 'vitest';
import { params, RUN, signal } from '../testing/simulated-orders.ts';
import { createSimulator, type Simulator } from '../trading/paper-trading.ts';

const FUNDING = Date.UTC(2026, 10, 28, 16);
const HOURS = 3_600_000;
const mark = (ts: number, rate: string, next: number, price = '50000'): MarkPrice => ({
  type: 'mark',
  symbol: 'BTCUSDT',
  ts_event: ts,
  ts_init: ts,
  mark_price: price,
  funding_rate: rate,
  next_funding_ts: next,
});
const before = FUNDING - 300_000;
const simulate = (): Simulator => createSimulator(params('HF_MARKET', 1), RUN);
const hear = (simulator: Simulator, event: MarkPrice) => simulator.onMarket(event, event.ts_event);
const enter = (simulator: Simulator, direction: 'LONG' | 'SHORT', ts: number) =>
  simulator.onSignal(signal(direction, 50_000, { timestamp: ts, ts_init: ts }), ts);
const leave = (simulator: Simulator, direction: 'EXIT_LONG' | 'EXIT_SHORT', ts: number) =>
  simulator.onSignal(signal(direction, 50_000, { timestamp: ts, ts_init: ts, exit_reason: 'TIME_EXIT' }), ts)[0];
const held = (simulator: Simulator) => simulator.positionUpdate('BTCUSDT', FUNDING).positions;

describe('funding', () => {
  it.each([
    ['LONG', '0.01', 500],
    ['SHORT', '0.01', -500],
    ['LONG', '-0.002', -100],
  ] as const)('a %s over a funding at a rate of %s pays %d, and the trade is net of it', (side, rate, paid) => {
    const simulator = simulate();
    enter(simulator, side, before);
    for (let ts = before; ts < FUNDING; ts += 1_000) hear(simulator, mark(ts, rate, FUNDING));
    hear(simulator, mark(FUNDING, '0.5', FUNDING + 8 * HOURS));
    hear(simulator, mark(FUNDING + 1_000, '0.5', FUNDING + 8 * HOURS));
    expect(held(simulator)).toMatchObject([{ funding: paid, funding_ts: FUNDING }]);
    const closed = leave(simulator, `EXIT_${side}`, FUNDING + 300_000);
    // Two taker fees of 20.
    expect(closed?.trade).toMatchObject({ gross_pnl: 0, fees: 40, funding: paid, realized_pnl: -40 - paid });
    expect(closed?.decision).toMatchObject({ funding: paid, realized_pnl: -40 - paid });
    expect(closed?.trade).not.toHaveProperty('funding_times_missed');
  });

  it('is charged with the last mark price and rate announced before it, also if the exit is the first later event', () => {
    const simulator = simulate();
    enter(simulator, 'LONG', before);
    hear(simulator, mark(before, '0.01', FUNDING));
    hear(simulator, mark(FUNDING - 1_000, '0.02', FUNDING, '49000'));
    expect(leave(simulator, 'EXIT_LONG', FUNDING + 5)?.trade).toMatchObject({ funding: 980 });
  });

  it('is charged at an earlier time that the venue announces later, as for a shortened interval', () => {
    const simulator = simulate();
    enter(simulator, 'LONG', before);
    hear(simulator, mark(before, '0.5', FUNDING + 4 * HOURS));
    hear(simulator, mark(FUNDING - 1_000, '0.01', FUNDING));
    hear(simulator, mark(FUNDING + 1_000, '0.001', FUNDING + 4 * HOURS));
    expect(held(simulator)).toMatchObject([{ funding: 500, funding_ts: FUNDING }]);
    expect(leave(simulator, 'EXIT_LONG', FUNDING + 5 * HOURS)?.trade).toMatchObject({ funding: 550 });
  });

  it('is not charged to a position that closed before it or opened at it', () => {
    const early = simulate();
    enter(early, 'LONG', before);
    hear(early, mark(before, '0.01', FUNDING));
    expect(leave(early, 'EXIT_LONG', FUNDING - 1)?.trade).toMatchObject({ funding: 0, realized_pnl: -40 });
    const late = simulate();
    hear(late, mark(before, '0.01', FUNDING));
    enter(late, 'LONG', FUNDING);
    hear(late, mark(FUNDING + 1_000, '0.01', FUNDING + 8 * HOURS));
    expect(leave(late, 'EXIT_LONG', FUNDING + 2_000)?.trade).toMatchObject({ funding: 0 });
  });

  it('is charged once each for several fundings', () => {
    const simulator = simulate();
    enter(simulator, 'LONG', before);
    for (const n of [0, 1, 2]) hear(simulator, mark(FUNDING + (n * 8 - 1) * HOURS, '0.001', FUNDING + n * 8 * HOURS));
    expect(leave(simulator, 'EXIT_LONG', FUNDING + 17 * HOURS)?.trade).toMatchObject({ funding: 150 });
  });

  it('is neither lost nor doubled by a restart, because the position stores it', () => {
    const first = simulate();
    enter(first, 'LONG', before);
    hear(first, mark(before, '0.01', FUNDING));
    expect(first.takeFunded()).toEqual(['BTCUSDT']);
    expect(first.takeFunded()).toEqual([]);
    const down = createSimulator(params('HF_MARKET', 1), RUN, { positions: held(first), resting: [] });
    down.onTimer(FUNDING + 60_000);
    expect(down.takeFunded()).toEqual(['BTCUSDT']);
    expect(held(down)).toMatchObject([{ funding: 500 }]);
    const again = createSimulator(params('HF_MARKET', 1), RUN, { positions: held(down), resting: [] });
    again.onTimer(FUNDING + 61_000);
    hear(again, mark(FUNDING + 62_000, '0.01', FUNDING + 8 * HOURS));
    const closed = leave(again, 'EXIT_LONG', FUNDING + 63_000);
    expect(closed?.trade).toMatchObject({ funding: 500 });
    expect(closed?.trade).not.toHaveProperty('funding_times_missed');
  });

  it.each([1, 500, 60_000])('is not charged again if the clock goes back by %d ms behind it', (backMs) => {
    const simulator = simulate();
    enter(simulator, 'LONG', before);
    hear(simulator, mark(FUNDING - 1_000, '0.01', FUNDING));
    for (const now of [FUNDING, FUNDING - backMs, FUNDING + 1_000]) simulator.onTimer(now);
    expect(held(simulator)).toMatchObject([{ funding: 500, funding_ts: FUNDING }]);
  });

  it('is stored with the position from its entry on, so a crash right after the entry loses none', () => {
    const first = simulate();
    hear(first, mark(before, '0.01', FUNDING));
    enter(first, 'LONG', before + 1);
    const again = createSimulator(params('HF_MARKET', 1), RUN, { positions: held(first), resting: [] });
    again.onTimer(FUNDING);
    expect(held(again)).toMatchObject([{ funding: 500 }]);
  });

  it('is charged if the entry was made before it and read after it', () => {
    const simulator = simulate();
    hear(simulator, mark(before, '0.01', FUNDING));
    hear(simulator, mark(FUNDING + 1, '0.5', FUNDING + 8 * HOURS));
    const ts = FUNDING - 5;
    simulator.onSignal(signal('LONG', 50_000, { timestamp: ts, ts_init: ts }), FUNDING + 5);
    expect(leave(simulator, 'EXIT_LONG', FUNDING + 10)?.trade).toMatchObject({ entry_ts: ts, funding: 500 });
  });

  it('is counted as missed if no mark price arrived since the entry', () => {
    const simulator = simulate();
    enter(simulator, 'LONG', before);
    hear(simulator, mark(FUNDING + 10 * HOURS, '0.01', FUNDING + 16 * HOURS));
    expect(leave(simulator, 'EXIT_LONG', FUNDING + 11 * HOURS)?.trade).toMatchObject({
      funding: 0,
      funding_times_missed: 2,
    });
  });

  it('is counted and reported if its rate is unknown after a longer downtime', () => {
    const first = simulate();
    enter(first, 'LONG', before);
    hear(first, mark(before, '0.01', FUNDING));
    const down = createSimulator(params('HF_MARKET', 1), RUN, { positions: held(first), resting: [] });
    hear(down, mark(FUNDING + 20 * HOURS, '0.01', FUNDING + 24 * HOURS));
    const closed = leave(down, 'EXIT_LONG', FUNDING + 20 * HOURS);
    expect(closed?.trade).toMatchObject({ funding: 500, funding_times_missed: 2 });
    expect(closed?.decision).toMatchObject({ funding_times_missed: 2 });
  });

  it('is stored with the position every ten minutes, not with every mark price', () => {
    const simulator = simulate();
    enter(simulator, 'LONG', before - HOURS);
    for (let ts = before - HOURS; ts < before - HOURS + 600_000; ts += 1_000)
      hear(simulator, mark(ts, '0.01', FUNDING));
    expect(simulator.takeFunded()).toEqual(['BTCUSDT']);
    for (let ts = before - HOURS + 1_000; ts < before - HOURS + 600_000; ts += 1_000)
      hear(simulator, mark(ts, '0.01', FUNDING));
    expect(simulator.takeFunded()).toEqual([]);
    hear(simulator, mark(before - HOURS + 600_000, '0.02', FUNDING));
    expect(simulator.takeFunded()).toEqual(['BTCUSDT']);
  });
});
