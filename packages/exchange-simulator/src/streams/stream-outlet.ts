import type { StreamConnection } from './stream-connection.ts';
import type { StreamEvent } from './symbol-feed.ts';

/** Sends an event to everybody who listens. */
export class StreamOutlet {
  readonly #listenersOf: (stream: string) => Iterable<StreamConnection>;
  readonly #onSent: () => void;

  constructor(listenersOf: (stream: string) => Iterable<StreamConnection>, onSent: () => void) {
    this.#listenersOf = listenersOf;
    this.#onSent = onSent;
  }

  publish(event: StreamEvent): void {
    const text = JSON.stringify(event.data);
    for (const connection of this.#listenersOf(event.stream)) {
      connection.sendEvent(event.stream, text);
      this.#onSent();
    }
  }
}
