import { gridOfTick } from '../price/price-grid.ts';
import { sixDigits } from '../price/significant-digits.ts';
import type { MarginReduction } from '../risk/margin-reduction.ts';
import { protectMargin, protectPosition } from '../risk/protect.ts';
import type { TrailingStop } from '../strategy/exit-plan.ts';
import { closeNow } from './closer.ts';
import type { LiveAccount } from './live-account.ts';
import type { LiveContext } from './live-context.ts';
import type { LiveCovers } from './live-covers.ts';
import type { LiveOrders } from './live-orders.ts';
import type { Reconciliation } from './reconciliation.ts';

/** A stop moves at most this often, so that trailing does not use up the order limits. */
const MOVE_EVERY_MS = 1_000;
const MARGIN_EVERY_MS = 500;

/** The parts of live trading that protection works on. */
interface ProtectedParts {
  readonly context: LiveContext;
  readonly orders: LiveOrders;
  readonly covers: LiveCovers;
  readonly account: LiveAccount;
  readonly reconciliation: Reconciliation;
  readonly conditions: { readonly isStreamOpen: boolean };
  /** When our positions last changed. */
  readonly changed: { readonly lastMs: number };
}

interface Trail {
  readonly trailing: TrailingStop | undefined;
  movedMs: number;
}

/** Runs `core/risk/protect` on the live account: trailing stops, and the reduction of a critical margin. */
export class LiveProtection {
  readonly #trails = new Map<string, Trail>();
  #isReducing = false;
  #marginMs = 0;

  /** Moves the stop of the symbol's position behind the mark price. */
  onMark({ context, covers, account }: ProtectedParts, symbol: string, nowMs: number): void {
    const position = context.positions.of(symbol)[0];
    const instrument = context.instruments.get(symbol);
    if (position === undefined || instrument === undefined) return;
    const { signal_id } = position;
    const known = this.#trails.get(signal_id);
    const market = {
      markPrice: context.prices.mark(symbol, nowMs),
      liquidationPrice: account.liquidationPrice(position),
      grid: gridOfTick(instrument.tick_size),
    };
    const cover = covers.state(symbol);
    const shown = { ...position, ...(cover && { cover }) };
    const wanted = protectPosition(shown, known?.trailing, market, context.settings);
    const trail = { trailing: wanted.trailing, movedMs: known?.movedMs ?? 0 };
    this.#trails.set(signal_id, trail);
    if (wanted.stopPrice === covers.stopPriceOf(position) || nowMs - trail.movedMs < MOVE_EVERY_MS) return;
    trail.movedMs = nowMs;
    covers.moveStop(position, wanted.stopPrice, nowMs);
  }

  onTimer(parts: ProtectedParts, nowMs: number): void {
    if (nowMs - this.#marginMs < MARGIN_EVERY_MS) return;
    this.#marginMs = nowMs;
    const open = new Set(parts.context.positions.all().map(({ signal_id }) => signal_id));
    for (const id of this.#trails.keys()) if (!open.has(id)) this.#trails.delete(id);
    this.#protectMargin(parts, nowMs);
  }

  /** One reduction at a time, and the next one on an account that shows the last. */
  #protectMargin(parts: ProtectedParts, nowMs: number): void {
    const { context, orders, account, reconciliation, changed, conditions } = parts;
    const { positions, instruments, settings } = context;
    const shown = account.account(conditions.isStreamOpen, nowMs);
    if (shown === undefined) return;
    if ((reconciliation.last?.tsAsked ?? 0) <= changed.lastMs) {
      if (this.#isReducing || shown.margin_level === 'CRITICAL') reconciliation.askSoon(nowMs);
      return;
    }
    if (orders.actives().some(({ purpose }) => purpose === 'EXIT')) return;
    const protection = protectMargin(shown, this.#isReducing, {
      limits: settings.risk,
      costRate: settings.fees.taker_fee + settings.fees.slippage_bp / 10_000,
      stepOf: (symbol) => instruments.get(symbol)?.step_size,
      isOurs: (symbol) => positions.of(symbol).length > 0,
      minNotionalOf: (symbol) => minNotional(instruments.get(symbol)?.min_notional),
    });
    this.#isReducing = protection.isReducing;
    if (protection.kind === 'NONE') return;
    const { reduction, kind } = protection;
    const position = positions.of(reduction.position.symbol)[0];
    if (position === undefined) return;
    const part = kind === 'REDUCE' && reduction.quantity < position.quantity ? { quantity: reduction.quantity } : {};
    const terms = { reason: 'MARGIN_CRITICAL', cause: 'M', price: reduction.position.mark_price } as const;
    closeNow(orders, position, { ...terms, ...part, why: textOf(reduction) }, nowMs);
  }
}

function textOf({ rule, value, limit, quantity }: MarginReduction): string {
  const figure = rule === 'FREE_MARGIN' ? 'free margin' : 'maintenance ratio';
  return `the margin is critical, ${figure} ${sixDigits(value)} % against a limit of ${limit} %; this closes ${quantity}`;
}

function minNotional(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}
