import type { ExitReason, MarketRegime, Quote, TradingSignal } from '@helios/shared/domain/signal.ts';
import { worseOf } from '../execution/fill.ts';
import { decimalText } from '../price/decimal-text.ts';
import { roundMoney, sixDigits } from '../price/significant-digits.ts';
import { orderTypeFor } from '../trading/profile.ts';
import { type ExitPlan, stopLossOf } from './exit-plan.ts';
import type { ExitVerdict } from './exits.ts';
import type { FleetView } from './fleet-view.ts';
import { isFreshPrice } from './known-price.ts';
import type { MarketMemory } from './market-memory.ts';
import { type BooksWithFlow, orderFlowField } from './order-flow.ts';
import { signOf } from './side-sign.ts';
import { exitId } from './signal-ids.ts';

const BECAUSE: Readonly<Record<ExitReason, string>> = {
  STOP_LOSS: 'the stop was reached',
  TRAILING_STOP: 'the trailing stop was reached',
  TAKE_PROFIT: 'the target was reached',
  TIME_EXIT: 'the holding time is over',
  SIGNAL_REVERSAL: 'a confirmed trigger points the other way',
  OPERATOR: 'the operator asked to close everything',
  SESSION_END: 'the market data ended or broke off',
  LIQUIDATION: 'the venue liquidated the position',
  MARGIN_CRITICAL: 'the margin was critical',
};

/** Market figures of an exit signal. */
export interface ExitedMarket extends BooksWithFlow {
  readonly symbol: string;
  readonly market: MarketMemory;
  readonly klines: { readonly regime: MarketRegime };
}

/**
 * The signal that closes a position. Its `entry_price` is the price of the decision. It is the entry price if no price is known,
 * or if the known price is not fresh and would show a gain. The quote is present only if the price comes from the book.
 * Confidence is 1: an exit follows a rule, not an estimate. `isRead` is false if nobody reads the reason: then it is empty.
 */
export function exitSignal(
  verdict: ExitVerdict,
  state: ExitedMarket,
  view: FleetView,
  run: string,
  isRead = true,
): TradingSignal {
  const shown: Quote | undefined =
    verdict.price?.source === 'book' ? { bid: state.market.bid, ask: state.market.ask } : undefined;
  const { price, quote } = atPassedLevel(verdict, { price: priceOf(verdict), quote: shown }, state, view);
  return {
    signal_id: exitId(verdict.entrySignalId, verdict.reason, verdict.attempt),
    run,
    symbol: state.symbol,
    direction: verdict.side === 'LONG' ? 'EXIT_LONG' : 'EXIT_SHORT',
    timestamp: view.nowMs,
    ts_init: view.nowMs,
    confidence: 1,
    nobi_value: sixDigits(state.market.nobi ?? 0),
    ...orderFlowField(state, view.nowMs),
    entry_price: price,
    exit_reason: verdict.reason,
    reason: isRead ? sentence(verdict, state.symbol, price) : '',
    ...(quote && { quote }),
    regime: state.klines.regime,
    model: 'none',
    origin: 'ENGINE',
  };
}

/** An old price may show a loss but never a gain: later moves of the market are unknown. */
function priceOf({ side, price: known, entryPrice, reason }: ExitVerdict): number {
  if (known === undefined) return entryPrice;
  // The last price of a session stays valid for its end, whatever its age.
  if (reason === 'SESSION_END' || isFreshPrice(known)) return known.price;
  return worseOf(side === 'LONG' ? 'SELL' : 'BUY', known.price, entryPrice);
}

interface Priced {
  readonly price: number;
  readonly quote: Quote | undefined;
}

/**
 * On candles a taker meets the market at its stop or target, which the price passed on its way from the book before. Where it did not
 * come by, because a candle began beyond the stop, the exit takes from the book. No exit is better than its level.
 */
function atPassedLevel(verdict: ExitVerdict, { price, quote }: Priced, state: ExitedMarket, view: FleetView): Priced {
  const { side, reason, managed } = verdict;
  const level = levelOf(verdict);
  if (managed?.plan.candles === undefined || level === undefined) return { price, quote };
  if (orderTypeFor(view.profile, 'EXIT', reason) !== 'MARKET') return { price, quote };
  const sign = signOf(side);
  const before = wayBeginsAt(verdict, managed.plan, state, view.nowMs) ?? price;
  // Such a stop moved beyond the price: nothing passed it there.
  if (reason === 'TRAILING_STOP' && sign * (before - level) <= 0) return { price, quote };
  const met = sign * Math.min(sign * level, Math.max(sign * price, sign * before));
  if (met === price) return { price, quote };
  const moved = (shown: number) => roundMoney(shown + met - price, shown);
  return { price: met, quote: quote && { bid: moved(quote.bid), ask: moved(quote.ask) } };
}

/** Where the market came from on its way to the known price of a candle; undefined if it did not come. */
function wayBeginsAt({ side, price }: ExitVerdict, plan: ExitPlan, { market }: ExitedMarket, nowMs: number) {
  const { candles, entryTs, entryPrice } = plan;
  if (price?.ageMs !== 0 || candles === undefined || candles.beginsAt(nowMs)) return undefined;
  // An order that only the close fills was placed after the open, so an extreme may be older than it.
  return entryTs === nowMs && !candles.isExtremeAt(nowMs) ? entryPrice : market.touchBefore(side);
}

/** The price at which an exit of this reason fires; undefined for a reason without one. */
function levelOf({ reason, managed }: Pick<ExitVerdict, 'reason' | 'managed'>): number | undefined {
  if (managed === undefined) return undefined;
  if (reason === 'STOP_LOSS') return stopLossOf(managed.plan, managed.trailing);
  if (reason === 'TRAILING_STOP') return managed.trailing?.stop;
  return reason === 'TAKE_PROFIT' ? managed.plan.takeProfit : undefined;
}

function sentence(verdict: ExitVerdict, symbol: string, price: number): string {
  const { side, reason, managed, attempt } = verdict;
  const again = attempt > 1 ? `, asked for ${attempt === 2 ? 'twice' : `${attempt} times`}` : '';
  if (managed === undefined) return `${side} entry order on ${symbol} cancelled: ${BECAUSE[reason]}.`;
  const movePct = (signOf(side) * 100 * (price - verdict.entryPrice)) / verdict.entryPrice;
  const limit = limitOf(verdict);
  const at = `${side} ${symbol} closed at ${decimalText(price)} (${sourceOf(price, verdict)})`;
  return `${at}: ${BECAUSE[reason]}${limit}, ${movePct.toFixed(3)} % from the entry at ${decimalText(verdict.entryPrice)}${again}.`;
}

function sourceOf(price: number, verdict: ExitVerdict): string {
  const { price: known, entryPrice } = verdict;
  if (known === undefined) return 'entry price, no price of the market is known';
  const { source, ageMs } = known;
  const age = describeAge(ageMs);
  if (price === known.price) return `${source}, ${age}`;
  if (price !== entryPrice) return `passed on the way to the ${source}, ${decimalText(known.price)}`;
  return `entry price, the ${source}, ${decimalText(known.price)}, is ${age} and proves no gain`;
}

function describeAge(ageMs: number | undefined): string {
  if (ageMs === undefined) return 'of unknown age';
  return ageMs < 60_000 ? `${ageMs} ms old` : `${Math.round(ageMs / 1_000)} s old`;
}

function limitOf(verdict: ExitVerdict): string {
  const level = levelOf(verdict);
  if (level === undefined) return '';
  const { reason, managed } = verdict;
  const text = decimalText(reason === 'TRAILING_STOP' ? sixDigits(level) : level);
  const isTightened = reason === 'STOP_LOSS' && level !== managed?.plan.stopLoss;
  return isTightened ? ` (${text}, tightened by a sentiment shock)` : ` (${text})`;
}
