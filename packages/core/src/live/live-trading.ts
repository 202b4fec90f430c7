import type { Account } from '@helios/shared/domain/account.ts';
import type { Execution } from '@helios/shared/domain/execution.ts';
import type { Instrument } from '@helios/shared/domain/instrument.ts';
import type { AssessedEntry } from '@helios/shared/domain/order.ts';
import type { PositionUpdate } from '@helios/shared/domain/position.ts';
import { isExit, sideOf, type TradingSignal } from '@helios/shared/domain/signal.ts';
import type { SymbolTerms } from '@helios/shared/domain/symbol-terms.ts';
import type { TradingState } from '@helios/shared/domain/trading-state.ts';
import { isUrgentExit } from '../execution/fees.ts';
import { isOldSignal } from './drive-orders.ts';
import type { ProcessBlock } from './entry-checks.ts';
import { firstRung } from './exit-ladder.ts';
import { hearNews } from './hear-news.ts';
import { type LiveParts, type LiveState, type LiveTradingOptions, livePartsOf } from './live-parts.ts';
import type { LivePrice } from './live-prices.ts';
import { type LiveTradingStatus, statusOf } from './live-trading-status.ts';
import { entryParent, exitParent } from './parent-order.ts';
import { shownOrders, shownPosition } from './position-view.ts';
import { restoredPair } from './restore-orders.ts';
import { settle } from './settle.ts';
import { holdUntilReady, refusedEntry, refusedExit } from './take-signal.ts';
import type { VenueCommand, VenueNews } from './venue-port.ts';

export type { ProcessBlock } from './entry-checks.ts';
export type { LiveState } from './live-parts.ts';

/**
 * Decides what happens on the live account, without clock and network: entries, exits and news of the venue go in, commands to the
 * venue and answers to signals come out. Take both after each call. All times given are readings of the clock, which may
 * be set back.
 */
export class LiveTrading {
  readonly #parts: LiveParts;

  constructor(options: LiveTradingOptions) {
    this.#parts = livePartsOf(options);
  }

  onInstrument(instrument: Instrument): void {
    this.#parts.context.instruments.set(instrument.symbol, instrument);
  }

  onTerms(terms: SymbolTerms): void {
    this.#parts.account.onTerms(terms);
  }

  /** Takes over what an earlier process stored. Call it once, before anything else. */
  restore({ positions, orders, answered }: LiveState, clockMs: number): void {
    const nowMs = this.#parts.context.time.at(clockMs);
    const { context, orders: live } = this.#parts;
    const entering = new Set(orders.flatMap(({ purpose, signal_id }) => (purpose === 'ENTRY' ? [signal_id] : [])));
    for (const position of positions) context.positions.restore(position, !entering.has(position.signal_id));
    for (const order of orders) {
      const pair = restoredPair(order, context.positions.find(order.symbol, order.side), nowMs);
      if (pair) live.restore(pair, nowMs);
    }
    for (const signalId of answered) this.#parts.answered.add(signalId);
  }

  /** Sets leverage and margin mode of a symbol, so that its first entry need not wait. */
  prepare(symbol: string, clockMs: number): void {
    this.#parts.readiness.prepare(symbol, this.#parts.context.time.at(clockMs));
  }

  /** Reasons of the process against entries; empty: none. */
  onProcessBlocks(blocks: readonly ProcessBlock[]): void {
    this.#parts.conditions.process = blocks;
  }

  /** Executes an entry. The same entry again changes nothing. */
  onEntry(entry: AssessedEntry, clockMs: number): void {
    const nowMs = this.#parts.context.time.at(clockMs);
    const { orders, answered, context } = this.#parts;
    const { signal } = entry;
    if (signal.run !== context.run || isExit(signal.direction)) return;
    if (orders.has(signal.signal_id) || answered.has(signal.signal_id)) return;
    // An earlier process may have sent it: its order is looked for, and nothing is sent.
    const isRecovered = entry.ts_init + context.time.aheadMs < context.startedTs;
    const refusal = isRecovered ? undefined : refusedEntry(this.#parts, entry, nowMs);
    if (refusal) {
      answered.add(signal.signal_id);
      context.outbox.answer(refusal);
      return;
    }
    const parent = entryParent(entry, nowMs, isRecovered);
    if (!isRecovered) holdUntilReady(this.#parts, parent, nowMs);
    orders.start(parent, nowMs);
  }

  /** Closes what is open on the signal's side, reduce-only. The same exit again changes nothing. */
  onExit(signal: TradingSignal, clockMs: number): void {
    const nowMs = this.#parts.context.time.at(clockMs);
    const { orders, answered, context } = this.#parts;
    const { signal_id, symbol, direction, exit_reason } = signal;
    if (signal.run !== context.run || !isExit(direction)) return;
    if (orders.has(signal_id) || answered.has(signal_id)) return;
    const side = sideOf(direction);
    const entry = orders.active(symbol, 'ENTRY');
    if (entry?.side === side) {
      entry.closesLateFills = true;
      orders.stop(entry, { answer: 'CANCELLED', reason: 'cancelled by an exit' }, nowMs);
    }
    const position = context.positions.find(symbol, side);
    const active = orders.active(symbol, 'EXIT');
    if (position === undefined || active || isOldSignal(context, signal, nowMs)) {
      answered.add(signal_id);
      // An urgent exit hurries the one that is under way.
      if (active && isUrgentExit(exit_reason)) orders.hurry(active, nowMs);
      const isOpen = position !== undefined;
      context.outbox.answer(refusedExit(signal, { isOpen, isBusy: active !== undefined }, nowMs));
      return;
    }
    const rung = firstRung(exit_reason, context.settings);
    const isRecovered = signal.ts_init + context.time.aheadMs < context.startedTs;
    orders.start(exitParent(signal, position, { rung, isOwnSignal: false, isRecovered }, nowMs), nowMs);
    settle(this.#parts, nowMs);
  }

  onTradingState(state: TradingState, flattening: boolean, clockMs: number): void {
    const nowMs = this.#parts.context.time.at(clockMs);
    const { conditions, context } = this.#parts;
    // Start is the operator's word that alarms and forced closes were looked at.
    if (state === 'ACTIVE' && conditions.state !== 'ACTIVE') {
      conditions.forced.clear();
      context.alarms.clearAll();
    }
    conditions.state = state;
    conditions.isFlattening = flattening;
    settle(this.#parts, nowMs);
  }

  onPrice(symbol: string, price: LivePrice, clockMs: number): void {
    const nowMs = this.#parts.context.time.at(clockMs);
    const { context, covers, orders, protection } = this.#parts;
    context.prices.onPrice(symbol, price, nowMs);
    orders.onPrice(symbol, nowMs);
    const mark = context.prices.mark(symbol, nowMs);
    if (price.mark === undefined || mark === undefined) return;
    protection.onMark(this.#parts, symbol, nowMs);
    covers.onPrice(symbol, mark, nowMs);
    settle(this.#parts, nowMs);
  }

  onNews(news: VenueNews, clockMs: number): void {
    const { time } = this.#parts.context;
    const nowMs = time.at(clockMs);
    hearNews(this.#parts, steadyNews(news, time.aheadMs, clockMs), nowMs);
    settle(this.#parts, nowMs);
  }

  /** Handles everything that is due. Call it every 100 ms. */
  onTimer(clockMs: number): void {
    const nowMs = this.#parts.context.time.at(clockMs);
    const { orders, covers, reconciliation, protection } = this.#parts;
    orders.onTimer(nowMs);
    covers.onTimer(nowMs);
    reconciliation.onTimer(nowMs);
    protection.onTimer(this.#parts, nowMs);
    settle(this.#parts, nowMs);
  }

  takeCommands(): readonly VenueCommand[] {
    return this.#parts.context.outbox.takeCommands();
  }

  takeExecutions(): readonly Execution[] {
    return this.#parts.context.outbox.takeExecutions();
  }

  /** Symbols whose positions or orders changed. */
  takeChanged(): readonly string[] {
    return this.#parts.context.outbox.takeChanged();
  }

  /** Symbols with positions or orders of ours. */
  symbols(): readonly string[] {
    const { context, orders } = this.#parts;
    return [...new Set([...context.positions.symbols(), ...orders.actives().map(({ symbol }) => symbol)])];
  }

  positionUpdate(symbol: string, clockMs: number): PositionUpdate {
    const { context } = this.#parts;
    const nowMs = clockMs + context.time.aheadMs;
    const positions = context.positions.of(symbol).map((position) => shownPosition(this.#parts, position, nowMs));
    return { run: context.run, symbol, ts_event: clockMs, positions, orders: shownOrders(this.#parts, symbol) };
  }

  /** The account as of the last snapshot and the news since; undefined before the first. */
  account(clockMs: number): Account | undefined {
    const { account, conditions, context } = this.#parts;
    const { aheadMs } = context.time;
    const shown = account.account(conditions.isStreamOpen, clockMs + aheadMs);
    return shown && { ...shown, updated_ts: shown.updated_ts - aheadMs };
  }

  status(clockMs: number): LiveTradingStatus {
    const { aheadMs } = this.#parts.context.time;
    const status = statusOf(this.#parts, clockMs + aheadMs);
    const { reconciled_ts, margin_call } = status;
    return {
      ...status,
      ...(reconciled_ts !== undefined && { reconciled_ts: reconciled_ts - aheadMs }),
      ...(margin_call && { margin_call: { ...margin_call, ts: margin_call.ts - aheadMs } }),
    };
  }
}

/** News with our times made steady. A snapshot that was asked for before the clock was set back is of an unknown age. */
function steadyNews(news: VenueNews, aheadMs: number, clockMs: number): VenueNews {
  if (news.kind === 'ORDER_SENT') return { ...news, tsSent: news.tsSent + aheadMs };
  if (news.kind === 'SYMBOL_SETTINGS' || news.kind === 'ACCOUNT_MODES' || news.kind === 'RESTING_STOPS') {
    const { tsAsked } = news;
    // An answer of unknown age counts as the oldest: what an event told since stays.
    const steadyMs = tsAsked === undefined || tsAsked > clockMs ? Number.NEGATIVE_INFINITY : tsAsked + aheadMs;
    return tsAsked === undefined ? news : { ...news, tsAsked: steadyMs };
  }
  if (news.kind !== 'SNAPSHOT') return news;
  const { snapshot } = news;
  if (snapshot.tsAsked > clockMs) return { kind: 'SNAPSHOT_FAILED', detail: 'the clock was set back meanwhile' };
  return { kind: 'SNAPSHOT', snapshot: { ...snapshot, tsAsked: snapshot.tsAsked + aheadMs } };
}
