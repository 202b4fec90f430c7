import type { Account } from '@helios/shared/domain/account.ts';
import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import { type SignalDirection, sideOf, type TradingSignal } from '@helios/shared/domain/signal.ts';
import { defaultSettings } from '@helios/shared/testing/builders.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientOrderIdOf } from '../execution/client-order-id.ts';
import { actionOf } from '../execution/fill.ts';
import { requestOf } from '../execution/place.ts';
import { WorkingOrders } from '../execution/working-orders.ts';
import { PositionBook } from '../portfolio/position-book.ts';
import { accountOf } from '../risk/account-of.ts';
import { checkAnswers } from '../testing/check-answers.ts';
import { ShakenVenue } from '../testing/shaken-venue.ts';
import { book, RUN, signal, T0 } from '../testing/simulated-orders.ts';
import { Answers } from './answers.ts';
import { cancelled, OrderFlow } from './order-flow.ts';
import type { SimulatorEffect } from './simulator-port.ts';

const FINAL = new Set(['OPENED', 'REPLACED', 'CLOSED', 'MISSED', 'ORPHAN_EXIT']);
const SYMBOL = 'BTCUSDT';
const SETTINGS = defaultSettings({ risk: { margin_mode: 'isolated' } });
const LEVERAGE = 5;
const START = 10_000;
const MARK = 97;
const TIERS = [{ notionalCap: Number.POSITIVE_INFINITY, rate: 0.025, amount: 0, maxLeverage: 125 }];

type Step =
  | {
      readonly kind: 'order';
      readonly direction: SignalDirection;
      readonly rests: boolean;
      readonly hundredths: number;
    }
  | { readonly kind: 'trade' | 'cancel' | 'deliver'; readonly at: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('order' as const),
    direction: fc.constantFrom<SignalDirection>('LONG', 'SHORT', 'EXIT_LONG', 'EXIT_SHORT'),
    rests: fc.boolean(),
    hundredths: fc.integer({ min: 1, max: 500 }),
  }),
  fc.record({ kind: fc.constantFrom('trade' as const, 'cancel' as const, 'deliver' as const), at: fc.nat(40) }),
);

class Session {
  readonly venue: ShakenVenue;
  readonly orders = new WorkingOrders();
  readonly positions = new PositionBook(RUN, LEVERAGE);
  readonly effects: SimulatorEffect[] = [];
  readonly sent: string[] = [];
  /** The entry whose position each order opens or closes, by client order id. */
  readonly entryOf = new Map<string, string>();
  readonly answers = new Answers();
  readonly #flow: OrderFlow;
  #now = T0;

  constructor(rng: (n: number) => number, spread = 0) {
    this.venue = new ShakenVenue(rng, spread);
    this.#flow = new OrderFlow(this.venue, this.orders, this.positions, this.answers);
    this.venue.paper.market.seeBook(book('100', '101', T0, '3'));
  }

  play(one: Step): void {
    this.#now += 1;
    if (one.kind === 'order') this.order(one.direction, one.rests, one.hundredths / 100);
    else if (one.kind === 'trade') this.venue.onTrade(String(80 + one.at), this.#now);
    else if (one.kind === 'deliver') this.deliver(false);
    else this.#cancel(one.at);
  }

  /** An entry only if nothing is open or ordered on its side; else an exit of the known position. */
  order(direction: SignalDirection, rests: boolean, quantity: number): void {
    const side = sideOf(direction);
    const position = this.positions.find(SYMBOL, side);
    const isEntry = direction === side;
    const purpose = isEntry ? 'ENTRY' : 'EXIT';
    const isFree = !this.orders
      .of(SYMBOL)
      .some(({ order }) => order.side === side && (isEntry || order.purpose === purpose));
    if (!isFree || isEntry === (position !== undefined)) return;
    const made = signal(direction, 100, { quote: { bid: 100, ask: 101 }, timestamp: this.#now });
    this.sent.push(made.signal_id);
    this.effects.push(...this.#submit(made, rests, position?.quantity ?? quantity, position?.signal_id));
  }

  deliver(all: boolean): void {
    for (const event of this.venue.deliver(all)) this.effects.push(...this.#flow.onEvent(event));
  }

  /** Ends all working orders and closes all positions. */
  finish(): void {
    for (let i = 0; i < 5; i += 1) {
      this.#cancel(0);
      this.#cancel(0);
      this.#cancel(0);
      this.#cancel(0);
      this.deliver(true);
      this.order('EXIT_LONG', false, 0);
      this.order('EXIT_SHORT', false, 0);
      this.deliver(true);
    }
  }

  trades(): ClosedTrade[] {
    return this.effects.flatMap(({ trade }) => trade ?? []);
  }

  account(): Account {
    return accountOf({
      run: RUN,
      nowMs: this.#now,
      realizedBalance: this.trades().reduce((sum, { realized_pnl }) => sum + realized_pnl, START),
      positions: this.positions.all(),
      markOf: () => MARK,
      tiersOf: () => TIERS,
      settings: SETTINGS,
    });
  }

  #submit(made: TradingSignal, rests: boolean, quantity: number, positionId?: string): SimulatorEffect[] {
    const price = rests === (actionOf(made.direction) === 'BUY') ? 100 : 101;
    const plan = rests ? ({ kind: 'REST', price } as const) : ({ kind: 'NOW', price, liquidity: 'TAKER' } as const);
    const expiresTs = this.#now + 1_000;
    const terms = { run: RUN, plan, quantity, placedTs: this.#now, expiresTs, attempt: 1, isMarketKnown: true };
    const request = requestOf(made, terms);
    this.entryOf.set(request.clientOrderId, positionId ?? made.signal_id);
    return this.#flow.submit(request, made, { expiresTs, positionId });
  }

  #cancel(which: number): void {
    const resting = this.orders.of(SYMBOL).filter(({ type, after }) => type === 'LIMIT' && after === undefined);
    const working = resting[which % Math.max(1, resting.length)];
    if (!working) return;
    const { symbol, side, purpose } = working.order;
    this.effects.push(...this.#flow.withdraw(symbol, side, purpose, cancelled('test'), this.#now));
  }
}

function played(steps: readonly Step[], draws: readonly number[]): Session {
  let i = 0;
  const session = new Session((n) => (draws[i++ % draws.length] ?? 0) % n, 0.5);
  for (const one of steps) session.play(one);
  return session;
}

/** A second set of books, computed only from the venue's trades. Quote currency. */
function secondBooks({ venue, entryOf }: Session) {
  const lots = new Map<string, { entered: number; cost: number; left: number }>();
  let cash = START;
  let open = 0;
  for (const { fill, action } of venue.trades) {
    const { client_order_id, price, quantity, fee } = fill;
    const entry = entryOf.get(client_order_id) ?? '';
    const lot = lots.get(entry) ?? { entered: 0, cost: 0, left: 0 };
    const isEntry = client_order_id === clientOrderIdOf(entry, 'ENTRY', 1);
    if (isEntry)
      lots.set(entry, {
        entered: lot.entered + quantity,
        cost: lot.cost + price * quantity,
        left: lot.left + quantity,
      });
    else lots.set(entry, { ...lot, left: lot.left - quantity });
    cash -= signOf(action) * price * quantity + fee;
    open += signOf(action) * quantity;
  }
  const margin = [...lots.values()].reduce(
    (sum, { entered, cost, left }) => sum + (left * cost) / entered / LEVERAGE,
    0,
  );
  const fees = venue.trades.reduce((sum, { fill }) => sum + fill.fee, 0);
  return { cash, open, equity: cash + open * MARK, margin, fees };
}

const signOf = (action: 'BUY' | 'SELL') => (action === 'BUY' ? 1 : -1);

describe('orders and positions at a venue that reports in parts, twice and out of order', () => {
  const steps = fc.array(step, { minLength: 5, maxLength: 60 });
  const draws = fc.array(fc.nat(1_000), { minLength: 7, maxLength: 50 });

  it('balance: open plus closed equals traded, and earnings equal payments', () => {
    fc.assert(
      fc.property(steps, draws, (some, numbers) => {
        const session = played(some, numbers);
        session.deliver(true);
        const { trades } = session.venue;
        const traded = trades.reduce((sum, { fill, action }) => sum + signOf(action) * fill.quantity, 0);
        const open = session.positions
          .of(SYMBOL)
          .reduce((sum, { side, quantity }) => sum + (side === 'LONG' ? quantity : -quantity), 0);
        expect(open).toBeCloseTo(traded, 9);
        session.finish();
        expect(session.positions.symbols()).toEqual([]);
        expect(session.orders.size).toBe(0);
        const paid = trades.reduce((sum, { fill, action }) => sum - signOf(action) * fill.price * fill.quantity, 0);
        const fees = trades.reduce((sum, { fill }) => sum + fill.fee, 0);
        const sum = (of: (trade: ClosedTrade) => number) =>
          session.trades().reduce((total, each) => total + of(each), 0);
        expect(sum(({ gross_pnl }) => gross_pnl)).toBeCloseTo(paid, 7);
        expect(sum((trade) => trade.fees)).toBeCloseTo(fees, 7);
        expect(sum(({ realized_pnl }) => realized_pnl)).toBeCloseTo(paid - fees, 7);
      }),
      { numRuns: 300 },
    );
  });

  it('keep cash, fees, positions and margin as a second set of books does, open and flat', () => {
    fc.assert(
      fc.property(steps, draws, (some, numbers) => {
        const session = played(some, numbers);
        session.deliver(true);
        const books = secondBooks(session);
        const account = session.account();
        expect(account.margin_balance).toBeCloseTo(books.equity, 6);
        expect(account.initial_margin).toBeCloseTo(books.margin, 6);
        expect(account.available_balance + account.initial_margin).toBeCloseTo(account.wallet_balance, 6);
        const paid = session.positions
          .all()
          .flatMap(({ entry_fee, exit_fills = [] }) => [entry_fee, ...exit_fills.map(({ fee }) => fee)]);
        const charged = [...paid, ...session.trades().map(({ fees }) => fees)].reduce((sum, fee) => sum + fee, 0);
        expect(charged).toBeCloseTo(books.fees, 7);
        session.finish();
        const after = session.account();
        expect(after).toMatchObject({ initial_margin: 0, maintenance_margin: 0, unrealized_pnl: 0, positions: [] });
        expect(after.wallet_balance).toBeCloseTo(secondBooks(session).cash, 6);
        expect(secondBooks(session).margin).toBeCloseTo(0, 7);
        expect(new Set(session.venue.sent).size).toBe(session.venue.sent.length);
      }),
      { numRuns: 300 },
    );
  });

  it('answer each signal once, and each trade of the venue is in one answer', () => {
    fc.assert(
      fc.property(steps, draws, (some, numbers) => {
        const session = played(some, numbers);
        session.finish();
        const final = session.effects.filter(({ decision }) => FINAL.has(decision.outcome));
        // A late report on the entry may complete the trade of an answered exit; the answer is then written again.
        const answered = new Set(final.map(({ decision }) => decision.decision_id));
        expect([...answered].sort()).toEqual([...session.sent].sort());
        const isNew = session.effects.filter((effect) => effect.isNew).map(({ decision }) => decision.decision_id);
        expect(isNew.sort()).toEqual([...session.sent].sort());
        const outcomes = new Map<string, Set<string>>();
        for (const { decision } of final) {
          const known = outcomes.get(decision.decision_id) ?? new Set();
          outcomes.set(decision.decision_id, known.add(decision.outcome));
        }
        for (const [id, of] of outcomes) expect(of.size, `${id}: ${[...of]}`).toBe(1);
        const executions = session.answers.take();
        checkAnswers(executions, session.sent, []);
        const fills = executions.flatMap((one) => ('fill' in one ? one.fill : []));
        const traded = session.venue.trades.map(({ fill: { trade_id, price, quantity, fee, liquidity, slippage } }) => {
          return { trade_id, price, quantity, fee, liquidity, slippage };
        });
        const byId = (a: { trade_id: string }, b: { trade_id: string }) => (a.trade_id < b.trade_id ? -1 : 1);
        expect(fills.sort(byId)).toEqual(traded.sort(byId));
        const tradesPerExit = session.trades().map(({ exit_signal_id }) => exit_signal_id);
        expect(new Set(tradesPerExit).size).toBe(tradesPerExit.length);
      }),
      { numRuns: 300 },
    );
  });

  it('are the same in any order of the reports', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000), { minLength: 7, maxLength: 50 }), (numbers) => {
        const orderAll = (session: Session) => {
          session.order('LONG', false, 4.37);
          session.order('SHORT', true, 2.5);
          session.venue.onTrade('120', T0 + 50);
        };
        let i = 0;
        const shaken = new Session((n) => (numbers[i++ % numbers.length] ?? 0) % n);
        orderAll(shaken);
        for (let round = 0; round < 10; round += 1) shaken.deliver(false);
        shaken.deliver(true);
        const figures = shaken.positions.of(SYMBOL).map(({ side, quantity, entry_price, entry_fee }) => {
          return { side, quantity, entry_price, entry_fee: entry_fee.toFixed(9) };
        });
        const smooth = new Session((n) => n - 1);
        orderAll(smooth);
        smooth.deliver(true);
        for (const { side, quantity, entry_price, entry_fee } of smooth.positions.of(SYMBOL)) {
          const same = figures.find((each) => each.side === side);
          expect(same?.quantity).toBe(quantity);
          expect(same?.entry_price).toBeCloseTo(entry_price, 9);
          expect(same?.entry_fee).toBe(entry_fee.toFixed(9));
        }
        expect(figures).toHaveLength(2);
      }),
      { numRuns: 200 },
    );
  });
});
