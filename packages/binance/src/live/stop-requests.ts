import type { LiveStop, VenueNews, VenueStop } from '@helios/core/live/venue-port.ts';
import { cancelStop, openStops, placeStop, queryStop } from '../orders/algo-endpoints.ts';
import type { AlgoReport } from '../orders/algo-report.ts';
import { getOrder } from '../orders/order-endpoints.ts';
import type { OrderReport } from '../orders/order-report.ts';
import type { FeeConverter } from './fee-converter.ts';
import { type KnownStops, venueStopOf } from './known-stops.ts';
import { fillOf } from './order-news.ts';
import { isNotFound, refusalCode, USUAL_RETRY_MS } from './order-requests.ts';
import { readTrades } from './read-trades.ts';
import { requestDecimal } from './request-decimal.ts';
import type { VenueRequests } from './venue-requests.ts';

/** A stop of a symbol by our id. */
export interface StopByClientId {
  readonly symbol: string;
  readonly clientAlgoId: string;
}

export interface StopRequestsOptions {
  readonly requests: VenueRequests;
  readonly fees: FeeConverter;
  readonly stops: KnownStops;
  /** Our clock, epoch ms. */
  readonly now: () => number;
  readonly onNews: (news: VenueNews) => void;
}

/** Places, cancels and queries resting stops, and reports each answer. */
export class StopRequests {
  readonly #options: StopRequestsOptions;

  constructor(options: StopRequestsOptions) {
    this.#options = options;
  }

  async place(stop: LiveStop): Promise<void> {
    const { requests, onNews, now, stops } = this.#options;
    const { clientAlgoId, symbol, action, quantity, triggerPrice } = stop;
    stops.expect(clientAlgoId);
    const outcome = await requests.change(
      placeStop,
      {
        ...{ symbol, clientAlgoId, side: action, type: 'STOP_MARKET', workingType: 'MARK_PRICE' },
        triggerPrice: requestDecimal(triggerPrice),
        closes: { quantity: requestDecimal(quantity) },
      },
      'PROTECTION',
      1,
    );
    if (outcome.kind === 'DONE') return this.#onReport(stop, outcome.value);
    const { failure } = outcome;
    if (outcome.kind === 'UNKNOWN') return this.#unknown(clientAlgoId, failure.detail);
    if (outcome.kind === 'NOT_SENT') {
      const { detail, retryAfterMs = USUAL_RETRY_MS } = failure;
      return onNews({ kind: 'STOP_NOT_SENT', clientAlgoId, detail, retryAfterMs });
    }
    const refused: VenueStop = { ...stop, state: 'REJECTED', reduceOnly: true, tsEvent: now() };
    onNews({ kind: 'STOP', stop: stops.merge(refused), code: refusalCode(failure), message: failure.detail });
  }

  async cancel(asked: StopByClientId): Promise<void> {
    const { requests, onNews, now, stops } = this.#options;
    const { clientAlgoId } = asked;
    const outcome = await requests.change(cancelStop, { clientAlgoId }, 'PROTECTION');
    if (outcome.kind === 'UNKNOWN' || outcome.kind === 'NOT_SENT')
      return this.#unknown(clientAlgoId, outcome.failure.detail);
    const known = stops.of(clientAlgoId);
    // A refusal says that it is gone or triggers now: its own state tells which.
    if (outcome.kind === 'REFUSED' || known === undefined) return this.query(asked);
    onNews({
      kind: 'STOP',
      stop: stops.merge({ ...known, state: 'CANCELED', tsEvent: Math.max(known.tsEvent, now()) }),
    });
  }

  /** Asks in both families: a stop that triggered is also an ordinary order, and the algo service may forget a stop for a time. */
  async query(asked: StopByClientId): Promise<void> {
    const { requests } = this.#options;
    const answer = await requests.send(queryStop, { clientAlgoId: asked.clientAlgoId }, 'KNOWLEDGE');
    if (answer.kind === 'OK') return this.#onReport(asked, answer.value);
    if (isNotFound(answer)) return this.#searchElsewhere(asked);
    this.#unknown(asked.clientAlgoId, answer.detail);
  }

  async #onReport(asked: StopByClientId, report: AlgoReport): Promise<void> {
    const { clientAlgoId, symbol } = asked;
    if (report.clientAlgoId !== clientAlgoId || report.symbol !== symbol)
      return this.#unknown(clientAlgoId, `the venue answered about ${report.clientAlgoId}`);
    const { stops, onNews } = this.#options;
    const hasTriggered = report.state === 'TRIGGERED' || report.state === 'FINISHED';
    if (hasTriggered && !(await this.#tellFillsOfChild(asked))) return;
    onNews({ kind: 'STOP', stop: stops.merge(venueStopOf(report, report.tsUpdate)) });
  }

  async #searchElsewhere(asked: StopByClientId): Promise<void> {
    const { requests, stops, onNews } = this.#options;
    const { symbol, clientAlgoId } = asked;
    const [open, child] = await Promise.all([
      requests.send(openStops, { symbol }),
      requests.send(getOrder, { symbol, clientOrderId: clientAlgoId }),
    ]);
    if (open.kind === 'FAILURE') return this.#unknown(clientAlgoId, open.detail);
    const listed = open.value.find((stop) => stop.clientAlgoId === clientAlgoId);
    if (listed !== undefined) return this.#onReport(asked, listed);
    if (child.kind === 'FAILURE') {
      if (!isNotFound(child)) return this.#unknown(clientAlgoId, child.detail);
      return onNews({ kind: 'STOP_ABSENT', clientAlgoId });
    }
    if (!(await this.#tellFills(child.value))) return;
    const { tsUpdate: tsEvent } = child.value;
    onNews({ kind: 'STOP', stop: stops.merge(triggeredStop(stops.of(clientAlgoId), child.value, tsEvent)) });
  }

  /** False if the order that the stop became, or its trades, could not be read: then the stop is reported as unknown. */
  async #tellFillsOfChild({ symbol, clientAlgoId }: StopByClientId): Promise<boolean> {
    const child = await this.#options.requests.send(getOrder, { symbol, clientOrderId: clientAlgoId });
    if (child.kind === 'OK') return this.#tellFills(child.value);
    // A stop that found nothing to close became no order.
    if (isNotFound(child)) return true;
    this.#unknown(clientAlgoId, child.detail);
    return false;
  }

  async #tellFills(child: OrderReport): Promise<boolean> {
    if (Number(child.filledQuantity) === 0) return true;
    const { requests, fees, onNews } = this.#options;
    const { symbol, clientOrderId: clientAlgoId } = child;
    const read = await readTrades(requests, child);
    if (read.kind === 'FAILED') {
      this.#unknown(clientAlgoId, read.detail);
      return false;
    }
    for (const trade of read.trades)
      onNews({ kind: 'STOP_FILL', clientAlgoId, symbol, fill: fillOf(clientAlgoId, trade, fees) });
    if (read.missing !== undefined) this.#unknown(clientAlgoId, read.missing);
    return read.missing === undefined;
  }

  #unknown(clientAlgoId: string, detail: string): void {
    this.#options.onNews({ kind: 'STOP_UNKNOWN', clientAlgoId, detail });
  }
}

/** A stop of which only the order that it became is known. */
function triggeredStop(known: VenueStop | undefined, child: OrderReport, tsEvent: number): VenueStop {
  const { clientOrderId: clientAlgoId, symbol, side: action, quantity, reduceOnly, state: childState } = child;
  const isOver = childState !== 'NEW' && childState !== 'PARTIALLY_FILLED';
  const state = isOver ? 'FINISHED' : 'TRIGGERED';
  if (known !== undefined) return { ...known, state, tsEvent };
  return { clientAlgoId, symbol, action, state, quantity: Number(quantity), triggerPrice: 0, reduceOnly, tsEvent };
}
