import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSerialQueue } from '@helios/shared/runtime/serial-queue.ts';

/** Takes over a connection that requests an upgrade. */
export type UpgradeListener = (request: IncomingMessage, transport: Duplex, head: Buffer) => void;

/** An HTTP server on this machine whose port can close and open again. */
export class SwitchableServer {
  readonly #server: Server;
  readonly #host: string;
  #port: number;
  #isOpen = false;
  /** Runs openings and closings one after another. */
  readonly #inTurn = createSerialQueue();
  /** Upgraded connections; the HTTP server no longer tracks them. */
  readonly #upgraded = new Set<Duplex>();

  private constructor(server: Server, host: string, port: number) {
    this.#server = server;
    this.#host = host;
    this.#port = port;
  }

  /** Listens on `port`; 0 takes any free one. Rejects with the system's error, such as EADDRINUSE. */
  static async start(
    listener: RequestListener,
    port: number,
    host: string,
    onUpgrade?: UpgradeListener,
  ): Promise<SwitchableServer> {
    const server = createServer({ keepAliveTimeout: 65_000 }, listener);
    const switchable = new SwitchableServer(server, host, port);
    if (onUpgrade !== undefined) switchable.#takeUpgrades(onUpgrade);
    await switchable.open();
    return switchable;
  }

  get port(): number {
    return this.#port;
  }

  /** Opens the port. Rejects with the system's error if it is taken. */
  open(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#isOpen) return;
      await new Promise<void>((resolve, reject) => {
        this.#server.once('error', reject);
        this.#server.listen(this.#port, this.#host, () => {
          this.#server.off('error', reject);
          resolve();
        });
      });
      this.#isOpen = true;
      this.#port = (this.#server.address() as AddressInfo).port;
    });
  }

  /** Closes the port and cuts every connection. */
  close(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#isOpen) return;
      this.#isOpen = false;
      const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
      this.#server.closeAllConnections();
      for (const transport of this.#upgraded) transport.destroy();
      await closed;
    });
  }

  #takeUpgrades(onUpgrade: UpgradeListener): void {
    this.#server.on('upgrade', (request, transport, head) => {
      this.#upgraded.add(transport);
      transport.once('close', () => this.#upgraded.delete(transport));
      onUpgrade(request, transport, head);
    });
  }
}
