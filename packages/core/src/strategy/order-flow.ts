import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import { BookFlow } from '../features/book-flow.ts';
import { sixDigits } from '../price/significant-digits.ts';
import type { MarketMemory } from './market-memory.ts';

/** Window of the order flow that decisions show and the gate judges, ms. */
const WINDOW_MS = 10_000;

/** Steps per unit of an order flow: what is less is an error of rounding, and points nowhere. */
const STEPS = 1e9;

/** The books of a symbol, as far as their order flow is known. */
export interface BooksWithFlow {
  readonly market: Pick<MarketMemory, 'bookValid'>;
  /** Undefined if nothing reads it, or if the books are made up. */
  readonly bookFlow: BookFlow | undefined;
}

/** The part of the engine's context that says whether order flow is read. */
interface FlowReaders {
  readonly collectsFeatures?: boolean | undefined;
  readonly isBookMadeUp?: boolean | undefined;
}

/** Collects the order flow of a symbol; undefined if neither features nor the gate read it, or if the books are made up. */
export function bookFlowFor(
  params: Pick<StrategyParams, 'signals'>,
  { collectsFeatures, isBookMadeUp }: FlowReaders,
): BookFlow | undefined {
  const isRead = collectsFeatures === true || params.signals.order_flow_gate;
  return isRead && isBookMadeUp !== true ? new BookFlow() : undefined;
}

/**
 * Order-flow imbalance of the last ten seconds (Cont, Kukanov and Stoikov 2014) in mean quantities at the best price, with the sign
 * of NOBI: positive, asks gained. Undefined without ten seconds of unbroken books.
 */
export function orderFlowOf({ market, bookFlow }: BooksWithFlow, nowMs: number): number | undefined {
  if (bookFlow === undefined || !market.bookValid) return undefined;
  const bidsGained = bookFlow.orderFlow(nowMs, WINDOW_MS);
  return Number.isNaN(bidsGained) ? undefined : (0 - Math.round(STEPS * bidsGained)) / STEPS;
}

/** The same as a field of signals and decisions; no field while it is unknown. */
export function orderFlowField(books: BooksWithFlow, nowMs: number): { readonly order_flow?: number } {
  const flow = orderFlowOf(books, nowMs);
  return flow === undefined ? {} : { order_flow: sixDigits(flow) };
}
