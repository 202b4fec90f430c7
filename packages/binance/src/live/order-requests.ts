import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LiveOrder, VenueNews } from '@helios/core/live/venue-port.ts';
import { deleteOrder, getOrder, type OrderByClientId, postOrder } from '../orders/order-endpoints.ts';
import type { OrderReport } from '../orders/order-report.ts';
import type { RestFailure } from '../rest/rest-answer.ts';
import type { FeeConverter } from './fee-converter.ts';
import { fillOf, stateEvent } from './order-news.ts';
import { readTrades } from './read-trades.ts';
import { requestDecimal } from './request-decimal.ts';
import type { VenueRequests } from './venue-requests.ts';

/** The venue's messages for an order that it does not know. */
const NO_SUCH_ORDER: ReadonlySet<number | undefined> = new Set([-2013, -2011]);
/** Pause before a request that the venue did not process is sent again, ms; used if the venue names no time. */
export const USUAL_RETRY_MS = 1_000;

export interface OrderRequestsOptions {
  readonly requests: VenueRequests;
  readonly fees: FeeConverter;
  /** Our clock, epoch ms. */
  readonly now: () => number;
  /** True while the user stream brings the fills. */
  readonly hearsFills: () => boolean;
  readonly onNews: (news: VenueNews) => void;
}

/** Places, cancels and queries ordinary orders, and reports each answer. */
export class OrderRequests {
  readonly #options: OrderRequestsOptions;

  constructor(options: OrderRequestsOptions) {
    this.#options = options;
  }

  async place(order: LiveOrder, isProtective: boolean): Promise<void> {
    const { requests, onNews, now } = this.#options;
    const { clientOrderId, symbol, action, quantity, reduceOnly, execution } = order;
    const terms = execution.type === 'MARKET' ? execution : { ...execution, price: requestDecimal(execution.price) };
    const wanted = {
      symbol,
      clientOrderId,
      side: action,
      quantity: requestDecimal(quantity),
      reduceOnly,
      execution: terms,
    };
    const tsSent = now();
    const answer = requests.change(postOrder, wanted, isProtective ? 'PROTECTION' : 'ENTRY', 1);
    // Node writes the request at the end of this turn; work on the news must not delay it. No answer can come before.
    const told = nextTurn().then(() => onNews({ kind: 'ORDER_SENT', clientOrderId, tsSent }));
    const [outcome] = await Promise.all([answer, told]);
    if (outcome.kind === 'DONE') return this.#onReport(order, outcome.value);
    const { failure } = outcome;
    if (outcome.kind === 'UNKNOWN') return this.#unknown(clientOrderId, failure.detail);
    if (outcome.kind === 'NOT_SENT') {
      const { detail, retryAfterMs = USUAL_RETRY_MS } = failure;
      return onNews({ kind: 'ORDER_NOT_SENT', clientOrderId, detail, retryAfterMs });
    }
    const said = { code: refusalCode(failure), message: failure.detail };
    const event = { kind: 'REJECTED', client_order_id: clientOrderId, ts_event: now(), ...said } as const;
    onNews({ kind: 'ORDER', symbol, event });
  }

  async cancel(order: OrderByClientId): Promise<void> {
    const { requests, onNews } = this.#options;
    const { clientOrderId } = order;
    const outcome = await requests.change(deleteOrder, order, 'PROTECTION');
    if (outcome.kind === 'DONE') return this.#onReport(order, outcome.value);
    const { failure } = outcome;
    if (outcome.kind === 'REFUSED')
      return onNews({ kind: 'CANCEL_REFUSED', clientOrderId, code: refusalCode(failure) });
    // The order stands or is gone: a query tells, and whether to cancel again.
    this.#unknown(clientOrderId, failure.detail);
  }

  async query(order: OrderByClientId): Promise<void> {
    const { requests, onNews } = this.#options;
    const { clientOrderId } = order;
    const answer = await requests.send(getOrder, order);
    if (answer.kind === 'FAILURE') {
      if (isNotFound(answer)) return onNews({ kind: 'ORDER_ABSENT', clientOrderId });
      return this.#unknown(clientOrderId, answer.detail);
    }
    const report = answer.value;
    if (isOther(report, order)) return this.#unknown(clientOrderId, `the venue answered about ${report.clientOrderId}`);
    if (Number(report.filledQuantity) > 0 && !(await this.#tellFills(report))) return;
    this.#tellState(report);
  }

  /** The answer to an order or to a cancel. Fills come from the user stream; while it is closed, from a query. */
  async #onReport(asked: OrderByClientId, report: OrderReport): Promise<void> {
    if (isOther(report, asked))
      return this.#unknown(asked.clientOrderId, `the venue answered about ${report.clientOrderId}`);
    this.#tellState(report);
    if (Number(report.filledQuantity) > 0 && !this.#options.hearsFills()) await this.#tellFills(report);
  }

  #unknown(clientOrderId: string, detail: string): void {
    this.#options.onNews({ kind: 'ORDER_UNKNOWN', clientOrderId, detail });
  }

  #tellState(report: OrderReport): void {
    const event = stateEvent(report, report.tsUpdate);
    if (event !== undefined) this.#options.onNews({ kind: 'ORDER', symbol: report.symbol, event });
  }

  /** Reads the trades of an order. False if not all of them could be read: then the order is reported as unknown. */
  async #tellFills(report: OrderReport): Promise<boolean> {
    const { requests, fees, onNews } = this.#options;
    const { symbol, clientOrderId } = report;
    const read = await readTrades(requests, report);
    if (read.kind === 'READ')
      for (const trade of read.trades) onNews({ kind: 'ORDER', symbol, event: fillOf(clientOrderId, trade, fees) });
    else this.#unknown(clientOrderId, read.detail);
    if (read.kind === 'READ' && read.missing !== undefined) this.#unknown(clientOrderId, read.missing);
    return read.kind === 'READ' && read.missing === undefined;
  }
}

/** True for a report on an order that nobody asked about. */
function isOther(report: OrderByClientId, asked: OrderByClientId): boolean {
  return report.clientOrderId !== asked.clientOrderId || report.symbol !== asked.symbol;
}

/** True if the venue answered that it does not know the order. */
export function isNotFound({ serverCode }: RestFailure): boolean {
  return NO_SUCH_ORDER.has(serverCode);
}

/** The venue's code of a refusal as text, or our own if it sent none. */
export function refusalCode({ serverCode, code }: RestFailure): string {
  return String(serverCode ?? code);
}
