import type { MarketEvent } from '@helios/shared/domain/market-data.ts';
import { aTrade, defaultSettings, T0 } from '@helios/shared/testing/builders.ts';
import { describe, expect, test } from 'vitest';
import { anEngine, BTC, bookOf, followUpsOf, RUN, refusalsOf, signalsOf } from '../../test/strategy-harness.ts';
import { sixDigits } from '../price/significant-digits.ts';
import { createSimulator } from '../trading/paper-trading.ts';

const settingsOf = (mode: 'HF_MARKET' | 'HF_LIMIT', slippage_bp = 0, position_size = 1) =>
  defaultSettings({ simulation: { mode, position_size }, fees: { slippage_bp } });
const limit = settingsOf('HF_LIMIT');
const market = settingsOf('HF_MARKET');

/** An entry refused at T0 + 250 on a book of 100 / 100.1; LONG triggers at −0.8, SHORT at 0.8. */
function refused(params: ReturnType<typeof settingsOf>, nobi = -0.8, before: readonly MarketEvent[] = []) {
  const { engine, book } = anEngine(params);
  engine.onTradingState('HALTED');
  const send = (event: MarketEvent) =>
    followUpsOf(engine.onMarket(event, event.ts_event)).map(({ follow_up }) => follow_up);
  for (const event of before) send(event);
  expect(refusalsOf(book(nobi, T0 + 250))).toHaveLength(1);
  return {
    send,
    book: (ms: number, bid: number, with_nobi = 0) => send(bookOf(with_nobi, { ts: T0 + ms, bid, id: ms + 1_000 })),
    trade: (ms: number, price: string, qty: string, buyer_is_maker: boolean) =>
      send(aTrade({ ts_event: T0 + ms, price, qty, buyer_is_maker })),
  };
}

const sessionEndAt = (ms: number): MarketEvent => {
  return { type: 'break', kind: 'SESSION_END', symbol: BTC, ts_event: T0 + ms, ts_init: T0 + ms, reason: 'over' };
};

const markAt = (ms: number, next_funding_ts: number): MarketEvent => {
  const stamped = { ts_event: T0 + ms, ts_init: T0 + ms };
  return { type: 'mark', symbol: BTC, mark_price: '100.1', funding_rate: '0.001', next_funding_ts, ...stamped };
};

describe('a shadow in a MARKET mode', () => {
  test.each([
    ['LONG takes profit', -0.8, 105, 105, 'TAKE_PROFIT', (10_000 * 4.9) / 100.1, 100.1],
    ['LONG is stopped', -0.8, 90, 90, 'STOP_LOSS', (-10_000 * 10.1) / 100.1, 100.1],
    ['SHORT takes profit', 0.8, 90, 90.1, 'TAKE_PROFIT', 990, 100],
    ['SHORT is stopped', 0.8, 105, 105.1, 'STOP_LOSS', -510, 100],
  ] as const)('%s at the far side and pays two taker fees', (_, nobi, bid, exit_price, exit_reason, gross, entry) => {
    const { book } = refused(market, nobi);
    const [end] = book(500, bid);
    expect(end).toMatchObject({ outcome: 'CLOSED', exit_price, exit_reason, exit_ts: T0 + 500 });
    expect(end?.gross_bp).toBe(sixDigits(gross));
    expect(end?.net_bp).toBe(sixDigits(gross - 4 - (4 * exit_price) / entry));
  });

  test('walks through the levels of the book and pays slippage', () => {
    const { send } = refused(settingsOf('HF_MARKET', 1, 1_500));
    // The ask of the trigger's book has 1e5 / 100.1; the rest fills half a percent behind it.
    const shown = Number((1e5 / 100.1).toFixed(9));
    const entry = 1.0001 * (100.1 + (100.1 * 0.005 * (1_500 - shown)) / 1_500);
    const [end] = send({
      ...bookOf(0, { ts: T0 + 500, bid: 90, id: 2_000 }),
      bids: [
        ['90', '500'],
        ['89', '1000'],
      ],
    });
    const exit = 0.9999 * (90 - 1_000 / 1_500);
    expect(end?.exit_price).toBeCloseTo(exit, 9);
    expect(end?.gross_bp).toBe(sixDigits((10_000 * (exit - entry)) / entry));
  });

  test.each([
    ['LONG pays', -0.8, 100.1, 100, 10],
    ['SHORT receives', 0.8, 100, 100.1, -10.01],
  ] as const)('%s the funding that was announced before it was opened', (_, nobi, entry, exit, fundingBp) => {
    const { send, book } = refused(market, nobi, [markAt(100, T0 + 1_000)]);
    expect([...book(500, 100), ...book(1_000, 100)]).toEqual([]);
    const [end] = send(sessionEndAt(1_500));
    const gross = (10_000 * (nobi < 0 ? exit - entry : entry - exit)) / entry;
    expect(end).toMatchObject({ exit_reason: 'SESSION_END', exit_price: exit });
    expect(end?.net_bp).toBe(sixDigits(gross - 4 - (4 * exit) / entry - fundingBp));
  });

  test('is reversed only by a confirmed trigger of the other side', () => {
    const { book } = refused(market);
    const holdMs = market.risk.reversal_min_hold_sec * 1_000;
    const ends = [];
    for (let ms = 500; ms <= holdMs + 2_000; ms += 250) ends.push(...book(ms, 100, ms < holdMs ? 0 : 0.8));
    expect(ends).toMatchObject([{ exit_reason: 'SIGNAL_REVERSAL', exit_price: 100 }]);
  });
});

describe('a shadow in a LIMIT mode', () => {
  /** Enters as a maker at 100, by a trade through its limit. */
  const entered = (params = limit) => {
    const shadow = refused(params);
    expect(shadow.trade(300, '99.9', '0.001', true)).toEqual([]);
    return shadow;
  };

  test('enters when its queue was traded, and its holding time starts then', () => {
    const { book, trade } = refused(limit);
    trade(1_000, '100', '9000.9', true);
    trade(20_000, '100', '0.1', true);
    const holdMs = limit.risk.max_hold_sec * 1_000;
    expect(book(20_000 + holdMs - 1, 100)).toEqual([]);
    expect(book(20_000 + holdMs, 100)).toMatchObject([{ exit_reason: 'TIME_EXIT', exit_price: 100 }]);
  });

  test('is MISSED at the timeout if its queue was not traded', () => {
    const { book, trade } = refused(limit);
    trade(1_000, '100', '9000.9', true);
    expect(book(30_249, 105)).toEqual([]);
    expect(book(30_250, 105)).toEqual([
      { outcome: 'MISSED', exit_price: 100, exit_ts: T0 + 30_250, gross_bp: 0, net_bp: 0 },
    ]);
  });

  test('rests its target at the near side and fills as a maker by a trade through it', () => {
    const { book, trade } = entered();
    expect(book(500, 105)).toEqual([]);
    expect(trade(700, '105.1', '1', false)).toEqual([]);
    const [end] = trade(900, '105.2', '0.001', false);
    expect(end).toMatchObject({
      outcome: 'CLOSED',
      exit_reason: 'TAKE_PROFIT',
      exit_price: 105.1,
      exit_ts: T0 + 900,
      gross_bp: 510,
    });
    expect(end?.net_bp).toBe(sixDigits(510 - 2 - 2 * 1.051));
  });

  test('fills its target at the limit once the queue ahead and the order itself were traded', () => {
    const { send, trade } = entered();
    const shown = { ...bookOf(0, { ts: T0 + 500, bid: 105, id: 2_000 }), asks: [['105.1', '5'] as [string, string]] };
    expect(send(shown)).toEqual([]);
    expect(trade(600, '105.1', '5.9', false)).toEqual([]);
    expect(trade(700, '105.1', '9', true)).toEqual([]);
    expect(trade(800, '105.1', '0.1', false)).toMatchObject([{ exit_price: 105.1, exit_ts: T0 + 800 }]);
  });

  test('takes the far side at the timeout if its target was not filled', () => {
    const { book } = entered();
    expect(book(500, 105)).toEqual([]);
    expect(book(30_499, 105)).toEqual([]);
    const [end] = book(30_500, 104);
    expect(end).toMatchObject({ exit_reason: 'TAKE_PROFIT', exit_price: 104, exit_ts: T0 + 30_500, gross_bp: 400 });
    expect(end?.net_bp).toBe(sixDigits(400 - 2 - 4 * 1.04));
  });

  test('exits at once at its stop, also while its target rests', () => {
    for (const atTarget of [false, true]) {
      const { book } = entered();
      if (atTarget) expect(book(500, 105)).toEqual([]);
      const [end] = book(600, 90);
      expect(end?.exit_reason).toBe('STOP_LOSS');
      expect(end).toMatchObject({ exit_price: 90, exit_ts: T0 + 600, gross_bp: -1_000 });
      expect(end?.net_bp).toBe(sixDigits(-1_000 - 2 - 3.6));
    }
  });

  test('is MISSED if the session ends before its entry filled', () => {
    const { send } = refused(limit);
    expect(send(sessionEndAt(400))).toEqual([
      { outcome: 'MISSED', exit_price: 100, exit_ts: T0 + 400, gross_bp: 0, net_bp: 0 },
    ]);
  });
});

const FUNDING_EVERY_MS = 1_500;

/** Books, trades and mark prices of a random market, from a fixed sequence. */
function wandering(seed: number): MarketEvent[] {
  let state = seed;
  const draw = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  const events: MarketEvent[] = [];
  let tick = 1_000;
  for (let ms = 500; ms <= 120_000; ms += 250) {
    tick += Math.floor(draw() * 5) - 2;
    const price = ((tick + Math.floor(draw() * 4) - 1) / 10).toFixed(1);
    events.push(bookOf(0, { ts: T0 + ms, bid: tick / 10, id: ms + 1_000 }));
    events.push(aTrade({ ts_event: T0 + ms + 100, price, qty: '1', buyer_is_maker: draw() < 0.5 }));
    const nextFundingMs = FUNDING_EVERY_MS * Math.ceil((ms + 201) / FUNDING_EVERY_MS);
    if (ms % 500 === 0) events.push(markAt(ms + 200, T0 + nextFundingMs));
  }
  return events;
}

/** Result of the same entry as a real paper order, judged and filled at each event. */
function realOrder(params: typeof limit, events: readonly MarketEvent[]) {
  const { engine } = anEngine(params);
  const simulator = createSimulator(params, RUN);
  for (const event of events) {
    const effects = [...simulator.onMarket(event, event.ts_event)];
    if (effects.length > 0) engine.onPositions(simulator.positionUpdate(BTC, event.ts_event));
    for (const signal of signalsOf(engine.onMarket(event, event.ts_event))) {
      effects.push(...simulator.onSignal(signal, event.ts_event));
      engine.onPositions(simulator.positionUpdate(BTC, event.ts_event));
    }
    for (const { trade, decision } of effects) {
      if (trade) return trade;
      if (decision.outcome === 'MISSED' && decision.direction === 'LONG') return 'MISSED';
    }
  }
  return undefined;
}

test('a shadow earns the same as a real paper order of the same signal', () => {
  const outcomes = new Set<string>();
  for (const mode of ['HF_MARKET', 'HF_LIMIT'] as const) {
    for (let seed = 1; seed <= 40; seed += 1) {
      const base = { simulation: { mode, position_size: 1 }, risk: { max_hold_sec: 60 } };
      const params = defaultSettings({ ...base, signals: { confirmation_count: 1 } });
      const trigger = bookOf(-0.8, { ts: T0 + 250, bid: 100, id: 900 });
      const real = realOrder(params, [trigger, ...wandering(seed)]);
      const { send } = refused(params);
      const shadow = wandering(seed).flatMap(send)[0];
      if (real === 'MISSED') expect(shadow?.outcome).toBe('MISSED');
      if (real === 'MISSED' || real === undefined) {
        outcomes.add(`${mode} ${real}`);
        continue;
      }
      const { exit_price, exit_ts, exit_reason } = real;
      expect(shadow).toMatchObject({ outcome: 'CLOSED', exit_price, exit_ts, exit_reason });
      expect(shadow?.net_bp).toBe(sixDigits((10_000 * real.realized_pnl) / real.entry_price));
      outcomes.add(`${mode} ${exit_reason}`);
      if (real.funding !== 0) outcomes.add(`${mode} funded`);
    }
  }
  expect([...outcomes].sort()).toEqual([
    'HF_LIMIT MISSED',
    'HF_LIMIT STOP_LOSS',
    'HF_LIMIT TAKE_PROFIT',
    'HF_LIMIT TRAILING_STOP',
    'HF_LIMIT funded',
    'HF_MARKET STOP_LOSS',
    'HF_MARKET TAKE_PROFIT',
    'HF_MARKET TRAILING_STOP',
    'HF_MARKET funded',
  ]);
});
