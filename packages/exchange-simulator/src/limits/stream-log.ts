/** Stream counts so far, and the present subscriptions. */
export interface StreamReport {
  /** Connections opened so far, open now, and refused so far. */
  readonly connections: number;
  readonly connections_open: number;
  readonly connections_refused: number;
  /** Messages from clients, including their pings and pongs. */
  readonly messages_received: number;
  readonly events_sent: number;
  /** Open connections by subscribed stream, served or not. */
  readonly streams: Readonly<Record<string, number>>;
}

/** Counts connections and messages of the streams, for tests of a client's budget. */
export class StreamLog {
  #connections = 0;
  #refused = 0;
  #messages = 0;
  #events = 0;

  onConnection(): void {
    this.#connections += 1;
  }

  onRefusal(): void {
    this.#refused += 1;
  }

  onMessage(): void {
    this.#messages += 1;
  }

  onEventSent(): void {
    this.#events += 1;
  }

  get eventsSent(): number {
    return this.#events;
  }

  clear(): void {
    [this.#connections, this.#refused, this.#messages, this.#events] = [0, 0, 0, 0];
  }

  /** @param asked the subscribed streams of each open connection */
  report(asked: readonly Iterable<string>[]): StreamReport {
    const streams = new Map<string, number>();
    for (const names of asked) for (const name of names) streams.set(name, (streams.get(name) ?? 0) + 1);
    return {
      connections: this.#connections,
      connections_open: asked.length,
      connections_refused: this.#refused,
      messages_received: this.#messages,
      events_sent: this.#events,
      // `fromEntries` makes own properties, even for a name such as “__proto__”.
      streams: Object.fromEntries(streams),
    };
  }
}
