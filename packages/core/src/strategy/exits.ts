import { VENUE_PRICE_MAX_AGE_MS } from '@helios/shared/domain/freshness.ts';
import type { StrategyParams } from '@helios/shared/domain/settings.ts';
import type { ExitReason, Side } from '@helios/shared/domain/signal.ts';
import { orderTypeFor, type TradingProfile } from '../trading/profile.ts';
import { exitReasonOf } from './exit-plan.ts';
import type { Exposure, ManagedPosition, PendingExit } from './exposure.ts';
import type { FleetView } from './fleet-view.ts';
import { isFreshPrice, type KnownPrice } from './known-price.ts';
import type { MarketMemory } from './market-memory.ts';

/** Delay before an exit is requested again if its position is still open; it doubles each time. */
const RETRY_MS = 5_000;
const MAX_RETRY_MS = 300_000;

/** A decision to close one position, or to cancel an entry order. */
export interface ExitVerdict {
  readonly side: Side;
  /** Entry signal of the position or order. */
  readonly entrySignalId: string;
  readonly entryPrice: number;
  readonly reason: ExitReason;
  readonly attempt: number;
  readonly price: KnownPrice | undefined;
  /** `undefined` for an entry order that has not become a position. */
  readonly managed: ManagedPosition | undefined;
}

/** Inputs of exit decisions. */
export interface ExitState {
  readonly exposure: Exposure;
  readonly market: MarketMemory;
  /** The market ended or fell silent. */
  readonly sessionOver: boolean;
  /** Start of following this market after a restart, epoch ms; `undefined` if there was no earlier data. */
  readonly listenedSince: number | undefined;
}

const NONE: readonly ExitVerdict[] = [];

/**
 * Exits for all positions of the symbol that must close now. Gates, cooldown, sentiment and trading state play no part. `forced`
 * closes all of them for an external reason.
 */
export function judgeExits(
  state: ExitState,
  view: FleetView,
  params: StrategyParams,
  reversal: Side | undefined,
  forced: ExitReason | undefined = forcedReason(state, view),
): readonly ExitVerdict[] {
  const { managed } = state.exposure;
  if (managed.length === 0 && forced === undefined) return NONE;
  const verdicts: ExitVerdict[] = forced === 'OPERATOR' ? withdrawals(state, view, params) : [];
  for (const each of managed) {
    const priceOf = forced === 'SESSION_END' ? 'sessionEndPrice' : 'exitPrice';
    const price = state.market[priceOf](each.plan.side, view.nowMs, params.signals.max_book_age_ms);
    if (forced === undefined && waitsForMarket(state, price, view.nowMs)) continue;
    const reason = forced ?? reasonNow(each, view, params, price, reversal);
    if (reason && isDue(state, each, reason, view)) verdicts.push(exitVerdict(each, reason, price));
  }
  return verdicts;
}

/** After the end of a session, later fills are closed too. */
function forcedReason(state: ExitState, view: FleetView): ExitReason | undefined {
  if (view.flattening) return 'OPERATOR';
  return state.sessionOver ? 'SESSION_END' : undefined;
}

/**
 * True shortly after a restart, while only stored prices are known. A live market sends a price within a minute, so the position
 * does not close at an old price. After that minute it does.
 */
function waitsForMarket({ listenedSince }: ExitState, known: KnownPrice | undefined, nowMs: number): boolean {
  if (listenedSince === undefined || nowMs - listenedSince > VENUE_PRICE_MAX_AGE_MS) return false;
  return known?.ageMs === undefined || nowMs - known.ageMs < listenedSince;
}

/** Cancels of resting entry orders: an exit without a position cancels them. */
function withdrawals(state: ExitState, view: FleetView, params: StrategyParams): ExitVerdict[] {
  return state.exposure.entriesToWithdraw().map((order) => ({
    side: order.side,
    entrySignalId: order.signal_id,
    entryPrice: order.price,
    reason: 'OPERATOR',
    attempt: 1,
    price: state.market.exitPrice(order.side, view.nowMs, params.signals.max_book_age_ms),
    managed: undefined,
  }));
}

/** Delay before an exit with `attempt` attempts is requested again, ms. */
function retryDelayMs(attempt: number): number {
  return Math.min(RETRY_MS * 2 ** (attempt - 1), MAX_RETRY_MS);
}

function reasonNow(
  managed: ManagedPosition,
  view: FleetView,
  params: StrategyParams,
  price: KnownPrice | undefined,
  reversal: Side | undefined,
): ExitReason | undefined {
  const inputs = {
    nowMs: view.nowMs,
    price: price?.price,
    provesGain: price !== undefined && isFreshPrice(price),
    reversed: reversal !== undefined && reversal !== managed.plan.side,
    judgeStops: view.profile.stopsRestAt === 'ENGINE',
  };
  // A requested exit stays requested, even if the price recovers.
  return exitReasonOf(managed.plan, managed.trailing, inputs, params) ?? managed.exit?.reason;
}

function exitVerdict(managed: ManagedPosition, reason: ExitReason, price: KnownPrice | undefined): ExitVerdict {
  return {
    side: managed.plan.side,
    entrySignalId: managed.position.signal_id,
    entryPrice: managed.plan.entryPrice,
    reason,
    attempt: (managed.exit?.attempt ?? 0) + 1,
    price,
    managed,
  };
}

/** False while an earlier exit is pending, unless that exit rests and this one is urgent. */
function isDue(state: ExitState, managed: ManagedPosition, reason: ExitReason, view: FleetView): boolean {
  const pending = managed.exit;
  if (pending === undefined) return true;
  if (state.exposure.exitRests(managed.plan.side)) return overtakes(reason, pending, view.profile);
  return view.nowMs - pending.ts >= retryDelayMs(pending.attempt);
}

function overtakes(reason: ExitReason, pending: PendingExit, profile: TradingProfile): boolean {
  const typeOf = (of: ExitReason) => orderTypeFor(profile, 'EXIT', of);
  return typeOf(reason) === 'MARKET' && typeOf(pending.reason) === 'LIMIT';
}
