import type { Fill, OrderEvent } from '@helios/shared/domain/venue-event.ts';
import type { OrderRequest, Venue } from '../execution/venue.ts';
import { PaperVenue } from '../paper/paper-venue.ts';
import { print } from './simulated-orders.ts';

const FEES = { taker_fee: 0.0004, maker_fee: 0.0002, slippage_bp: 0.5 };

/** A venue behind an unreliable connection: fills arrive in parts, reports twice and out of order. `rng` draws 0 … n − 1. */
export class ShakenVenue implements Venue {
  readonly paper = new PaperVenue(FEES);
  /** All fills on the venue, each once. */
  readonly trades: { readonly fill: Fill; readonly action: 'BUY' | 'SELL' }[] = [];
  /** Client ids of all requests, repeats included. */
  readonly sent: string[] = [];
  readonly #rng: (n: number) => number;
  readonly #spread: number;
  readonly #actions = new Map<string, 'BUY' | 'SELL'>();
  #underWay: OrderEvent[] = [];

  constructor(rng: (n: number) => number, spread: number) {
    this.#rng = rng;
    this.#spread = spread;
  }

  submit(request: OrderRequest): OrderEvent[] {
    this.#actions.set(request.clientOrderId, request.intent.action);
    this.sent.push(request.clientOrderId);
    return this.#send(this.paper.submit(request));
  }

  cancel(id: string, nowMs: number): OrderEvent[] {
    return this.#send(this.paper.cancel(id, nowMs));
  }

  onTrade(price: string, ts: number): void {
    this.#send([...this.paper.onTrade(print(price, ts, '100'))]);
  }

  /** Delivers some of the pending reports, in any order, some of them twice. */
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

  /** Splits a fill into parts. Quantities are whole hundredths; each part costs `spread` more than the previous one. */
  #split(fill: Fill): Fill[] {
    const parts: Fill[] = [];
    let left = Math.round(fill.quantity * 100);
    while (left > 0) {
      const hundredths = parts.length === 3 ? left : 1 + this.#rng(left);
      const quantity = hundredths / 100;
      const fee = (fill.fee * quantity) / fill.quantity;
      const price = fill.price + parts.length * this.#spread;
      parts.push({ ...fill, price, quantity, fee, trade_id: `${fill.trade_id}.${parts.length}` });
      left -= hundredths;
    }
    for (const part of parts) {
      this.trades.push({ fill: part, action: this.#actions.get(part.client_order_id) ?? 'BUY' });
    }
    return parts;
  }
}
