import type { Rng } from '@helios/synthetic-market/rng.ts';
import { SYMBOLS, type Trader, type TradingSession } from './trading-session.ts';

const TIMES_IN_FORCE = ['GTC', 'GTC', 'GTC', 'IOC', 'FOK', 'GTX'] as const;

/** Acts for an account at random: orders of every kind, cancels, changes, conditional orders, leverage, margin. */
export class RandomTrader {
  readonly #session: TradingSession;
  readonly #trader: Trader;
  readonly #rng: Rng;
  readonly #isHedge: boolean;

  constructor(session: TradingSession, trader: Trader, rng: Rng, isHedge: boolean) {
    this.#session = session;
    this.#trader = trader;
    this.#rng = rng;
    this.#isHedge = isHedge;
  }

  /** Settings that need a flat account. */
  prepare(isIsolated: boolean): void {
    if (this.#isHedge) this.#call('POST', '/fapi/v1/positionSide/dual', { dualSidePosition: 'true' });
    for (const symbol of SYMBOLS)
      if (isIsolated) this.#call('POST', '/fapi/v1/marginType', { symbol, marginType: 'ISOLATED' });
  }

  /** One action; a refusal is as good as any other answer. */
  act(): void {
    const roll = this.#rng.uniform();
    const symbol = this.#one(SYMBOLS);
    if (roll < 0.3) this.#place(symbol, { type: 'MARKET' });
    else if (roll < 0.58) this.#place(symbol, this.#limit(symbol));
    else if (roll < 0.76) this.#cancelOne(symbol);
    else if (roll < 0.82) this.#change(symbol);
    else if (roll < 0.92) this.#placeStop(symbol);
    else if (roll < 0.95) this.#cancelStop(symbol);
    else if (roll < 0.97)
      this.#call('POST', '/fapi/v1/leverage', { symbol, leverage: String(1 + this.#rng.below(60)) });
    else this.#addMargin(symbol);
  }

  #place(symbol: string, more: Readonly<Record<string, string>>): void {
    const side = this.#one(['BUY', 'SELL'] as const);
    const isReducing = this.#rng.uniform() < 0.2;
    this.#call('POST', '/fapi/v1/order', {
      ...{ symbol, side, quantity: this.#quantity(symbol), ...more },
      ...(this.#isHedge ? { positionSide: this.#one(['LONG', 'SHORT'] as const) } : {}),
      ...(isReducing && !this.#isHedge ? { reduceOnly: 'true' } : {}),
    });
  }

  #limit(symbol: string): Readonly<Record<string, string>> {
    return { type: 'LIMIT', price: this.#price(symbol, 0.003), timeInForce: this.#one(TIMES_IN_FORCE) };
  }

  #cancelOne(symbol: string): void {
    const open = this.#call('GET', '/fapi/v1/openOrders', { symbol });
    if (open.length > 0)
      this.#call('DELETE', '/fapi/v1/order', { symbol, orderId: this.#one(open as { orderId: string }[]).orderId });
  }

  #change(symbol: string): void {
    const open = this.#call('GET', '/fapi/v1/openOrders', { symbol }) as { orderId: string; side: string }[];
    if (open.length === 0) return;
    const { orderId, side } = this.#one(open);
    const changed = { quantity: this.#quantity(symbol), price: this.#price(symbol, 0.003) };
    this.#call('PUT', '/fapi/v1/order', { symbol, orderId, side, ...changed });
  }

  #placeStop(symbol: string): void {
    const type = this.#one(['STOP_MARKET', 'TAKE_PROFIT_MARKET', 'TRAILING_STOP_MARKET', 'STOP'] as const);
    const trigger: Record<string, string> =
      type === 'TRAILING_STOP_MARKET' ? { callbackRate: '0.3' } : { triggerPrice: this.#price(symbol, 0.01) };
    const closes = type !== 'STOP' && type !== 'TRAILING_STOP_MARKET' && this.#rng.uniform() < 0.5;
    this.#call('POST', '/fapi/v1/algoOrder', {
      ...{ algoType: 'CONDITIONAL', symbol, side: this.#one(['BUY', 'SELL'] as const), type, ...trigger },
      ...(closes ? { closePosition: 'true' } : { quantity: this.#quantity(symbol) }),
      ...(type === 'STOP' ? { price: this.#price(symbol, 0.01) } : {}),
      ...(this.#isHedge ? { positionSide: this.#one(['LONG', 'SHORT'] as const) } : {}),
    });
  }

  #cancelStop(symbol: string): void {
    const open = this.#call('GET', '/fapi/v1/openAlgoOrders', { symbol }) as { algoId: string }[];
    if (open.length > 0) this.#call('DELETE', '/fapi/v1/algoOrder', { symbol, algoId: this.#one(open).algoId });
  }

  #addMargin(symbol: string): void {
    const side: Record<string, string> = this.#isHedge ? { positionSide: 'LONG' } : {};
    this.#call('POST', '/fapi/v1/positionMargin', {
      symbol,
      amount: '5.5',
      type: this.#one(['1', '2'] as const),
      ...side,
    });
  }

  #quantity(symbol: string): string {
    return this.#grid(symbol).quantityText(1 + this.#rng.below(symbol === 'BTCUSDT' ? 60 : 900));
  }

  #price(symbol: string, width: number): string {
    const grid = this.#grid(symbol);
    const last = Number(this.#session.exchange.listed(symbol)?.market.lastPrice);
    return grid.priceText(Math.round((last * this.#rng.between(1 - width, 1 + width)) / Number(grid.priceText(1))));
  }

  #grid(symbol: string) {
    const market = this.#session.exchange.trading.marketOf(symbol);
    if (market === undefined) throw new Error(`${symbol} is not listed`);
    return market.grid;
  }

  #one<T>(of: readonly T[]): T {
    return of[this.#rng.below(of.length)] as T;
  }

  // biome-ignore lint/suspicious/noExplicitAny: bodies of every shape
  #call(method: string, path: string, parameters: Readonly<Record<string, string>>): any {
    return this.#session.call(this.#trader, method, path, parameters);
  }
}
