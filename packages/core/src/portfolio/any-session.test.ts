import type { Execution } from '@helios/shared/domain/execution.ts';
import type { Book, MarketEvent, MarkPrice } from '@helios/shared/domain/market-data.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import { isExit, sideOf } from '@helios/shared/domain/signal.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actionOf } from '../execution/fill.ts';
import { checkAnswers } from '../testing/check-answers.ts';
import {
  bookOf,
  INTERVAL,
  nextFunding,
  power,
  priceText,
  rateAt,
  type Session,
  type Step,
  session,
} from '../testing/random-session.ts';
import { print, RUN, signal, T0 } from '../testing/simulated-orders.ts';
import {
  createSimulator,
  type Simulator,
  type SimulatorEffect,
  type SimulatorState,
} from '../trading/paper-trading.ts';
import { PerformanceStatistics } from './statistics.ts';

const SYMBOL = 'BTCUSDT';
const numRuns = Number(process.env['SESSION_RUNS'] ?? 100);

/** Records against which a session is checked while it runs. */
interface Played {
  readonly effects: SimulatorEffect[];
  readonly asked: string[];
  readonly trades: ClosedTrade[];
  readonly updatedTs: number;
  readonly executions: Execution[];
  /** Signals whose orders still rest. */
  readonly resting: readonly string[];
}

function play(
  { mode, scale, stepDecimals, slippage_bp, size, steps }: Session,
  restarts: boolean,
  check = true,
): Played {
  const simulation = {
    mode,
    position_size: size,
    position_notional: 1_000,
    starting_balance: 10_000,
    profile: 'simulation' as const,
    maintenance_margin_pct: 2.5,
    limit_timeout_sec: 30,
  };
  const params = { simulation, fees: { taker_fee: 0.0004, maker_fee: 0.0002, slippage_bp } };
  const step_size = power(-stepDecimals);
  const instrument = { symbol: SYMBOL, tick_size: '0.1', step_size, min_qty: step_size, min_notional: '5' };
  const make = (state?: SimulatorState) => {
    const made = createSimulator(params, RUN, state);
    made.onInstrument(instrument);
    return made;
  };
  let simulator: Simulator = make();
  let known: Book | undefined;
  let announced: number | undefined;
  const due = new Map<string, Set<number>>();
  let now = T0;
  const played = {
    effects: [] as SimulatorEffect[],
    asked: [] as string[],
    trades: [] as ClosedTrade[],
    executions: [] as Execution[],
  };
  steps.forEach((s, i) => {
    now += s.waitMs;
    if (s.restart && restarts) {
      const { positions } = simulator.positionUpdate(SYMBOL, now);
      simulator = make(
        JSON.parse(JSON.stringify({ positions, resting: simulator.restingOf(SYMBOL), books: simulator.books() })),
      );
      announced = undefined;
    }
    let made: readonly SimulatorEffect[];
    if (s.kind === 'signal') {
      const quote = known?.bids[0] && known.asks[0] && { bid: Number(known.bids[0][0]), ask: Number(known.asks[0][0]) };
      const fields = {
        signal_id: `p${i}`,
        timestamp: now,
        ts_init: now,
        origin: s.origin,
        ...(s.quoted && s.origin === 'ENGINE' && quote && { quote }),
      };
      played.asked.push(`p${i}`);
      made = simulator.onSignal(signal(s.direction, Number(priceText(s.typed, scale)), fields), now);
    } else {
      const event: MarketEvent =
        s.kind === 'book'
          ? bookOf(s, scale, now)
          : s.kind === 'trade'
            ? print(priceText(s.at + 0.05, scale), now)
            : ({
                type: 'mark',
                symbol: SYMBOL,
                ts_event: now,
                ts_init: now,
                mark_price: priceText(100, scale),
                funding_rate: String(rateAt(nextFunding(now))),
                next_funding_ts: nextFunding(now),
              } satisfies MarkPrice);
      if (event.type === 'book') known = event;
      made = simulator.onMarket(event, now);
    }
    for (const effect of made) {
      const { decision, trade } = effect;
      if (check) checkFill(effect, known, step_size);
      const key = sideOf(decision.direction);
      if (decision.outcome === 'OPENED' || decision.outcome === 'REPLACED')
        due.set(key, new Set(announced !== undefined && announced > now ? [announced] : []));
      if (trade && check)
        checkMoney(
          trade,
          [...(due.get(key) ?? [])].filter((ts) => ts <= trade.exit_ts),
          Number(priceText(100, scale)),
        );
      if (trade) played.trades.push(trade);
    }
    if (s.kind === 'mark') {
      announced = nextFunding(now);
      for (const times of due.values()) times.add(announced);
    }
    played.effects.push(...made);
    played.executions.push(...simulator.takeExecutions());
  });
  const resting = simulator.restingOf(SYMBOL).map(({ order }) => order.signal_id);
  return { ...played, updatedTs: now, resting };
}

function checkFill({ decision }: SimulatorEffect, known: Book | undefined, step_size: string): void {
  const { fill_price, liquidity, position_size, direction, outcome } = decision;
  if (position_size !== undefined) {
    const count = position_size / Number(step_size);
    expect(Math.abs(count - Math.round(count)), `${position_size} on ${step_size}`).toBeLessThan(
      1e-6 * Math.max(1, count * 1e-6),
    );
    expect(position_size).toBeGreaterThanOrEqual(Number(step_size));
  }
  if (outcome === 'DENIED') expect(position_size).toBeUndefined();
  const best = Number((actionOf(direction) === 'BUY' ? known?.asks : known?.bids)?.[0]?.[0]);
  if (fill_price === undefined || liquidity !== 'TAKER' || Number.isNaN(best)) return;
  const worse = actionOf(direction) === 'BUY' ? fill_price - best : best - fill_price;
  expect(worse, `${direction} at ${fill_price}, best ${best}`).toBeGreaterThanOrEqual(-1e-13 * best);
}

function checkMoney(trade: ClosedTrade, fundings: readonly number[], mark: number): void {
  const {
    side,
    quantity,
    entry_price,
    exit_price,
    entry_ts,
    exit_ts,
    gross_pnl,
    fees,
    funding = Number.NaN,
    realized_pnl,
  } = trade;
  const sign = side === 'LONG' ? 1 : -1;
  const notional = quantity * Math.max(entry_price, exit_price);
  const near = (a: number, b: number) => expect(Math.abs(a - b), `${a} is ${b}`).toBeLessThanOrEqual(1e-12 * notional);
  near(gross_pnl, sign * (exit_price - entry_price) * quantity);
  near(realized_pnl, gross_pnl - fees - funding);
  near(
    funding,
    fundings.reduce((sum, ts) => sum + sign * quantity * mark * rateAt(ts), 0),
  );
  const held = Math.floor(exit_ts / INTERVAL) - Math.floor(entry_ts / INTERVAL);
  expect((trade.funding_times_missed ?? 0) + fundings.length).toBeLessThanOrEqual(held);
}

/** The fills of a trade's two signals are its quantity, prices, fees and slippage. */
function checkFills(executions: readonly Execution[], trades: readonly ClosedTrade[]): void {
  const fills = new Map(executions.flatMap((one) => ('fill' in one ? [[one.signal_id, one.fill]] : [])));
  for (const { entry_signal_id, exit_signal_id, quantity, entry_price, exit_price, fees, slippage = 0 } of trades) {
    const [entry, exit] = [fills.get(entry_signal_id), fills.get(exit_signal_id)];
    expect([entry?.price, entry?.quantity]).toEqual([entry_price, quantity]);
    expect([exit?.price, exit?.quantity]).toEqual([exit_price, quantity]);
    const notional = quantity * Math.max(entry_price, exit_price);
    for (const [of, total] of [['fee', fees] as const, ['slippage', slippage] as const]) {
      const [first, second] = [entry?.[of] ?? Number.NaN, exit?.[of] ?? Number.NaN];
      // In a book that is far too thin the slippage is many times the value at the price of the fill.
      const size = Math.max(notional, Math.abs(first), Math.abs(second));
      expect(Math.abs(first + second - total), of).toBeLessThanOrEqual(1e-12 * size);
    }
  }
}

function figuresOf(trades: readonly ClosedTrade[], ts: number) {
  const statistics = new PerformanceStatistics({ run: RUN, mode: 'm', startingBalance: 10_000, riskFreeRatePct: 0 });
  for (const trade of trades) statistics.addTrade(trade);
  return statistics.summary(ts);
}

describe('in any session', () => {
  it('each signal has one final answer, quantities fit the step, no fill is better than the book, each funding is paid once, and sums agree', () => {
    fc.assert(
      fc.property(session, (one) => {
        const { effects, asked, trades, updatedTs, executions, resting } = play(one, true);
        checkAnswers(executions, asked, resting);
        checkFills(executions, trades);
        expect(effects.filter(({ isNew }) => isNew).map(({ decision }) => decision.decision_id)).toEqual(asked);
        const own = trades.filter(({ origin }) => origin === 'ENGINE');
        const sum = (of: (trade: ClosedTrade) => number, list = own) =>
          list.reduce((total, trade) => total + of(trade), 0);
        const figures = figuresOf(trades, updatedTs);
        const tolerance =
          1e-11 *
          Math.max(
            1,
            sum((t) => t.quantity * Math.max(t.entry_price, t.exit_price), trades),
          );
        const near = (a: number, b: number, more = 0) => expect(Math.abs(a - b)).toBeLessThanOrEqual(tolerance + more);
        near(
          figures.total_pnl,
          sum((t) => t.realized_pnl),
        );
        near(figures.total_pnl, figures.gross_pnl - figures.total_fees - figures.total_funding);
        near(figures.equity, figures.starting_balance + figures.total_pnl, 1e-9);
        near(
          figures.external_pnl ?? Number.NaN,
          sum(
            (t) => t.realized_pnl,
            trades.filter(({ origin }) => origin !== 'ENGINE'),
          ),
        );
        expect(figures.wins).toBe(own.filter((t) => t.realized_pnl > 0).length);
        expect(figures.total_trades + (figures.external_trades ?? 0)).toBe(trades.length);
        expect(
          effects.filter(({ decision }) => isExit(decision.direction) && decision.outcome === 'CLOSED').length,
        ).toBe(trades.length);
      }),
      { numRuns },
    );
  });

  it('restarts change nothing if a mark price arrives before each funding', () => {
    const marked = session.map((one) => ({
      ...one,
      steps: one.steps.flatMap((s): Step[] => [
        { kind: 'mark', waitMs: 0, restart: s.restart },
        { ...s, restart: false, waitMs: s.waitMs % INTERVAL },
      ]),
    }));
    fc.assert(
      fc.property(marked, (one) => {
        const { effects, executions } = play(one, true, false);
        const whole = play(one, false, false);
        expect(effects).toEqual(whole.effects);
        expect(executions).toEqual(whole.executions);
      }),
      { numRuns },
    );
  });
});
