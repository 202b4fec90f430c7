import { createServer, connect as dial, type Server, type Socket } from 'node:net';
import type { LinkFault } from './link-fault.ts';
import { ProxiedDirection } from './proxied-direction.ts';

/** Where connections go to. */
export interface ProxyTarget {
  readonly host: string;
  readonly port: number;
}

/** A TCP proxy on this machine that can behave like a bad network. */
export class TcpProxy {
  readonly #server: Server;
  readonly #target: ProxyTarget;
  readonly #pairs = new Map<readonly [Socket, Socket], readonly ProxiedDirection[]>();
  #fault: LinkFault | undefined;
  #met = 0;

  /** @param target every connection is carried to it */
  constructor(target: ProxyTarget) {
    this.#target = target;
    this.#server = createServer((client) => this.#join(client));
  }

  /** @param port 0 takes any free one */
  async listen(port = 0): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** How many connections or pieces of data the present fault has hit. */
  get met(): number {
    return this.#met;
  }

  /** Begins a fault, or ends the present one with undefined. */
  setFault(fault: LinkFault | undefined): void {
    const before = this.#fault;
    this.#fault = fault;
    if (fault !== undefined) this.#met = 0;
    const cuts = fault?.kind === 'CUT' || fault?.kind === 'CLOSED';
    if (cuts || before?.kind === 'HALF_OPEN') this.#reset(cuts);
    if (fault?.kind === 'CUT') this.#fault = undefined;
    for (const directions of this.#pairs.values()) for (const direction of directions) direction.onFault();
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#fault = undefined;
    this.#reset(false);
    await closed;
  }

  #join(client: Socket): void {
    if (this.#fault?.kind === 'CLOSED') {
      this.#met += 1;
      client.on('error', () => {});
      client.resetAndDestroy();
      return;
    }
    const upstream = dial(this.#target);
    const pair = [client, upstream] as const;
    this.#pairs.set(pair, [this.#carry(client, upstream), this.#carry(upstream, client)]);
    for (const socket of pair) {
      socket.setNoDelay(true);
      // The event close, which follows, says that there was an error.
      socket.on('error', () => {});
      socket.once('close', (hadError) => this.#end(pair, hadError));
    }
  }

  #carry(from: Socket, to: Socket): ProxiedDirection {
    const onMet = (): void => {
      this.#met += 1;
    };
    return new ProxiedDirection({ from, to, fault: () => this.#fault, onMet });
  }

  /** After an error both sides see a reset; else the other side ends when it has got the last bytes. */
  #end(pair: readonly [Socket, Socket], hadError: boolean): void {
    if (hadError) for (const socket of pair) socket.resetAndDestroy();
    if (pair.every(({ destroyed }) => destroyed)) this.#pairs.delete(pair);
  }

  #reset(isMet: boolean): void {
    for (const pair of this.#pairs.keys()) {
      if (isMet) this.#met += 1;
      this.#pairs.delete(pair);
      for (const socket of pair) socket.resetAndDestroy();
    }
  }
}
