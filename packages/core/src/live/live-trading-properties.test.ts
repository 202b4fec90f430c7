import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VenueMishap } from '../testing/fake-stops.ts';
import { LiveHarness } from '../testing/live-harness.ts';
import { ownShareOf } from './own-share.ts';

const SYMBOL = 'BTCUSDT';
const RUNS = 150;
/** The deadline of a stop, and after an outage the pause before the next query or close. */
const MAX_BARE_MS = 4_500;

/** What may happen; ids of signals are numbered by the session. */
type Step =
  | { readonly kind: 'ENTER'; readonly isLong: boolean; readonly steps: number }
  | {
      readonly kind:
        | 'SHUFFLE'
        | 'EXIT'
        | 'RESTART'
        | 'LOSE'
        | 'LOSE_AT_FILL'
        | 'DUPLICATE'
        | 'STOP_START'
        | 'FLATTEN'
        | 'GAP'
        | 'LIQUIDATE'
        | 'FOREIGN_CLOSE';
    }
  | { readonly kind: 'PASS'; readonly ms: number }
  | { readonly kind: 'MOVE'; readonly ticks: number }
  | { readonly kind: 'FAULT'; readonly fault: VenueMishap }
  | { readonly kind: 'CLOCK'; readonly hours: number }
  | { readonly kind: 'DOWN'; readonly isDown: boolean }
  | { readonly kind: 'DEPTH'; readonly depth: number }
  | { readonly kind: 'BY_HAND'; readonly quantity: number; readonly isLost: boolean };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('ENTER' as const),
      isLong: fc.boolean(),
      steps: fc.integer({ min: 60, max: 3_000 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('EXIT' as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('PASS' as const),
      ms: fc.integer({ min: 0, max: 40 }).map((n) => n * 100),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('MOVE' as const), ticks: fc.integer({ min: -30, max: 30 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('FAULT' as const),
      fault: fc.constantFrom<VenueMishap>('ANSWER_LOST', 'SILENT', 'REQUEST_LOST', 'NOT_SENT'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'RESTART' as const,
        'LOSE' as const,
        'LOSE_AT_FILL' as const,
        'DUPLICATE' as const,
        'SHUFFLE' as const,
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('STOP_START' as const, 'FLATTEN' as const, 'GAP' as const) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('LIQUIDATE' as const, 'FOREIGN_CLOSE' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('BY_HAND' as const),
      quantity: fc.constantFrom(-2, -0.3, 0.3, 2),
      isLost: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('CLOCK' as const), hours: fc.constant(-1) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('DOWN' as const), isDown: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('DEPTH' as const), depth: fc.constantFrom(0, 0.05, 1, 1_000) }),
  },
);

/** Plays the steps on a fake venue and remembers which signals were given. */
class Session {
  readonly live: LiveHarness;
  readonly signals: string[] = [];
  /** Signals of which a process lost its memory: they may have no answer. */
  readonly lost = new Set<string>();
  readonly #quantities = new Map<string, number>();

  constructor(style: 'taker' | 'maker' | 'maker_then_taker') {
    this.live = new LiveHarness({ entry_style: style, maker_timeout_ms: 3_000 }).start();
  }

  play(step: Step): void {
    const { live } = this;
    const { venue } = live;
    if (step.kind === 'ENTER') this.#enter(step.isLong, step.steps / 1_000);
    if (step.kind === 'EXIT') this.#exit();
    if (step.kind === 'PASS') live.run(step.ms);
    if (step.kind === 'FAULT') venue.faults.push(step.fault);
    if (step.kind === 'RESTART') live.restart();
    if (step.kind === 'LOSE') this.#lose();
    if (step.kind === 'LOSE_AT_FILL') this.#loseAtFill();
    if (step.kind === 'BY_HAND') this.#tradeByHand(step.quantity, step.isLost);
    if (step.kind === 'DUPLICATE') this.#again();
    if (step.kind === 'GAP') this.#gap();
    if (step.kind === 'SHUFFLE') live.isShuffled = !live.isShuffled;
    if (step.kind === 'LIQUIDATE' || step.kind === 'FOREIGN_CLOSE') this.#closeByOthers(step.kind);
    if (step.kind === 'CLOCK') live.nowMs += step.hours * 3_600_000;
    if (step.kind === 'DOWN') venue.isDown = step.isDown;
    if (step.kind === 'DEPTH') venue.depth = step.depth;
    if (step.kind === 'STOP_START' || step.kind === 'FLATTEN') this.#pause(step.kind === 'FLATTEN');
    if (step.kind !== 'MOVE') return;
    venue.move(step.ticks / 10, live.nowMs);
    live.settle();
  }

  /** Everything works again; time passes until nothing is in doubt. */
  heal(): void {
    const { venue } = this.live;
    venue.isDown = false;
    venue.faults = [];
    venue.depth = Number.POSITIVE_INFINITY;
    this.live.run(60_000);
  }

  /** Quantity that the venue's orders of a signal may fill at most. */
  quantityOf(signalId: string): number {
    return this.#quantities.get(signalId) ?? 0;
  }

  #enter(isLong: boolean, quantity: number): void {
    const id = `entry-${this.signals.length}`;
    this.signals.push(id);
    this.#quantities.set(id, quantity);
    const { bid } = this.live.venue;
    const stop = Number((isLong ? bid - 1 : bid + 1).toFixed(1));
    this.live.enter(id, { direction: isLong ? 'LONG' : 'SHORT', stop_loss: stop }, quantity);
  }

  #exit(): void {
    const id = `exit-${this.signals.length}`;
    this.signals.push(id);
    const direction = this.live.position < 0 ? 'EXIT_SHORT' : 'EXIT_LONG';
    const reason = this.signals.length % 2 === 0 ? 'TIME_EXIT' : 'TAKE_PROFIT';
    this.live.exit(id, { direction, exit_reason: reason });
  }

  /** The process and all of Redis are gone; a new process starts from the venue. */
  #lose(): void {
    for (const id of this.signals) this.lost.add(id);
    this.live.loseRedis();
  }

  /** The same between the fill of an entry and its stop. */
  #loseAtFill(): void {
    this.live.isDeaf = true;
    this.#enter(true, 1);
    this.live.isDeaf = false;
    this.#lose();
  }

  /** Somebody trades on the account; `isLost`: while our process and Redis are gone. */
  #tradeByHand(quantity: number, isLost: boolean): void {
    const { live } = this;
    const fill = live.venue.trade(quantity, `web_${live.nowMs}`, live.nowMs);
    const action = quantity > 0 ? 'BUY' : 'SELL';
    if (isLost) this.#lose();
    else live.venue.tell({ kind: 'FOREIGN_FILL', symbol: SYMBOL, action, fill });
    live.settle();
  }

  /** The last entry comes once more. */
  #again(): void {
    const id = this.signals.findLast((each) => each.startsWith('entry') && !this.lost.has(each));
    if (id !== undefined) this.live.enter(id, {}, this.quantityOf(id));
  }

  #pause(isFlattening: boolean): void {
    const { live } = this;
    live.trading.onTradingState('REDUCING', isFlattening, live.nowMs);
    live.settle().run(isFlattening ? 3_000 : 200);
    live.trading.onTradingState('ACTIVE', false, live.nowMs);
  }

  /** The user stream is away for a second and loses what happens. */
  #gap(): void {
    const { live } = this;
    live.trading.onNews({ kind: 'USER_STREAM', isOpen: false, reason: 'gap' }, live.nowMs);
    live.isDeaf = true;
    live.run(1_000);
    live.venue.takeNews();
    live.isDeaf = false;
    live.trading.onNews({ kind: 'USER_STREAM', isOpen: true, reason: 'open' }, live.nowMs);
    live.settle();
  }

  #closeByOthers(kind: 'LIQUIDATE' | 'FOREIGN_CLOSE'): void {
    const { live } = this;
    const { venue } = live;
    if (venue.position === 0) return;
    const action = venue.position > 0 ? 'SELL' : 'BUY';
    const id = kind === 'LIQUIDATE' ? 'autoclose-1' : `web_${live.nowMs}`;
    const fill = venue.trade(-venue.position, id, live.nowMs);
    if (kind === 'LIQUIDATE') venue.tell({ kind: 'FORCED_FILL', cause: 'LIQUIDATION', symbol: SYMBOL, action, fill });
    else venue.tell({ kind: 'FOREIGN_FILL', symbol: SYMBOL, action, fill });
    live.settle();
    live.trading.onTradingState('REDUCING', false, live.nowMs);
    live.trading.onTradingState('ACTIVE', false, live.nowMs);
    live.settle();
  }
}

function check(session: Session): void {
  const { live, signals } = session;
  const { venue } = live;
  expect(live.trading.status(live.nowMs).unknown_orders, 'orders in doubt').toEqual([]);
  expect(live.maxBareMs, 'time without a stop').toBeLessThanOrEqual(MAX_BARE_MS);
  const share = ownShareOf(venue.trades, 'a');
  expect(live.position, 'our position').toBeCloseTo(share.ours, 9);
  const shown = share.others === 0 ? [] : [`${SYMBOL} ${share.others}`];
  expect(live.trading.status(live.nowMs).foreign_positions, 'positions of others').toEqual(shown);
  for (const id of signals) {
    const finals = new Set(
      live.executions
        .filter((each) => each.signal_id === id && each.execution_id.endsWith('#END'))
        .map((e) => e.answer),
    );
    if (session.lost.has(id)) expect(finals.size, `final answers to ${id}`).toBeLessThanOrEqual(1);
    else expect([...finals], `final answers to ${id}`).toHaveLength(1);
  }
  expect(new Set(venue.taken).size, 'every id is taken once').toBe(venue.taken.length);
  for (const id of signals.filter((each) => each.startsWith('entry'))) {
    const filled = new Map(
      live.executions.flatMap((each) =>
        each.signal_id === id && 'fill' in each ? [[each.fill.trade_id, each.fill.quantity] as const] : [],
      ),
    );
    const sum = [...filled.values()].reduce((total, quantity) => total + quantity, 0);
    expect(sum, `filled of ${id}`).toBeLessThanOrEqual(session.quantityOf(id) + 1e-9);
  }
  const open = live.trading.positionUpdate(SYMBOL, live.nowMs);
  expect(open.orders, 'working orders').toEqual([]);
  expect(venue.stops.quantity(), 'quantity of resting stops').toBeCloseTo(Math.abs(live.position), 9);
}

describe.each(['taker', 'maker', 'maker_then_taker'] as const)('a live session of %s entries', (style) => {
  it('ends with our state equal to the venue’s, one final answer per signal, and no order twice', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { minLength: 1, maxLength: 60, size: 'max' }), (steps) => {
        const session = new Session(style);
        for (const step of steps) session.play(step);
        session.heal();
        check(session);
      }),
      { numRuns: RUNS },
    );
  });
});
