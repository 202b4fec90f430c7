/** Names per request. The venue accepts 200; half of that keeps the text short. */
const MAX_NAMES = 100;
/** Wait before a refused name is requested again, ms. */
const REFUSED_FOR_MS = 600_000;

export type SubscriptionPhase =
  /** Requested, without an answer or data yet. */
  | 'ASKED'
  | 'OPEN'
  /** To be unsubscribed with the next request. Its frames are dropped. */
  | 'UNWANTED'
  /** Unsubscribed, without an answer yet. */
  | 'LEAVING'
  /** The venue refused this name. */
  | 'REFUSED';

/** One stream on one socket. Times are awake ms. */
export interface Subscription {
  readonly name: string;
  phase: SubscriptionPhase;
  /** Start of this phase. */
  sinceMs: number;
  /** Time of its last data. */
  heardMs: number | undefined;
}

/** A subscription request to the venue. */
export interface StreamRequest {
  readonly id: number;
  readonly method: 'SUBSCRIBE' | 'UNSUBSCRIBE';
  readonly names: readonly string[];
  readonly sentMs: number;
}

/** Compares the streams of one socket (requested, answered, delivering) with the wanted ones. It only makes requests; the session sends them. */
export class Subscriptions {
  readonly #wanted: ReadonlySet<string>;
  readonly #byName = new Map<string, Subscription>();
  readonly #pending = new Map<number, StreamRequest>();
  /** Maximum names in a request with this name; fewer than usual after a refusal. */
  readonly #maxWith = new Map<string, number>();
  #lastId = 0;

  /** @param wanted read again for each request */
  constructor(wanted: ReadonlySet<string>) {
    this.#wanted = wanted;
  }

  get(name: string): Subscription | undefined {
    return this.#byName.get(name);
  }

  all(): Iterable<Subscription> {
    return this.#byName.values();
  }

  openNames(): string[] {
    return [...this.#byName.values()].filter(({ phase }) => phase === 'OPEN').map(({ name }) => name);
  }

  /** True if all wanted streams are open or refused, and no request is unanswered. */
  get isSettled(): boolean {
    if (this.#pending.size > 0) return false;
    return [...this.#wanted].every((name) => {
      const phase = this.#byName.get(name)?.phase;
      return phase === 'OPEN' || phase === 'REFUSED';
    });
  }

  /** The next request; it counts as sent. Unsubscriptions come first, so that the venue's limit is never exceeded. */
  nextRequest(nowMs: number): StreamRequest | undefined {
    const leaving = [...this.#byName.values()].filter(({ phase }) => phase === 'UNWANTED').map(({ name }) => name);
    if (leaving.length > 0) return this.#ask('UNSUBSCRIBE', leaving.slice(0, MAX_NAMES), nowMs);
    const missing = [...this.#wanted].filter((name) => this.#isMissing(name, nowMs));
    const [first] = missing;
    if (first === undefined) return undefined;
    const most = this.#maxNamesWith(first);
    const names = missing.filter((name) => this.#maxNamesWith(name) === most).slice(0, most);
    return this.#ask('SUBSCRIBE', names, nowMs);
  }

  /** A request without an answer for `limitMs`. */
  overdue(nowMs: number, limitMs: number): StreamRequest | undefined {
    for (const request of this.#pending.values()) if (nowMs - request.sentMs >= limitMs) return request;
    return undefined;
  }

  /** Call when the venue accepted request `id`; returns the streams that are open now. */
  accepted(id: number, nowMs: number): string[] {
    const request = this.#taken(id);
    if (request?.method === 'UNSUBSCRIBE') this.#forget(request.names);
    if (request?.method !== 'SUBSCRIBE') return [];
    return request.names.filter((name) => this.open(name, nowMs));
  }

  /**
   * Call when the venue refused request `id`; returns the refused name if it is certain. One bad name makes the venue refuse the whole
   * request, so the names are requested again in halves until the bad one is alone.
   */
  refused(id: number, nowMs: number): readonly string[] {
    const request = this.#taken(id);
    if (request === undefined) return [];
    this.#forget(request.names);
    if (request.method === 'UNSUBSCRIBE') return [];
    const [name] = request.names;
    if (request.names.length > 1 || name === undefined) {
      const half = Math.ceil(request.names.length / 2);
      for (const each of request.names) this.#maxWith.set(each, half);
      return [];
    }
    this.#byName.set(name, { name, phase: 'REFUSED', sinceMs: nowMs, heardMs: undefined });
    return [name];
  }

  /** Marks a requested stream as delivering. False if it was open already, or is no longer wanted. */
  open(name: string, nowMs: number): boolean {
    const subscription = this.#byName.get(name);
    if (subscription?.phase !== 'ASKED') return false;
    subscription.phase = this.#wanted.has(name) ? 'OPEN' : 'UNWANTED';
    subscription.sinceMs = nowMs;
    return subscription.phase === 'OPEN';
  }

  /** Marks streams for unsubscription; wanted ones are subscribed again afterwards. */
  drop(names: Iterable<string>): void {
    for (const name of names) {
      const subscription = this.#byName.get(name);
      if (subscription?.phase === 'OPEN') subscription.phase = 'UNWANTED';
      if (subscription?.phase === 'REFUSED') this.#byName.delete(name);
      this.#maxWith.delete(name);
    }
  }

  #isMissing(name: string, nowMs: number): boolean {
    const subscription = this.#byName.get(name);
    if (subscription === undefined) return true;
    return subscription.phase === 'REFUSED' && nowMs - subscription.sinceMs >= REFUSED_FOR_MS;
  }

  #maxNamesWith(name: string): number {
    return this.#maxWith.get(name) ?? MAX_NAMES;
  }

  #ask(method: StreamRequest['method'], names: readonly string[], nowMs: number): StreamRequest {
    this.#lastId += 1;
    const request = { id: this.#lastId, method, names, sentMs: nowMs };
    const phase = method === 'SUBSCRIBE' ? 'ASKED' : 'LEAVING';
    for (const name of names) this.#byName.set(name, { name, phase, sinceMs: nowMs, heardMs: undefined });
    this.#pending.set(request.id, request);
    return request;
  }

  #taken(id: number): StreamRequest | undefined {
    const request = this.#pending.get(id);
    this.#pending.delete(id);
    return request;
  }

  #forget(names: readonly string[]): void {
    for (const name of names) this.#byName.delete(name);
  }
}
