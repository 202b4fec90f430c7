import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server on this machine whose port can be closed and opened again. */
export class SwitchableServer {
  readonly #server: Server;
  #port: number;
  #isOpen = false;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.#port = port;
  }

  /** Listens on `port`, any free one where it is 0. Rejects with the system's error, such as EADDRINUSE. */
  static async start(listener: RequestListener, port: number, host: string): Promise<SwitchableServer> {
    const server = createServer({ keepAliveTimeout: 65_000 }, listener);
    const switchable = new SwitchableServer(server, port);
    await switchable.open(host);
    return switchable;
  }

  get port(): number {
    return this.#port;
  }

  async open(host = '127.0.0.1'): Promise<void> {
    if (this.#isOpen) return;
    this.#isOpen = true;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#port, host, () => {
        this.#server.off('error', reject);
        resolve();
      });
    });
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Closes the port and cuts every connection. */
  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }
}
