import type { VenueCommand, VenueNews } from '@helios/core/live/venue-port.ts';

interface RestingEntry {
  readonly symbol: string;
  readonly quantity: number;
  /** Filled quantity by trade id. */
  readonly fills: Map<string, number>;
}

/** Our entries that may rest in the book, by client order id. */
export class RestingEntries {
  readonly #entries = new Map<string, RestingEntry>();

  /** Symbols with such an entry. */
  get symbols(): ReadonlySet<string> {
    return new Set([...this.#entries.values()].map(({ symbol }) => symbol));
  }

  onCommand(command: VenueCommand): void {
    if (command.kind !== 'PLACE_ORDER') return;
    const { clientOrderId, symbol, quantity, reduceOnly, execution } = command.order;
    const rests = execution.type === 'LIMIT' && execution.timeInForce !== 'IOC' && !reduceOnly;
    if (rests) this.#entries.set(clientOrderId, { symbol, quantity, fills: new Map() });
  }

  onNews(news: VenueNews): void {
    if (news.kind === 'ORDER_NOT_SENT' || news.kind === 'ORDER_ABSENT') this.#entries.delete(news.clientOrderId);
    if (news.kind !== 'ORDER' || news.event.kind === 'ACCEPTED') return;
    const { event } = news;
    const entry = this.#entries.get(event.client_order_id);
    if (entry === undefined) return;
    if (event.kind === 'FILL') entry.fills.set(event.trade_id, event.quantity);
    const filled = [...entry.fills.values()].reduce((sum, quantity) => sum + quantity, 0);
    if (event.kind !== 'FILL' || filled >= entry.quantity * (1 - 1e-9)) this.#entries.delete(event.client_order_id);
  }
}
