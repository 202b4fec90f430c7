import { createHmac } from 'node:crypto';
import type { LedgerEvent } from '@helios/exchange-simulator/audit/venue-ledger.ts';
import type { ExchangeStart } from '@helios/exchange-simulator/exchange-start.ts';
import type { FaultInput } from '@helios/exchange-simulator/faults/fault.ts';
import { type RunningExchange, startExchange } from '@helios/exchange-simulator/start-exchange.ts';
import { onTestFinished } from 'vitest';

/** Made up, in the venue's format: Helios would treat a shorter or simpler text as a placeholder. */
export const TRADER_KEY = { apiKey: 'q7Wd2ZkR9fLx4TbN'.repeat(4), apiSecret: 'u3Hs8YvJ6mCp1GzA'.repeat(4) };

/** The account as `/control/accounts` shows it: the venue's truth. */
interface TrueAccount {
  readonly wallet: string;
  readonly positions: readonly { readonly symbol: string; readonly quantity: string }[];
  readonly open_orders: readonly { readonly client_order_id: string }[];
  readonly open_algo_orders: readonly {
    readonly client_algo_id: string;
    readonly quantity: string;
    readonly trigger_price: string;
  }[];
}

/** A contract as `/fapi/v1/exchangeInfo` lists it. */
interface ListedSymbol {
  readonly symbol: string;
  readonly filters: readonly {
    readonly filterType: string;
    readonly tickSize?: string;
    readonly stepSize?: string;
    readonly notional?: string;
  }[];
}

/** A local exchange in this process with one account: its truth, its faults, and another hand on the same account. */
export class TrueVenue {
  readonly exchange: RunningExchange;
  readonly #prices = new Map<string, number>();

  private constructor(exchange: RunningExchange) {
    this.exchange = exchange;
  }

  /** Ends with the test. */
  static async open(symbols: readonly string[], start: Partial<ExchangeStart> = {}): Promise<TrueVenue> {
    const market = { kind: 'generator', seed: 7, symbols } as const;
    const exchange = await startExchange({ market, key: TRADER_KEY, ...start });
    onTestFinished(() => exchange.stop());
    return new TrueVenue(exchange);
  }

  /** A request to the exchange's control. */
  async control<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<T> {
    const answer = await fetch(this.exchange.controlUrl + path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text);
  }

  /** Replaces all faults. */
  setFaults(faults: readonly FaultInput[]): Promise<void> {
    return this.exchange.setFaults([...faults]);
  }

  async account(): Promise<TrueAccount> {
    const { accounts } = await this.control<{ accounts: TrueAccount[] }>('GET', '/control/accounts');
    const [account] = accounts;
    if (account === undefined) throw new Error('the venue has no account');
    return account;
  }

  /** Whether no position, order or stop is open. */
  async isFlat(): Promise<boolean> {
    const { positions, open_orders, open_algo_orders } = await this.account();
    return positions.length + open_orders.length + open_algo_orders.length === 0;
  }

  /** All that ever happened on the account. */
  async ledger(): Promise<readonly LedgerEvent[]> {
    return (await this.control<{ entries: LedgerEvent[] }>('GET', '/control/ledger')).entries;
  }

  /** How often the venue took an order, by client id. */
  async ordersTaken(): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>();
    for (const event of await this.ledger()) {
      if (event.kind !== 'ORDER' || event.execution !== 'NEW') continue;
      const id = event.order.client_order_id;
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    return counts;
  }

  /** How many requests to a path the venue got. */
  async requestsTo(path: string): Promise<number> {
    const { paths } = await this.control<{ paths: Record<string, { requests: number }> }>('GET', '/control/requests');
    return paths[path]?.requests ?? 0;
  }

  async listed(): Promise<readonly ListedSymbol[]> {
    return JSON.parse(await (await fetch(`${this.exchange.url}/fapi/v1/exchangeInfo`)).text()).symbols;
  }

  /** Mark price; the last known one while the venue does not answer. */
  async price(symbol: string): Promise<number> {
    const url = `${this.exchange.url}/fapi/v1/premiumIndex?symbol=${symbol}`;
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok === true) this.#prices.set(symbol, Number(JSON.parse(await answer.text()).markPrice));
    const price = this.#prices.get(symbol);
    if (price === undefined) throw new Error(`the venue has not told a price of ${symbol} yet`);
    return price;
  }

  /** An order of another hand, without a key. */
  async trade(order: { side: string; quantity: string; reduce_only?: boolean }, symbol = 'BTCUSDT'): Promise<void> {
    await this.control('POST', '/control/actions', { action: 'order', symbol, ...order });
  }

  /** A signed request of another program with the same key. */
  async request<T>(method: string, path: string, parameters: Readonly<Record<string, string>>): Promise<T> {
    const query = new URLSearchParams({ ...parameters, timestamp: String(this.exchange.now()) }).toString();
    const signature = createHmac('sha256', TRADER_KEY.apiSecret).update(query).digest('hex');
    const url = `${this.exchange.url}${path}?${query}&signature=${signature}`;
    const answer = await fetch(url, { method, headers: { 'X-MBX-APIKEY': TRADER_KEY.apiKey } });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
    return JSON.parse(text);
  }
}
