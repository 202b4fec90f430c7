import { isEd25519 } from '../accounts/secret-key.ts';
import type { TradingAccount } from '../accounts/trading-account.ts';
import type { Exchange } from '../exchange.ts';
import { type Answer, ok, type Sent, type ServedEndpoint } from '../rest/endpoint.ts';
import { signedBy } from '../rest/signature.ts';
import { endpointOfMethod } from './ws-methods.ts';
import { hmacNotSupported, unknownMethod } from './ws-refusal.ts';
import { signedTextOf } from './ws-request.ts';

/** Who is logged on. */
interface Logon {
  readonly apiKey: string;
  readonly account: TradingAccount;
  readonly sinceMs: number;
}

const SESSION_METHODS: readonly string[] = ['session.logon', 'session.status', 'session.logout'];

/** The state of one connection to the WebSocket API. After a logon its requests need neither key nor signature. */
export class WsSession {
  readonly #exchange: Exchange;
  readonly #connectedMs: number;
  readonly #returnsRateLimits: boolean;
  #logon: Logon | undefined;

  constructor(exchange: Exchange, returnsRateLimits: boolean) {
    this.#exchange = exchange;
    this.#connectedMs = exchange.now();
    this.#returnsRateLimits = returnsRateLimits;
  }

  /** True if the answer to these parameters carries the rate limits. */
  returnsRateLimits(params: ReadonlyMap<string, string>): boolean {
    const asked = params.get('returnRateLimits');
    return asked === undefined ? this.#returnsRateLimits : asked === 'true';
  }

  /** What a request of this session carries besides its parameters. */
  sentOf(params: ReadonlyMap<string, string>): Sent {
    const signature = params.get('signature');
    const isAdHoc = params.has('apiKey') || signature !== undefined;
    return {
      signedText: `${signedTextOf(params)}${signature === undefined ? '' : `&signature=${signature}`}`,
      apiKey: params.get('apiKey'),
      loggedOn: isAdHoc ? undefined : this.#logon?.account,
    };
  }

  /** The endpoint of a method; those of the session itself change it. */
  endpointOf(method: string): ServedEndpoint {
    const known = endpointOfMethod(method);
    if (known !== undefined) return known;
    const answer = SESSION_METHODS.includes(method) ? this.#answerOf(method) : unknownMethod;
    return { method: 'GET', path: method, weight: () => 2, answer };
  }

  #answerOf(method: string): ServedEndpoint['answer'] {
    if (method === 'session.logon') return (query, _, sent) => this.#logOn(query, sent);
    if (method === 'session.logout') this.#logon = undefined;
    return () => this.#status();
  }

  #logOn(query: URLSearchParams, sent: Sent): Answer {
    const { apiKey = '' } = sent;
    const known = this.#exchange.trading.accounts.byKey(apiKey);
    if (known !== undefined && !isEd25519(known.secret)) return hmacNotSupported();
    const caller = signedBy(query, this.#exchange, { ...sent, loggedOn: undefined });
    if (caller.kind !== 'CALLER') return caller;
    this.#logon = { apiKey, account: caller.account, sinceMs: this.#exchange.now() };
    return this.#status();
  }

  #status(): Answer {
    return ok({
      apiKey: this.#logon?.apiKey ?? null,
      authorizedSince: this.#logon?.sinceMs ?? null,
      connectedSince: this.#connectedMs,
      returnRateLimits: this.#returnsRateLimits,
      serverTime: this.#exchange.now(),
    });
  }
}
