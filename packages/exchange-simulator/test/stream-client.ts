import { eventually } from '@helios/shared/testing/eventually.ts';
import { WebSocket } from 'ws';
import { stopped } from './venue-client.ts';

/** A real WebSocket client that keeps all received texts. */
export class StreamClient {
  readonly socket: WebSocket;
  /** Received texts, oldest first. */
  readonly texts: string[] = [];
  readonly pings: string[] = [];
  readonly pongs: string[] = [];
  /** How the connection ended. */
  end: { readonly code: number; readonly reason: string } | undefined;

  constructor(url: string, options: { readonly autoPong?: boolean } = {}) {
    this.socket = new WebSocket(url, options);
    this.socket.on('message', (data) => this.texts.push(String(data)));
    this.socket.on('ping', (data) => this.pings.push(String(data)));
    this.socket.on('pong', (data) => this.pongs.push(String(data)));
    this.socket.on('error', () => {});
    this.socket.on('close', (code, reason) => {
      this.end = { code, reason: String(reason) };
    });
  }

  /** Texts parsed as JSON: events of combined streams, answers, or bare events. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  get messages(): any[] {
    return this.texts.map((text) => JSON.parse(text));
  }

  /** The events of one stream, oldest first. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  eventsOf(stream: string): any[] {
    return this.messages.filter((message) => message.stream === stream).map(({ data }) => data);
  }

  /** Sends a request; resolves with the answer under its id. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  async ask(method: string, params?: readonly unknown[], id = this.texts.length + 1): Promise<any> {
    this.socket.send(JSON.stringify(params === undefined ? { method, id } : { method, params, id }));
    return eventually(`an answer to ${method}`, () => this.messages.find((message) => message.id === id));
  }

  /** Resolves when everything that the venue sent before now has arrived. */
  async drained(): Promise<void> {
    const mark = `mark ${Math.random()}`;
    this.socket.ping(mark);
    await eventually('the pong', () => this.pongs.includes(mark));
  }

  async closed(): Promise<{ readonly code: number; readonly reason: string }> {
    return eventually('the end of the connection', () => this.end);
  }
}

/** A connected client; it is closed after the test. */
export async function connected(url: string, options: { readonly autoPong?: boolean } = {}): Promise<StreamClient> {
  const client = new StreamClient(url, options);
  stopped({ stop: async () => client.socket.terminate() });
  await eventually(`a connection to ${url}`, () => client.socket.readyState === WebSocket.OPEN);
  return client;
}
