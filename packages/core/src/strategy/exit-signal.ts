import type { ExitReason, MarketRegime, Quote, TradingSignal } from '@helios/shared/domain/signal.ts';
import { worseOf } from '../execution/fill.ts';
import { decimalText } from '../price/decimal-text.ts';
import { roundMoney, sixDigits } from '../price/significant-digits.ts';
import { orderTypeFor } from '../trading/profile.ts';
import { stopLossOf } from './exit-plan.ts';
import type { ExitVerdict } from './exits.ts';
import type { ManagedPosition } from './exposure.ts';
import type { FleetView } from './fleet-view.ts';
import { isFreshPrice, type KnownPrice } from './known-price.ts';
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
  const { price, quote } = atTarget(verdict, { price: priceOf(verdict), quote: shown }, view);
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

/** On candles a taker meets the market at the target, before it moved beyond. */
function atTarget({ side, reason, managed }: ExitVerdict, { price, quote }: Priced, { profile }: FleetView): Priced {
  const { takeProfit, candles } = managed?.plan ?? {};
  if (reason !== 'TAKE_PROFIT' || candles === undefined || takeProfit === undefined) return { price, quote };
  if (orderTypeFor(profile, 'EXIT', reason) !== 'MARKET') return { price, quote };
  const beyond = price - worseOf(side === 'LONG' ? 'SELL' : 'BUY', price, takeProfit);
  const back = (shown: number) => roundMoney(shown - beyond, shown);
  if (beyond === 0) return { price, quote };
  return { price: takeProfit, quote: quote && { bid: back(quote.bid), ask: back(quote.ask) } };
}

function sentence(verdict: ExitVerdict, symbol: string, price: number): string {
  const { side, price: known, reason, managed, attempt } = verdict;
  const again = attempt > 1 ? `, asked for ${attempt === 2 ? 'twice' : `${attempt} times`}` : '';
  if (managed === undefined) return `${side} entry order on ${symbol} cancelled: ${BECAUSE[reason]}.`;
  const movePct = (signOf(side) * 100 * (price - verdict.entryPrice)) / verdict.entryPrice;
  const limit = limitOf(verdict);
  const at = `${side} ${symbol} closed at ${decimalText(price)} (${sourceOf(price, known)})`;
  return `${at}: ${BECAUSE[reason]}${limit}, ${movePct.toFixed(3)} % from the entry at ${decimalText(verdict.entryPrice)}${again}.`;
}

function sourceOf(price: number, known: KnownPrice | undefined): string {
  if (known === undefined) return 'entry price, no price of the market is known';
  const { source, ageMs } = known;
  const age = describeAge(ageMs);
  if (price === known.price) return `${source}, ${age}`;
  return `entry price, the ${source}, ${decimalText(known.price)}, is ${age} and proves no gain`;
}

function describeAge(ageMs: number | undefined): string {
  if (ageMs === undefined) return 'of unknown age';
  return ageMs < 60_000 ? `${ageMs} ms old` : `${Math.round(ageMs / 1_000)} s old`;
}

function limitOf({ reason, managed }: ExitVerdict): string {
  if (reason === 'STOP_LOSS' && managed) return stopLimit(managed);
  if (reason === 'TAKE_PROFIT' && managed?.plan.takeProfit !== undefined)
    return ` (${decimalText(managed.plan.takeProfit)})`;
  if (reason === 'TRAILING_STOP' && managed?.trailing?.stop !== undefined)
    return ` (${decimalText(sixDigits(managed.trailing.stop))})`;
  return '';
}

function stopLimit({ plan, trailing }: ManagedPosition): string {
  const stop = stopLossOf(plan, trailing);
  if (stop === undefined) return '';
  const text = decimalText(stop);
  return stop === plan.stopLoss ? ` (${text})` : ` (${text}, tightened by a sentiment shock)`;
}
