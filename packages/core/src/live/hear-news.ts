import { hearOtherHand, hearReady } from './hear-other-hand.ts';
import { ownerOf } from './live-order-id.ts';
import type { LiveParts } from './live-parts.ts';
import { signedQuantityOf } from './signed-quantity.ts';
import type { VenueExit } from './venue-exits.ts';
import { forcedExit, foreignExit, stopExit } from './venue-news.ts';
import type { VenueNews } from './venue-port.ts';

/** "Order's position side does not match user's setting." */
const WRONG_SIDE = '-4061';

/** Applies what the venue said. */
export function hearNews(parts: LiveParts, news: VenueNews, nowMs: number): void {
  // No event tells that somebody switched hedge mode on: the next snapshot does.
  if (isWrongSide(news)) parts.reconciliation.askNow(nowMs);
  parts.covers.onNews(news, nowMs);
  if (parts.orders.onNews(news, nowMs)) return;
  hearAccount(parts, news, nowMs);
  hearTrades(parts, news, nowMs);
}

/** True for the venue's refusal of one-way orders in hedge mode. */
function isWrongSide(news: VenueNews): boolean {
  if (news.kind === 'STOP') return news.code === WRONG_SIDE;
  return news.kind === 'ORDER' && news.event.kind === 'REJECTED' && news.event.code === WRONG_SIDE;
}

function hearAccount(parts: LiveParts, news: VenueNews, nowMs: number): void {
  const { account, reconciliation, readiness, conditions, orders, covers } = parts;
  switch (news.kind) {
    case 'USER_STREAM':
      conditions.isStreamOpen = news.isOpen;
      conditions.streamReason = news.reason;
      if (!news.isOpen) return;
      reconciliation.onGapEnd(nowMs);
      orders.askAll(nowMs);
      return;
    case 'SNAPSHOT':
      account.onSnapshot(news.snapshot, nowMs);
      parts.modes.onSnapshot(news.snapshot.tsAsked);
      // Stops are known before positions are adopted: what rests already is never placed twice.
      covers.onSnapshot(news.snapshot, nowMs);
      reconciliation.onSnapshot(news.snapshot, nowMs);
      covers.refreshAll(nowMs);
      return;
    case 'RESTING_STOPS':
      covers.onSnapshot(news, nowMs);
      covers.refreshAll(nowMs);
      return;
    case 'SNAPSHOT_FAILED':
      reconciliation.onFailed(nowMs);
      return;
    case 'TRADES':
      reconciliation.onTrades(news, nowMs);
      covers.refresh(news.symbol, nowMs);
      return;
    case 'TRADES_FAILED':
      reconciliation.onTradesFailed(news.symbol, nowMs);
      return;
    case 'WALLET':
      account.onWallet(news.walletBalance, news.tsEvent);
      return;
    case 'POSITION':
      account.onPosition(news.symbol, news.signedQuantity, news.entryPrice, news.tsEvent);
      if (news.signedQuantity !== signedQuantityOf(parts.context, news.symbol)) {
        orders.expectReports(news.symbol, nowMs);
        reconciliation.doubt(news.symbol, news.signedQuantity, nowMs);
      }
      return;
    case 'SYMBOL_READY':
      readiness.onReady(news.symbol, nowMs);
      hearReady(parts, news.symbol, nowMs);
      release(parts, news.symbol, nowMs);
      return;
    case 'SYMBOL_REFUSED':
      readiness.onRefused(news, nowMs);
      refuse(parts, news.symbol, news.detail, nowMs);
      return;
    case 'SYMBOL_STATUS':
      parts.statuses.onStatus(news);
      return;
    case 'SYMBOL_SETTINGS':
    case 'ACCOUNT_MODES':
    case 'MARGIN_CALL':
      hearOtherHand(parts, news, nowMs);
      return;
  }
}

function hearTrades(parts: LiveParts, news: VenueNews, nowMs: number): void {
  const { context, covers, reconciliation, conditions } = parts;
  switch (news.kind) {
    case 'STOP_FILL':
      applyExit(parts, stopExit(context, covers, news), nowMs);
      return;
    case 'FORCED_FILL': {
      const exit = forcedExit(context, news);
      if (exit) conditions.forced.add(news.symbol);
      applyExit(parts, exit, nowMs);
      return;
    }
    case 'FOREIGN_FILL':
      hearForeignFill(parts, news, nowMs);
      return;
    case 'FOREIGN_ORDER': {
      const { clientOrderId } = news.order;
      if (ownerOf(clientOrderId, context.tag) === 'FOREIGN')
        reconciliation.noteForeignOrder(clientOrderId, news.isOpen);
      else reconciliation.askSoon(nowMs);
      return;
    }
    case 'ORDER':
      hearStrayOrder(parts, news, nowMs);
      return;
  }
}

/** A report about an order that `LiveOrders` does not know: the order of a stop, or one of an earlier process. */
function hearStrayOrder(
  parts: LiveParts,
  { symbol, event }: Extract<VenueNews, { kind: 'ORDER' }>,
  nowMs: number,
): void {
  const id = event.client_order_id;
  const isStop = parts.covers.stop(id) !== undefined || /-s[0-9a-z]{1,3}-/.test(id);
  parts.reconciliation.askSoon(nowMs);
  if (event.kind !== 'FILL' || !isStop || !parts.covers.isOurs(id)) return;
  applyExit(parts, stopExit(parts.context, parts.covers, { clientAlgoId: id, symbol, fill: event }), nowMs);
}

/** A snapshot after each trade of somebody else would use up the request weight; the position of the event shows whether one was missed. */
function hearForeignFill(parts: LiveParts, news: Extract<VenueNews, { kind: 'FOREIGN_FILL' }>, nowMs: number): void {
  const exit = foreignExit(parts.context, parts.reconciliation, news);
  if (exit === undefined) parts.reconciliation.askAfterFill(nowMs);
  else applyExit(parts, exit, nowMs);
}

/** Applies a close that no order of ours made. What still enters the symbol is stopped, and closed if it fills. */
function applyExit(parts: LiveParts, exit: VenueExit | undefined, nowMs: number): void {
  const { exits, orders, reconciliation, covers, changed } = parts;
  reconciliation.askSoon(nowMs);
  if (exit === undefined || !exits.apply(exit, nowMs)) return;
  const { symbol } = exit.position;
  changed.lastMs = nowMs;
  reconciliation.noteChange(symbol, nowMs);
  const entry = orders.active(symbol, 'ENTRY');
  if (entry) {
    entry.closesLateFills = true;
    orders.stop(entry, { answer: 'CANCELLED', reason: 'its position was closed meanwhile' }, nowMs);
  }
  covers.refresh(symbol, nowMs);
}

/** Sends the entry that waited for leverage and margin mode. */
function release({ orders, readiness }: LiveParts, symbol: string, nowMs: number): void {
  if (!readiness.isReady(symbol)) return;
  const entry = orders.active(symbol, 'ENTRY');
  if (entry?.waitUntilMs !== Number.POSITIVE_INFINITY) return;
  entry.waitUntilMs = 0;
  orders.advance(entry, nowMs);
}

function refuse({ orders }: LiveParts, symbol: string, detail: string, nowMs: number): void {
  const entry = orders.active(symbol, 'ENTRY');
  if (entry?.waitUntilMs !== Number.POSITIVE_INFINITY) return;
  orders.stop(entry, { answer: 'REJECTED', reason: `leverage or margin mode was refused: ${detail}` }, nowMs);
}
