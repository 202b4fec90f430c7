import type { AccountStore } from '../accounts/account-store.ts';
import type { Position } from '../accounts/trading-account.ts';
import type { StreamEvent } from '../streams/feed.ts';
import type { Scheduled } from '../trading/timers.ts';
import type { TradingEvent } from '../trading/trading-event.ts';
import { accountUpdate, type PositionView } from './account-update.ts';
import { algoUpdate } from './algo-update.ts';
import { ListenKeys } from './listen-keys.ts';
import { marginCall } from './margin-call.ts';
import { orderTradeUpdate, tradeLite } from './order-trade-update.ts';

/** Market data that user events carry. */
export interface UserStreamMarket {
  /** Undefined for a contract that is not listed. */
  viewOf(symbol: string): Omit<PositionView, 'marginType'> | undefined;
  now(): number;
  clock(): number;
}

type WireEvent = Readonly<Record<string, unknown>>;

/** Turns the events of the accounts into the venue's user events, one stream for each listen key. */
export class UserStream implements Scheduled {
  readonly keys = new ListenKeys();
  readonly #accounts: AccountStore;
  readonly #market: UserStreamMarket;
  #publish: (event: StreamEvent) => void = () => {};

  constructor(accounts: AccountStore, market: UserStreamMarket) {
    this.#accounts = accounts;
    this.#market = market;
  }

  /** Sets who sends the events. */
  connect(publish: (event: StreamEvent) => void): void {
    this.#publish = publish;
  }

  /** Sends the events of one operation. The venue sends TRADE_LITE ahead of the rest. */
  onEvents(events: readonly TradingEvent[]): void {
    for (const event of events) if (event.kind === 'ORDER') this.#send(event, () => this.#lite(event));
    for (const event of events) this.#send(event, () => this.#wire(event));
  }

  /** When the next listen key ends. */
  dueTs(): number | undefined {
    return this.keys.nextEndMs;
  }

  /** Ends the listen keys that nobody extended. Their connections stay open, but get nothing more. */
  run(ts: number): void {
    for (const listenKey of this.keys.takeExpired(ts)) this.#tellExpired(listenKey, ts);
  }

  /** Ends the account's listen key before its time; false if it has none. */
  expireKey(accountId: string): boolean {
    const nowMs = this.#market.now();
    const listenKey = this.keys.ofAccount(accountId, nowMs);
    if (listenKey === undefined) return false;
    this.keys.end(accountId, nowMs);
    this.#tellExpired(listenKey, nowMs);
    return true;
  }

  #tellExpired(listenKey: string, ts: number): void {
    this.#publish({
      ...{ stream: listenKey, symbol: undefined, atMs: this.#market.clock() },
      data: { e: 'listenKeyExpired', E: ts, listenKey },
    });
  }

  #send({ accountId, ...event }: TradingEvent, write: () => WireEvent | undefined): void {
    const key = this.keys.ofAccount(accountId, this.#market.now());
    const data = key === undefined ? undefined : write();
    if (key === undefined || data === undefined) return;
    const symbol = event.kind === 'ORDER' || event.kind === 'ALGO' ? event.order.ticket.symbol : undefined;
    this.#publish({ stream: key, symbol, account: accountId, atMs: this.#market.clock(), data });
  }

  #lite(event: Extract<TradingEvent, { kind: 'ORDER' }>): WireEvent | undefined {
    const view = this.#market.viewOf(event.order.ticket.symbol);
    return view && tradeLite(event, view.grid);
  }

  #wire(event: TradingEvent): WireEvent | undefined {
    switch (event.kind) {
      case 'ORDER': {
        const view = this.#market.viewOf(event.order.ticket.symbol);
        return view && orderTradeUpdate(event, view.grid);
      }
      case 'ALGO': {
        const view = this.#market.viewOf(event.order.ticket.symbol);
        return view && algoUpdate(event, view.grid);
      }
      case 'BALANCE':
        return accountUpdate(event, (position) => this.#positionView(event.accountId, position));
      case 'LEVERAGE': {
        const { ts, symbol, leverage } = event;
        return { e: 'ACCOUNT_CONFIG_UPDATE', E: ts, T: ts, ac: { s: symbol, l: leverage } };
      }
      case 'MULTI_ASSETS':
        return { e: 'ACCOUNT_CONFIG_UPDATE', E: event.ts, T: event.ts, ai: { j: event.isOn } };
      case 'MARGIN_CALL':
        return marginCall(event, (symbol) => this.#market.viewOf(symbol)?.grid);
    }
  }

  #positionView(accountId: string, { symbol }: Position): PositionView | undefined {
    const view = this.#market.viewOf(symbol);
    const marginType = this.#accounts.byId(accountId)?.marginType(symbol);
    return view === undefined || marginType === undefined ? undefined : { ...view, marginType };
  }
}
