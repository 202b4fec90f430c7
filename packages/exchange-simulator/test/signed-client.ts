import { createHmac } from 'node:crypto';
import { type Got, get } from './venue-client.ts';

export interface TestKey {
  readonly apiKey: string;
  readonly apiSecret: string;
}

export type Parameters = Readonly<Record<string, string | number>>;

/** Sends a signed request as an account of a running venue. */
export class SignedClient {
  readonly #server: { readonly url: string };
  readonly #key: TestKey;
  readonly #now: () => number;

  constructor(server: { readonly url: string }, key: TestKey, now: () => number = Date.now) {
    this.#server = server;
    this.#key = key;
    this.#now = now;
  }

  call(method: string, path: string, parameters: Parameters = {}, init: RequestInit = {}): Promise<Got> {
    const given = Object.entries(parameters).map(([name, value]) => [name, String(value)] as [string, string]);
    const text = new URLSearchParams([...given, ['timestamp', String(this.#now())]]).toString();
    const signature = createHmac('sha256', this.#key.apiSecret).update(text).digest('hex');
    const headers = { 'X-MBX-APIKEY': this.#key.apiKey };
    return get(this.#server, `${path}?${text}&signature=${signature}`, { method, headers, ...init });
  }

  order(parameters: Parameters, init?: RequestInit): Promise<Got> {
    return this.call('POST', '/fapi/v1/order', { symbol: 'BTCUSDT', ...parameters }, init);
  }
}
