/** The venue takes 200 names in one request; half of that leaves the text short. */
const MAX_NAMES = 100;
/** A name that the venue refused is not asked for again before, ms. */
const REFUSED_FOR_MS = 600_000;

export type SubscriptionPhase =
  /** Asked for; neither answered nor delivered yet. */
  | 'ASKED'
  | 'OPEN'
  /** Not wanted as it stands: to be unsubscribed with the next request. Its frames are dropped. */
  | 'UNWANTED'
  /** Unsubscribed; not answered yet. */
  | 'LEAVING'
  /** The venue said no to this very name. */
  | 'REFUSED';

/** One stream on one socket. Times are awake ms. */
export interface Subscription {
  readonly name: string;
  phase: SubscriptionPhase;
  /** Since when it is in this phase. */
  sinceMs: number;
  /** When it delivered last. */
  heardMs: number | undefined;
}

/** A message to the venue. */
export interface StreamRequest {
  readonly id: number;
  readonly method: 'SUBSCRIBE' | 'UNSUBSCRIBE';
  readonly names: readonly string[];
  readonly sentMs: number;
}

/** The streams on one socket: what has been asked for, answered and delivered, against what is wanted. Sends nothing itself. */
export class Subscriptions {
  readonly #wanted: ReadonlySet<string>;
  readonly #byName = new Map<string, Subscription>();
  readonly #pending = new Map<number, StreamRequest>();
  /** How many names may share a request with this one; fewer than usual after a refusal. */
  readonly #maxWith = new Map<string, number>();
  #lastId = 0;

  /** @param wanted looked at anew with each request */
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

  /** Everything wanted has been asked for and answered. */
  get isSettled(): boolean {
    if (this.#pending.size > 0) return false;
    return [...this.#wanted].every((name) => {
      const phase = this.#byName.get(name)?.phase;
      return phase === 'OPEN' || phase === 'REFUSED';
    });
  }

  /** The next request towards what is wanted; it counts as sent. Leaving comes first, so that the venue's limit is never met. */
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

  /** A request that waits for its answer for longer than `limitMs`. */
  overdue(nowMs: number, limitMs: number): StreamRequest | undefined {
    for (const request of this.#pending.values()) if (nowMs - request.sentMs >= limitMs) return request;
    return undefined;
  }

  /** The venue said yes to request `id`; returns the streams that deliver by that. */
  accepted(id: number, nowMs: number): string[] {
    const request = this.#taken(id);
    if (request?.method === 'UNSUBSCRIBE') this.#forget(request.names);
    if (request?.method !== 'SUBSCRIBE') return [];
    return request.names.filter((name) => this.open(name, nowMs));
  }

  /**
   * The venue said no to request `id`; returns the names that are to blame, if that is certain. One bad name spoils a whole request,
   * so the names are asked for again in halves until it stands alone.
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

  /** The stream `name` delivers. False where that was known, or is not wanted any more. */
  open(name: string, nowMs: number): boolean {
    const subscription = this.#byName.get(name);
    if (subscription?.phase !== 'ASKED') return false;
    subscription.phase = this.#wanted.has(name) ? 'OPEN' : 'UNWANTED';
    subscription.sinceMs = nowMs;
    return subscription.phase === 'OPEN';
  }

  /** These are to be unsubscribed; those of them that are wanted, or will be, are then subscribed anew. */
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
