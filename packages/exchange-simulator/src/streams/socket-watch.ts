import type { StreamLimits } from './stream-limits.ts';

export interface SocketWatchOptions {
  readonly limits: Pick<StreamLimits, 'pingEveryMs' | 'pongWithinMs' | 'lifetimeMs'>;
  /** Venue time without faults, epoch ms. */
  readonly nowMs: () => number;
  /** Epoch ms of the machine's clock: pongs come in real time, even if the venue's clock is stepped. */
  readonly machineMs: () => number;
  readonly ping: (payload: string) => void;
  /** Ends the connection with a close frame. */
  readonly close: (code: number, reason: string) => void;
}

/** Pings one client, and ends its connection if it is silent or too old. */
export class SocketWatch {
  readonly #options: SocketWatchOptions;
  readonly #openedMs: number;
  #pingedMs: number;
  /** Send time of the oldest unanswered ping. */
  #unansweredMs: number | undefined;

  constructor(options: SocketWatchOptions) {
    this.#options = options;
    [this.#openedMs, this.#pingedMs] = [options.nowMs(), options.machineMs()];
  }

  /** Does what is due. */
  look(): void {
    const { limits, nowMs, machineMs, close } = this.#options;
    const now = machineMs();
    if (nowMs() - this.#openedMs >= limits.lifetimeMs) close(1001, 'Connection is too old');
    else if (now - (this.#unansweredMs ?? now) >= limits.pongWithinMs) close(1008, 'Pong timeout');
    else if (now - this.#pingedMs >= limits.pingEveryMs) this.#ping(now);
  }

  onPong(): void {
    this.#unansweredMs = undefined;
  }

  #ping(nowMs: number): void {
    this.#pingedMs = nowMs;
    this.#unansweredMs ??= nowMs;
    this.#options.ping(String(nowMs));
  }
}
