import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { book, outcomes, quoted, RUN, signal, T0 } from '../testing/simulated-orders.ts';
import { createSimulator, type SimulatorState } from './paper-trading.ts';
import { simulatorParams } from './simulator-port.ts';

const settings = defaultSettings({ simulation: { profile: 'live' }, fees: { slippage_bp: 0 } });
const start = (state?: Partial<SimulatorState>) =>
  createSimulator(simulatorParams(settings), RUN, { positions: [], resting: [], ...state });
type Simulator = ReturnType<typeof start>;

const mark = (mark_price: string, ts_event: number, symbol = 'BTCUSDT') =>
  ({ type: 'mark', symbol, ts_event, ts_init: ts_event, mark_price }) as const;
const market = (bid: string, ask: string, ts = T0, symbol = 'BTCUSDT') => ({ ...book(bid, ask, ts, '1000'), symbol });
const long = (fields = {}) => signal('LONG', 100, { ...quoted(99.9, 100), stop_loss: 99, ...fields });
/** A trade that took more than half of the balance. */
const LOSS: ClosedTrade = {
  run: RUN,
  entry_signal_id: 'x',
  exit_signal_id: 'y',
  symbol: 'ETHUSDT',
  side: 'LONG',
  quantity: 1,
  entry_price: 7_000,
  exit_price: 1_000,
  entry_ts: T0 - 2_000,
  exit_ts: T0 - 1_000,
  gross_pnl: -6_000,
  fees: 0,
  realized_pnl: -6_000,
  simulated: true,
};
const tradesOf = (effects: ReturnType<Simulator['onMarket']>): ClosedTrade[] =>
  effects.flatMap(({ trade }) => (trade ? [trade] : []));

/** Kelly of the prior (0.45 − 0.55 / 1.5), half of it used, of 10,000, times five. */
const QUANTITY = 20.8333;

describe('an entry under the live profile', () => {
  it('is sized by Kelly with its prior, and keeps its margin', () => {
    const simulator = start();
    simulator.onMarket(market('99.9', '100'), T0);
    const [effect] = simulator.onSignal(long(), T0);
    expect(effect?.decision).toMatchObject({ outcome: 'OPENED', fill_price: 100, position_size: QUANTITY });
    expect(effect?.decision.rules?.map(({ outcome }) => outcome)).not.toContain('DENIED');
    expect(effect?.decision.rules).toContainEqual({ rule: 'FREE_MARGIN', outcome: 'PASSED', value: 100, limit: 30 });
    expect(effect?.decision.rules).toContainEqual(
      expect.objectContaining({ rule: 'STOP_BEYOND_LIQUIDATION', outcome: 'PASSED' }),
    );
    const [position] = simulator.positionUpdate('BTCUSDT', T0).positions;
    // 80 / (1 − 0.025): the margin is a fifth of the price, and 2.5 % of the value must remain.
    expect(position).toMatchObject({ leverage: 5, margin: 416.666, liquidation_price: expect.closeTo(82.0513, 4) });
    const fee = QUANTITY * 100 * 0.0004;
    expect(simulator.account(T0)).toMatchObject({
      wallet_balance: expect.closeTo(10_000 - fee, 8),
      initial_margin: 416.666,
      unrealized_pnl: expect.closeTo(-0.05 * QUANTITY, 8),
      margin_level: 'OK',
    });
  });

  it('is denied by the first denying rule, and stores the result of each rule', () => {
    const simulator = start();
    for (const symbol of ['AUSDT', 'BUSDT', 'CUSDT', 'DUSDT'])
      simulator.onMarket(market('99.9', '100', T0, symbol), T0);
    for (const symbol of ['AUSDT', 'BUSDT', 'CUSDT']) {
      expect(simulator.onSignal(long({ symbol }), T0)[0]?.decision.outcome).toBe('OPENED');
    }
    const denied = long({ symbol: 'DUSDT' });
    const [effect] = simulator.onSignal(denied, T0);
    expect(effect?.decision).toMatchObject({
      outcome: 'DENIED',
      denial: { code: 'MAX_OPEN_POSITIONS', value: 3, limit: 3 },
      reason: expect.stringContaining(
        'too many positions are open; wait for an exit, or raise trading.max_open_positions',
      ),
    });
    expect(effect?.decision.rules?.find(({ rule }) => rule === 'DAILY_LOSS')?.outcome).toBe('PASSED');
    expect(simulator.takeExecutions().at(-1)).toMatchObject({
      signal_id: denied.signal_id,
      answer: 'DENIED',
      denial: { code: 'MAX_OPEN_POSITIONS', value: 3, limit: 3 },
    });
  });

  it('without a stop, or by hand, is judged by the same rules', () => {
    const simulator = start();
    simulator.onMarket(market('99.9', '100'), T0);
    const [effect] = simulator.onSignal(long({ stop_loss: undefined, origin: 'EXTERNAL' }), T0);
    expect(effect?.decision.denial?.code).toBe('STOP_MISSING');
  });

  it('is denied while an open position has no price of the last minute', () => {
    const simulator = start();
    simulator.onMarket(market('99.9', '100'), T0);
    simulator.onSignal(long(), T0);
    const later = T0 + 120_000;
    simulator.onMarket(market('99.9', '100', later, 'ETHUSDT'), later);
    const late = { symbol: 'ETHUSDT', timestamp: later, ts_init: later };
    expect(simulator.onSignal(long(late), later)[0]?.decision.denial?.code).toBe('MARGIN_UNKNOWN');
    simulator.onMarket(mark('100', later), later);
    expect(simulator.onSignal(long(late), later)[0]?.decision.outcome).toBe('OPENED');
  });
});

describe('a position whose mark price reaches its liquidation price', () => {
  function opened() {
    const simulator = start();
    simulator.onMarket(market('99.9', '100'), T0);
    const entry = long();
    simulator.onSignal(entry, T0);
    return { simulator, entry };
  }

  it('is liquidated with its margin, once, and the decision records it', () => {
    const { simulator, entry } = opened();
    expect(simulator.onMarket(mark('82.06', T0 + 1_000), T0 + 1_000)).toEqual([]);
    const effects = simulator.onMarket(mark('82', T0 + 2_000), T0 + 2_000);
    expect(outcomes(effects)).toEqual([`${entry.signal_id}-LIQUIDATION:CLOSED`]);
    expect(effects[0]?.decision.reason).toMatch(/the mark price 82 reached the liquidation price 82\.05/);
    expect(simulator.takeExecutions().at(-1)).toMatchObject({
      execution_id: `${entry.signal_id}-LIQUIDATION#END`,
      answer: 'FILLED',
      purpose: 'EXIT',
      fill: { quantity: QUANTITY },
    });
    const [trade] = tradesOf(effects);
    expect(trade).toMatchObject({ exit_reason: 'LIQUIDATION', quantity: QUANTITY, exit_ts: T0 + 2_000 });
    const fee = QUANTITY * 100 * 0.0004;
    expect(trade?.realized_pnl).toBeCloseTo(-416.666 - fee, 6);
    expect(simulator.account(T0 + 2_000)?.wallet_balance).toBeCloseTo(10_000 - 416.666 - fee, 6);
    expect(simulator.onMarket(mark('81', T0 + 3_000), T0 + 3_000)).toEqual([]);
    expect(simulator.positionUpdate('BTCUSDT', T0 + 3_000).positions).toEqual([]);
  });

  it('is liquidated by the mid of the book if the venue sends no mark price', () => {
    const { simulator } = opened();
    expect(tradesOf(simulator.onMarket(market('81', '82', T0 + 1_000), T0 + 1_000))).toHaveLength(1);
  });

  it('is liquidated after a restart too', () => {
    const { simulator, entry } = opened();
    const { positions } = simulator.positionUpdate('BTCUSDT', T0);
    const again = start({ positions });
    const effects = again.onMarket(mark('82', T0 + 2_000), T0 + 2_000);
    expect(outcomes(effects)).toEqual([`${entry.signal_id}-LIQUIDATION:CLOSED`]);
  });
});

describe('a CRITICAL margin', () => {
  const strict = defaultSettings({
    simulation: { profile: 'live' },
    fees: { slippage_bp: 0 },
    risk: { warning_margin_ratio: 97, critical_margin_ratio: 96 },
  });
  const instrument = { symbol: 'BTCUSDT', tick_size: '0.1', step_size: '0.001', min_notional: '5' };
  const begin = (state?: Partial<SimulatorState>) =>
    createSimulator(simulatorParams(strict), RUN, { positions: [], resting: [], instruments: [instrument], ...state });

  /** The same size on the step of the instrument. */
  const SIZE = 20.833;

  function reduced() {
    const simulator = begin();
    simulator.onMarket(market('99.9', '100'), T0);
    const entry = long();
    simulator.onSignal(entry, T0);
    expect(simulator.account(T0)).toMatchObject({ margin_level: 'CRITICAL' });
    const effects = simulator.onMarket(mark('100', T0 + 1_000), T0 + 1_000);
    return { simulator, entry, effects };
  }

  it('reduces the position until the margin is above its warning, and the decision records why', () => {
    const { simulator, entry, effects } = reduced();
    expect(outcomes(effects)).toEqual([`${entry.signal_id}-MARGIN_CRITICAL:CLOSED`]);
    expect(tradesOf(effects)).toEqual([]);
    expect(effects[0]?.decision).toMatchObject({
      exit_reason: 'MARGIN_CRITICAL',
      liquidity: 'TAKER',
      fill_price: 99.9,
    });
    expect(effects[0]?.decision.reason).toMatch(
      /the margin is critical, free margin 95\.8\d* % against a limit of 96 %/,
    );
    const [position] = simulator.positionUpdate('BTCUSDT', T0 + 1_000).positions;
    // 2 % of 10,000 stay locked; at leverage 5 this is a value of 1,000, on the step.
    expect(position?.quantity).toBeCloseTo(10, 1);
    expect(Math.abs((position?.quantity ?? 0) * 1_000 - Math.round((position?.quantity ?? 0) * 1_000))).toBeLessThan(
      1e-9,
    );
    expect(position?.margin).toBeCloseTo((position?.quantity ?? 0) * 20, 8);
    expect(simulator.account(T0 + 1_000)).toMatchObject({ margin_level: 'OK', initial_margin: position?.margin });
    expect(simulator.onMarket(mark('100', T0 + 2_000), T0 + 2_000)).toEqual([]);
  });

  it('loses no money: the result of a closed part is in the account at once, and in the trade at the end', () => {
    const { simulator } = reduced();
    const sold = SIZE - (simulator.positionUpdate('BTCUSDT', T0).positions[0]?.quantity ?? 0);
    const fees = (SIZE * 100 + sold * 99.9) * 0.0004;
    expect(simulator.account(T0 + 1_000)?.wallet_balance).toBeCloseTo(10_000 - sold * 0.1 - fees, 6);
    const exit = signal('EXIT_LONG', 99.9, { ...quoted(99.9, 100), timestamp: T0 + 2_000, ts_init: T0 + 2_000 });
    const [trade] = tradesOf(simulator.onSignal(exit, T0 + 2_000));
    expect(trade).toMatchObject({ quantity: SIZE, exit_price: 99.9, exit_signal_id: exit.signal_id });
    expect(trade?.realized_pnl).toBeCloseTo(-SIZE * 0.1 - SIZE * (100 + 99.9) * 0.0004, 6);
    expect(simulator.account(T0 + 2_000)?.wallet_balance).toBeCloseTo(10_000 + (trade?.realized_pnl ?? 0), 6);
  });

  it('is detected again after a restart, and each reduction has its own id', () => {
    const { simulator, entry } = reduced();
    const { positions } = simulator.positionUpdate('BTCUSDT', T0 + 1_000);
    const again = begin({ positions, books: simulator.books() });
    const { wallet_balance, initial_margin } = simulator.account(T0 + 1_000) ?? {};
    expect(again.account(T0 + 1_000)).toMatchObject({ wallet_balance, initial_margin });
    const poorer = begin({ positions, books: simulator.books(), trades: [{ ...LOSS, run: RUN }] });
    const more = poorer.onMarket(mark('100', T0 + 2_000), T0 + 2_000);
    expect(outcomes(more)).toEqual([`${entry.signal_id}-MARGIN_CRITICAL-2:CLOSED`]);
    expect(poorer.account(T0 + 2_000)?.margin_level).toBe('OK');
  });

  it('does not touch a margin that is only low, or unknown', () => {
    const simulator = createSimulator(
      simulatorParams(
        defaultSettings({
          simulation: { profile: 'live' },
          risk: { warning_margin_ratio: 97, critical_margin_ratio: 90 },
        }),
      ),
      RUN,
    );
    simulator.onMarket(market('99.9', '100'), T0);
    simulator.onSignal(long(), T0);
    expect(simulator.account(T0)?.margin_level).toBe('WARNING');
    expect(simulator.onMarket(mark('100', T0 + 1_000), T0 + 1_000)).toEqual([]);
    const [position] = simulator.positionUpdate('BTCUSDT', T0).positions;
    if (position === undefined) throw new Error('nothing was opened');
    const blind = begin({ positions: [position, { ...position, symbol: 'ETHUSDT' }] });
    expect(blind.onMarket(mark('100', T0 + 1_000), T0 + 1_000)).toEqual([]);
    expect(blind.account(T0 + 1_000)?.margin_level).toBe('UNKNOWN');
  });
});

it('the account balances after any session, and a restart from its trades gives the same account', () => {
  const step = fc.record({
    act: fc.constantFrom('LONG', 'SHORT', 'EXIT_LONG', 'EXIT_SHORT', 'MARK'),
    symbol: fc.constantFrom('AUSDT', 'BUSDT'),
    bid: fc.integer({ min: 60, max: 140 }),
    gapMs: fc.integer({ min: 500, max: 90_000 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const simulator = start();
      const trades: ClosedTrade[] = [];
      let now = T0;
      for (const [i, { act, symbol, bid, gapMs }] of steps.entries()) {
        now += gapMs;
        const quote = { bid, ask: bid + 1 };
        trades.push(...tradesOf(simulator.onMarket(market(`${bid}`, `${bid + 1}`, now, symbol), now)));
        if (act === 'MARK') {
          trades.push(...tradesOf(simulator.onMarket(mark(`${bid}`, now, symbol), now)));
          continue;
        }
        const stop_loss = act === 'LONG' ? bid * 0.97 : bid * 1.03;
        const at = { timestamp: now, ts_init: now, signal_id: `p${i}`, symbol, quote, stop_loss };
        trades.push(...tradesOf(simulator.onSignal(signal(act, bid, { ...at, origin: 'ENGINE' }), now)));
      }
      const account = simulator.account(now);
      const held = ['AUSDT', 'BUSDT'].flatMap((symbol) => simulator.positionUpdate(symbol, now).positions);
      const realized = trades.reduce((sum, { realized_pnl }) => sum + realized_pnl, 0);
      const paid = held.reduce((sum, { entry_fee }) => sum + entry_fee, 0);
      expect(account?.wallet_balance).toBeCloseTo(10_000 + realized - paid, 6);
      expect(account?.initial_margin).toBeCloseTo(
        held.reduce((sum, { margin = 0 }) => sum + margin, 0),
        8,
      );
      expect(account?.margin_balance).toBeCloseTo((account?.wallet_balance ?? 0) + (account?.unrealized_pnl ?? 0), 8);
      for (const { quantity, entry_price, leverage, margin } of held) {
        expect(margin).toBeCloseTo((quantity * entry_price) / (leverage ?? 0), 8);
      }
      const again = start({ positions: held, trades, books: simulator.books() });
      expect(again.account(now)?.wallet_balance).toBeCloseTo(account?.wallet_balance ?? 0, 8);
    }),
    { numRuns: 300 },
  );
});
