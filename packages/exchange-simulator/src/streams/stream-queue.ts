import type { Exchange } from '../exchange.ts';
import type { Fault, StreamFault } from '../faults/fault.ts';
import type { ClientConnection } from './client-connection.ts';
import type { StreamEvent } from './feed.ts';
import { garble } from './garble.ts';
import { LateEvents } from './late-events.ts';

type UserEventFault = Extract<Fault, { fault: 'user-event' }>;
type Mute = Extract<StreamFault, { fault: 'stream-mute' }>;

/** Sends events to all listeners, subject to the faults. */
export class StreamQueue {
  readonly #exchange: Exchange;
  readonly #listenersOf: (stream: string) => Iterable<ClientConnection>;
  readonly #onSent: () => void;
  readonly #late = new LateEvents();
  /** User events that wait for the next one of their stream. */
  readonly #held = new Map<string, StreamEvent>();

  constructor(exchange: Exchange, listenersOf: (stream: string) => Iterable<ClientConnection>, onSent: () => void) {
    this.#exchange = exchange;
    this.#listenersOf = listenersOf;
    this.#onSent = onSent;
  }

  publish(event: StreamEvent): void {
    const { faults } = this.#exchange;
    if (faults.isEmpty && this.#held.size === 0) {
      const text = JSON.stringify(event.data);
      this.#post(event, 0, () => this.#send(event, text, undefined));
      return;
    }
    const fault = event.account === undefined ? undefined : this.#userFault(event);
    if (fault?.how === 'lost') return;
    if (fault?.how === 'reordered' && !this.#held.has(event.stream)) {
      this.#held.set(event.stream, event);
      return;
    }
    const met = faults.streams(this.#exchange.clock()).filter((fault) => concerns(fault, event));
    const use = <F extends StreamFault['fault']>(kind: F): Extract<StreamFault, { fault: F }> | undefined => {
      const found = met.find((fault): fault is Extract<StreamFault, { fault: F }> => fault.fault === kind);
      if (found !== undefined) faults.use(found);
      return found;
    };
    if (use('stream-gap') !== undefined) return;
    const data = use('stream-crossed') === undefined ? event.data : this.#crossed(event);
    const what = use('stream-garbage')?.what;
    const copies = use('stream-duplicate') === undefined && fault?.how !== 'duplicated' ? 1 : 2;
    const lateMs = use('stream-late')?.ms ?? (fault?.how === 'late' ? fault.ms : 0);
    const text = JSON.stringify(data);
    for (let copy = 0; copy < copies; copy += 1) this.#post(event, lateMs, () => this.#send(event, text, what));
    this.#release(event.stream);
  }

  /** Sends the event that a fault held back until after this one. */
  #release(stream: string): void {
    const held = this.#held.get(stream);
    if (held === undefined) return;
    this.#held.delete(stream);
    const text = JSON.stringify(held.data);
    this.#post(held, 0, () => this.#send(held, text, undefined));
  }

  #userFault({ symbol, account, data }: StreamEvent): UserEventFault | undefined {
    const kind = (data as Readonly<Record<string, unknown>>)['e'];
    return this.#exchange.faults.hit(
      'user-event',
      { symbol, account },
      this.#exchange.clock(),
      ({ event }) => event === undefined || event === kind,
    );
  }

  /** Sends the delayed events that are due. */
  drain(): void {
    this.#late.drain(this.#exchange.clock());
  }

  #post({ stream, atMs }: StreamEvent, lateMs: number, send: () => void): void {
    if (lateMs > 0 || this.#late.has(stream)) this.#late.add(stream, atMs + lateMs, send);
    else send();
  }

  #send(event: StreamEvent, text: string, what: 'text' | 'half' | 'huge' | undefined): void {
    const mutes = this.#exchange.faults
      .streams(this.#exchange.clock())
      .filter((fault): fault is Mute => fault.fault === 'stream-mute' && concerns(fault, event));
    for (const connection of this.#listenersOf(event.stream)) {
      const mute = mutes.find(({ route }) => route === undefined || route === connection.route);
      if (mute !== undefined) {
        this.#exchange.faults.use(mute);
        continue;
      }
      const wrapped = connection.wrapped(event.stream, text);
      connection.sendText(what === undefined ? wrapped : garble(what, wrapped));
      this.#onSent();
    }
  }

  /** The update with an added bid at the best ask. */
  #crossed({ symbol, data }: StreamEvent): StreamEvent['data'] {
    const ask = symbol === undefined ? undefined : this.#exchange.listed(symbol)?.market.book(1)?.asks[0];
    return ask === undefined || !isDepthUpdate(data) ? data : { ...data, b: [...data.b, ask] };
  }
}

/** True if a fault applies to this event. For a fault of connections, the caller must also check the route. */
function concerns(fault: StreamFault, { stream, symbol, data }: StreamEvent): boolean {
  if ('symbol' in fault && fault.symbol !== undefined && fault.symbol !== symbol) return false;
  if ('stream' in fault && fault.stream !== undefined && fault.stream !== stream) return false;
  const isAboutBooks = fault.fault === 'stream-gap' || fault.fault === 'stream-crossed';
  return !isAboutBooks || isDepthUpdate(data);
}

function isDepthUpdate(
  data: StreamEvent['data'],
): data is Readonly<Record<string, unknown>> & { readonly b: unknown[] } {
  return !Array.isArray(data) && (data as Readonly<Record<string, unknown>>)['e'] === 'depthUpdate';
}
