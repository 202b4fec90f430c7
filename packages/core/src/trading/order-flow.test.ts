import type { ClosedTrade } from '@helios/shared/domain/position.ts';
import { type SignalDirection, sideOf, type TradingSignal } from '@helios/shared/domain/signal.ts';
import type { Fill, OrderEvent } from '@helios/shared/domain/venue-event.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actionOf } from '../execution/fill.ts';
import { requestOf } from '../execution/place.ts';
import type { OrderRequest, Venue } from '../execution/venue.ts';
import { WorkingOrders } from '../execution/working-orders.ts';
import { PaperVenue } from '../paper/paper-venue.ts';
import { PositionBook } from '../portfolio/position-book.ts';
import { book, print, RUN, signal, T0 } from '../testing/simulated-orders.ts';
import { OrderFlow } from './order-flow.ts';
import type { SimulatorEffect } from './simulator-port.ts';

const FEES = { taker_fee: 0.0004, maker_fee: 0.0002, slippage_bp: 0.5 };
const FINAL = new Set(['OPENED', 'REPLACED', 'CLOSED', 'MISSED', 'ORPHAN_EXIT']);
const SYMBOL = 'BTCUSDT';

/** A venue behind a bad line: fills come in parts, reports twice and out of sequence. `rng` draws 0 … n − 1. */
class ShakenVenue implements Venue {
  readonly paper = new PaperVenue(FEES);
  /** What happened on the venue, each trade once. */
  readonly trades: { readonly fill: Fill; readonly action: 'BUY' | 'SELL' }[] = [];
  readonly #rng: (n: number) => number;
  readonly #actions = new Map<string, 'BUY' | 'SELL'>();
  #underWay: OrderEvent[] = [];

  constructor(rng: (n: number) => number) {
    this.#rng = rng;
  }

  submit(request: OrderRequest): OrderEvent[] {
    this.#actions.set(request.clientOrderId, request.intent.action);
    return this.#send(this.paper.submit(request));
  }

  cancel(id: string, nowMs: number): OrderEvent[] {
    return this.#send(this.paper.cancel(id, nowMs));
  }

  onTrade(price: string, ts: number): void {
    this.#send([...this.paper.onTrade(print(price, ts, '100'))]);
  }

  /** Some of what is under way arrives, in any sequence, some of it twice. */
  deliver(all = false): OrderEvent[] {
    const [now, later]: [OrderEvent[], OrderEvent[]] = [[], []];
    for (const event of this.#underWay) (all || this.#rng(3) > 0 ? now : later).push(event);
    this.#underWay = later;
    const twice = now.flatMap((event) => (this.#rng(3) === 0 ? [event, event] : [event]));
    for (let i = twice.length - 1; i > 0; i -= 1) {
      const j = this.#rng(i + 1);
      [twice[i], twice[j]] = [twice[j] as OrderEvent, twice[i] as OrderEvent];
    }
    return twice;
  }

  #send(events: readonly OrderEvent[]): OrderEvent[] {
    for (const event of events) {
      const parts = event.kind === 'FILL' ? this.#split(event) : [event];
      this.#underWay.push(...parts);
    }
    return [];
  }

  /** Quantities are whole hundredths. */
  #split(fill: Fill): Fill[] {
    const parts: Fill[] = [];
    let left = Math.round(fill.quantity * 100);
    while (left > 0) {
      const hundredths = parts.length === 3 ? left : 1 + this.#rng(left);
      const quantity = hundredths / 100;
      const fee = (fill.fee * quantity) / fill.quantity;
      parts.push({ ...fill, quantity, fee, trade_id: `${fill.trade_id}.${parts.length}` });
      left -= hundredths;
    }
    for (const part of parts) {
      this.trades.push({ fill: part, action: this.#actions.get(part.client_order_id) ?? 'BUY' });
    }
    return parts;
  }
}

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
  readonly positions = new PositionBook(RUN);
  readonly effects: SimulatorEffect[] = [];
  readonly sent: string[] = [];
  readonly #flow: OrderFlow;
  #now = T0;

  constructor(rng: (n: number) => number) {
    this.venue = new ShakenVenue(rng);
    this.#flow = new OrderFlow(this.venue, this.orders, this.positions);
    this.venue.paper.market.seeBook(book('100', '101', T0, '3'));
  }

  play(one: Step): void {
    this.#now += 1;
    if (one.kind === 'order') this.order(one.direction, one.rests, one.hundredths / 100);
    else if (one.kind === 'trade') this.venue.onTrade(String(80 + one.at), this.#now);
    else if (one.kind === 'deliver') this.deliver(false);
    else this.#cancel(one.at);
  }

  /** An entry only where nothing is open or ordered on its side; an exit of all that is known to be open. */
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

  /** Ends all that is under way and leaves all that is open. */
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

  #submit(made: TradingSignal, rests: boolean, quantity: number, positionId?: string): SimulatorEffect[] {
    const price = rests === (actionOf(made.direction) === 'BUY') ? 100 : 101;
    const plan = rests ? ({ kind: 'REST', price } as const) : ({ kind: 'NOW', price, liquidity: 'TAKER' } as const);
    const expiresTs = this.#now + 1_000;
    const terms = { run: RUN, plan, quantity, placedTs: this.#now, expiresTs, attempt: 1, isMarketKnown: true };
    return this.#flow.submit(requestOf(made, terms), made, { expiresTs, positionId });
  }

  #cancel(which: number): void {
    const resting = this.orders.of(SYMBOL).filter(({ type, after }) => type === 'LIMIT' && after === undefined);
    const working = resting[which % Math.max(1, resting.length)];
    if (!working) return;
    const { symbol, side, purpose } = working.order;
    this.effects.push(...this.#flow.withdraw(symbol, side, purpose, 'test', this.#now));
  }
}

function played(steps: readonly Step[], draws: readonly number[]): Session {
  let i = 0;
  const session = new Session((n) => (draws[i++ % draws.length] ?? 0) % n);
  for (const one of steps) session.play(one);
  return session;
}

const signOf = (action: 'BUY' | 'SELL') => (action === 'BUY' ? 1 : -1);

describe('orders, a venue that reports in parts, twice and out of sequence, and positions', () => {
  const steps = fc.array(step, { minLength: 5, maxLength: 60 });
  const draws = fc.array(fc.nat(1_000), { minLength: 7, maxLength: 50 });

  it('balance: what is open is what was traded, and what was earned is what was paid and received', () => {
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

  it('answer each signal once', () => {
    fc.assert(
      fc.property(steps, draws, (some, numbers) => {
        const session = played(some, numbers);
        session.finish();
        const final = session.effects.filter(({ decision }) => FINAL.has(decision.outcome));
        // A late report on the entry may complete the trade of an exit that is answered: the answer is then written again.
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
        const tradesPerExit = session.trades().map(({ exit_signal_id }) => exit_signal_id);
        expect(new Set(tradesPerExit).size).toBe(tradesPerExit.length);
      }),
      { numRuns: 300 },
    );
  });

  it('are the same whatever the sequence of the reports', () => {
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
