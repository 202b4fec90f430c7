import { stillMarket } from './still-market.ts';
import { type Trader, TradingSession } from './trading-session.ts';
import { START_MS } from './venue-client.ts';

const SYMBOL = 'BTCUSDT';

// biome-ignore lint/suspicious/noExplicitAny: bodies of every shape
type Body = any;

/** One account of an order session. */
export class OrderTrader {
  readonly #session: TradingSession;
  readonly trader: Trader;

  constructor(session: TradingSession, trader: Trader) {
    this.#session = session;
    this.trader = trader;
  }

  call(method: string, path: string, parameters: Readonly<Record<string, string>> = {}): Body {
    return this.#session.call(this.trader, method, `/fapi/v1/${path}`, parameters);
  }

  limit(side: string, quantity: string, price: string, more: Readonly<Record<string, string>> = {}): Body {
    const order = { symbol: SYMBOL, side, type: 'LIMIT', timeInForce: 'GTC', quantity, price };
    return this.call('POST', 'order', { ...order, newOrderRespType: 'RESULT', ...more });
  }

  market(side: string, quantity: string, more: Readonly<Record<string, string>> = {}): Body {
    return this.call('POST', 'order', {
      symbol: SYMBOL,
      side,
      type: 'MARKET',
      quantity,
      newOrderRespType: 'RESULT',
      ...more,
    });
  }

  /** The order as a query shows it. */
  order(orderId: string): Body {
    return this.call('GET', 'order', { symbol: SYMBOL, orderId });
  }

  /** Signed position in BTC. */
  get position(): string {
    const [row] = this.#session.call(this.trader, 'GET', '/fapi/v3/positionRisk', { symbol: SYMBOL });
    return row?.positionAmt ?? '0';
  }

  /** The order events so far, as `execution status filled reason`. */
  get news(): readonly string[] {
    return this.trader.events.flatMap(({ o }) => (o?.x === undefined ? [] : [`${o.x} ${o.X} ${o.z} ${o.er}`]));
  }
}

/** Accounts that trade BTCUSDT on a book that stands still: 1, 2 and 3 BTC at three prices of each side. */
export async function orderSession(
  ...balances: readonly string[]
): Promise<{ readonly session: TradingSession; readonly traders: readonly OrderTrader[] }> {
  const bids: [string, string][] = [
    ['59999.9', '1'],
    ['59999.8', '2'],
    ['59999.0', '3'],
  ];
  const asks: [string, string][] = [
    ['60000.1', '1'],
    ['60000.2', '2'],
    ['60001.0', '3'],
  ];
  const session = await TradingSession.on(stillMarket([{ symbol: SYMBOL, bids, asks }]), START_MS, balances);
  return { session, traders: session.traders.map((trader) => new OrderTrader(session, trader)) };
}

/** A trade of the market: its price and quantity, and whether it hit a bid. */
export function marketTrade(
  { exchange: { trading } }: TradingSession,
  price: string,
  quantity: string,
  hitsBid: boolean,
): void {
  const grid = trading.marketOf(SYMBOL)?.grid;
  const [ticks, steps] = [grid?.ticksOf(price), grid?.stepsOf(quantity)];
  if (ticks === undefined || steps === undefined) throw new Error('off the grid');
  trading.engine.onTrade(SYMBOL, { price: ticks, quantity: steps, buyerIsMaker: hitsBid });
}
